"""What ``/resume`` means: pure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from telegram import Chat, Message, MessageEntity, User

from bot.addressing import Addressed, Kind
from bot.links import links_of
from bot.summary_request import (
    ArticleAsked,
    BadSubjectsError,
    NewsAsked,
    Period,
    SubjectsAsked,
    digest_requests,
    summary_asked,
    window_of,
)
from knowledge.digest.types import Subjects, Window, WindowBasis

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 30, 6, tzinfo=UTC)  # the day after summer time began


def message(
    text: str = "", *entities: MessageEntity, caption: str = "", **values: object
) -> Message:
    return Message(
        1,
        NOW,
        Chat(1, Chat.PRIVATE),
        from_user=User(1, "Alice", is_bot=False),
        text=text or None,
        entities=entities if text else (),
        caption=caption or None,
        caption_entities=entities if caption else (),
        **values,  # type: ignore[arg-type]  # fields by name
    )


def asked(text: str, to: Message | None = None) -> object:
    said = Addressed(Kind.COMMAND, text, "resume")
    return summary_asked(message(f"/resume {text}", reply_to_message=to), said)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("", Period.LATEST),
        ("aujourdhui", Period.TODAY),
        ("Aujourd’hui !", Period.TODAY),
        ("HIER", Period.YESTERDAY),
        ("cette semaine", Period.WEEK),
    ],
)
def test_periods_are_read_kindly(text: str, period: Period) -> None:
    assert asked(text) == NewsAsked(period)


def test_days_are_those_of_the_zone_across_daylight_saving() -> None:
    assert window_of(Period.YESTERDAY, now=NOW, zone=PARIS) == Window(
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
        WindowBasis.PUBLICATION,
    )
    midnight = datetime(2026, 3, 29, 22, tzinfo=UTC)
    today = window_of(Period.TODAY, now=midnight, zone=PARIS)
    assert (today.since, today.until > midnight) == (midnight, True)


def test_subjects_are_looked_for_as_they_are_then_word_by_word() -> None:
    found = asked("prix de l’eau, école ; sauf football")
    assert found == SubjectsAsked(
        "prix de l’eau, école",
        Subjects(("prix de l’eau", "école"), ("football",)),
        Subjects(("prix", "l’eau", "école"), ("football",)),
    )
    assert isinstance(found, SubjectsAsked)
    assert len(digest_requests(found, now=NOW, zone=PARIS)) == 2
    assert asked("école") == SubjectsAsked("école", Subjects(("école",)))
    assert asked("école sauf football") == SubjectsAsked(
        "école", Subjects(("école",), ("football",))
    )
    alone = Subjects(("médecins sans frontières",)), Subjects(("médecins", "frontières"))
    assert asked("médecins sans frontières") == SubjectsAsked("médecins sans frontières", *alone)
    with pytest.raises(BadSubjectsError):
        asked("a" * 100)


def test_signs_alone_ask_for_no_subject() -> None:
    assert asked("?") == asked("👍, …") == asked("sauf …") == NewsAsked(Period.LATEST)
    assert asked("@, école") == SubjectsAsked("école", Subjects(("école",)))


def test_words_to_avoid_are_read_as_in_a_subscription() -> None:
    avoided = SubjectsAsked("école", Subjects(("école",), ("football", "météo")))
    assert asked("école, -football, pas de météo") == avoided


def test_links_are_found_in_texts_behind_words_and_in_captions() -> None:
    text = "👍 voir exemple.fr et exemple.fr/a puis ici"
    start = len("👍 voir ".encode("utf-16-le")) // 2
    entities = (
        MessageEntity(MessageEntity.URL, start, 10),
        MessageEntity(MessageEntity.URL, start + 14, 12),
        MessageEntity(MessageEntity.TEXT_LINK, start + 32, 3, url="http://b.test/x"),
    )
    links = ("https://exemple.fr/a", "http://b.test/x")
    assert links_of(message(text, *entities)) == links
    assert links_of(message("", *entities, caption=text)) == links
    assert asked("", to=message(text, *entities)) == ArticleAsked(links)
    assert asked("", to=message("rien")) is None
