"""A group is greeted once, whatever brings the greeting."""

from datetime import UTC, datetime, timedelta

from bot.greetings import JUST_NOW, Greetings

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def test_a_chat_is_greeted_once_within_a_minute() -> None:
    greetings = Greetings()
    claimed = [greetings.claim(-1, now=NOW), greetings.claim(-2, now=NOW)]
    again = [greetings.claim(-1, now=NOW + JUST_NOW / 2), greetings.claim(-1, now=NOW + JUST_NOW)]
    assert (claimed, again) == ([True, True], [False, True])


def test_a_clock_that_is_put_back_silences_nobody_for_long() -> None:
    greetings = Greetings()
    assert greetings.claim(-1, now=NOW)
    assert greetings.claim(-1, now=NOW - timedelta(days=365))


def test_chats_without_number_are_not_all_remembered() -> None:
    greetings = Greetings()
    for chat in range(3000):
        assert greetings.claim(-1 - chat, now=NOW)
    assert greetings.claim(-1, now=NOW)
