"""What the tests of the buttons share: an article, and how to ask, press and look."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from knowledge.store.articles import SqlArticleStore
from knowledge.text.segmentation import segment
from knowledge.types import Article, ArticleDraft
from tests.answers import POOL_URL
from tests.telegram_server import CallbackQuery, Message, TelegramServer, UserHandle

ASKED = "Quand la piscine rouvre-t-elle ?"
OPENS = "La piscine de Valmorin rouvrira le 3 mars 2026."
COST = "Le chantier a coûté 1,5 million d’euros."
LAST = "Une visite est prévue samedi."
TEXT = f"Les nageurs attendaient. {OPENS} Le maire l’a annoncé jeudi.\n\n{COST} {LAST}"
SOURCE = "La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026"
VOTES = [
    {"text": "👍", "callback_data": "vote:+"},
    {"text": "👎", "callback_data": "vote:-"},
]


class Clock:
    """A time that a test moves on."""

    def __init__(self) -> None:
        self.time = datetime(2026, 8, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def save(store: SqlArticleStore, text: str) -> Article:
    draft = ArticleDraft(
        POOL_URL,
        "La piscine de Valmorin rouvre",
        text,
        url=POOL_URL,
        outlet="La Gazette de la Serne",
        published=datetime(2026, 2, 14, 9, 30, tzinfo=UTC),
    )
    return store.save(draft, segment(text), now=datetime(2026, 2, 14, 10, tzinfo=UTC)).article


def answered(user: UserHandle, question: str = ASKED) -> Message:
    user.say(question)
    return user.private_chat().wait_for_messages()[-1]


def toast(user: UserHandle, query: CallbackQuery) -> str:
    text = user.wait_for_answer(query)["text"]
    assert isinstance(text, str)
    return text


def forged(server: TelegramServer, user: UserHandle, message: Message, data: str) -> CallbackQuery:
    """Press a button that the message does not have, as a client of one's own may."""
    query = server.state.add_callback_query(user.user, message, data)
    server.state.updates.add("callback_query", query.json())
    return query


def entities(message: Message) -> list[tuple[str, str, str | None]]:
    return [(each["type"], message.covered(each), each.get("url")) for each in message.entities]


def rows(store: SqlArticleStore, table: Any) -> list[dict[str, Any]]:
    with store.database.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def in_group(server: TelegramServer, count: int, **options: Any) -> tuple[Any, list[UserHandle]]:
    group = server.group("Un groupe", **options)
    people = [server.user(f"Personne {number}") for number in range(count)]
    group.add(*people)
    group.seat_bot("member")
    return group, people


def asked_in(group: Any, user: UserHandle, **options: Any) -> Message:
    user.say(f"/question {ASKED}", chat=group, **options)
    message = group.wait_for_messages()[-1]
    assert isinstance(message, Message)
    return message
