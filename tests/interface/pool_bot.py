"""One bot that knows when the pool reopens, for all tests of a module; each brings its people."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.views.render import render_with_buttons
from knowledge.store import open_store
from knowledge.text.segmentation import segment
from knowledge.types import ArticleDraft
from tests.answers import POOL_OPENS, POOL_TEXT, POOL_URL, article, cite, extract
from tests.interface.comparing import Seen, shown
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import ChatHandle, GroupHandle, Message, TelegramServer, UserHandle

QUESTION = "Quand rouvre la piscine ?"
POOL = article(title="La piscine de Valmorin rouvre", outlet=None, published=None)
ANSWER = extract(cite(POOL, POOL_OPENS, "le 3 mars 2026"))
[RENDERED] = (packed.message for packed in render_with_buttons(ANSWER))
ME = "@sourcier_test_bot"


@pytest.fixture(name="server", scope="module")
def fixture_server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running


@pytest.fixture(name="knowledge", scope="module")
def fixture_knowledge() -> ScriptedKnowledge:
    return ScriptedKnowledge()


@pytest.fixture(name="bot", scope="module")
def fixture_bot(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningBot]:
    """One bot for all tests of the module; each brings people of its own."""
    folder = tmp_path_factory.mktemp("bot")
    with closing(open_store(folder / "sourcier.sqlite3")) as store:
        draft = ArticleDraft(POOL_URL, "La piscine de Valmorin rouvre", POOL_TEXT, url=POOL_URL)
        pool = store.save(draft, segment(POOL_TEXT), now=datetime(2026, 2, 14, tzinfo=UTC)).article
    knowledge.answers(QUESTION, extract(cite(pool, POOL_OPENS, "le 3 mars 2026")))
    with RunningBot(server, knowledge, folder) as running:
        yield running


@pytest.fixture(name="alice")
def fixture_alice(
    server: TelegramServer, bot: RunningBot, knowledge: ScriptedKnowledge
) -> Iterator[UserHandle]:
    knowledge.asked.clear()
    yield server.user("Alice")
    assert server.refusals == []


@pytest.fixture(name="bob")
def fixture_bob(server: TelegramServer) -> UserHandle:
    return server.user("Bob", hides_forwards=True)


@pytest.fixture(name="group")
def fixture_group(server: TelegramServer, alice: UserHandle, bob: UserHandle) -> GroupHandle:
    """A group where the bot reads everything, being an administrator since long ago."""
    group = server.group("Un groupe")
    group.add(alice, bob)
    group.seat_bot("administrator")
    return group


def replies(chat: ChatHandle, to: Message) -> Seen:
    """Return the one message that answers another."""
    [reply] = chat.wait_for_messages(quiet=0.1)
    assert reply.reply_to is to
    return shown(reply)
