"""Which web addresses a message holds, in which order, each once."""

from __future__ import annotations

from datetime import UTC, datetime

from telegram import Chat, Message, MessageEntity

from bot.links import links_of

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def said(*words: str | tuple[str, str]) -> Message:
    """Return a message of words, each an address; a pair is words with an address behind them."""
    text, entities = "", []
    for word in words:
        shown, address = (word, None) if isinstance(word, str) else word
        kind = MessageEntity.TEXT_LINK if address else MessageEntity.URL
        entities.append(MessageEntity(kind, len(text), len(shown), url=address))
        text += f"{shown} "
    return Message(1, NOON, Chat(7, "private"), text=text, entities=entities[::-1])


def test_addresses_come_in_the_order_of_the_text_each_once() -> None:
    message = said("a.test/1", ("ici", "http://b.test/2"), "https://a.test/1", "HTTP://c.test/3")
    assert links_of(message) == ("https://a.test/1", "http://b.test/2", "HTTP://c.test/3")


def test_what_is_no_web_address_is_left_out() -> None:
    assert links_of(said("a.test", ("moi", "tg://user/1"), "ftp://a.test/1")) == ()


def test_twenty_addresses_are_taken_and_no_more() -> None:
    many = said(*(f"a.test/{number}" for number in range(30)))
    assert links_of(many) == tuple(f"https://a.test/{number}" for number in range(20))
