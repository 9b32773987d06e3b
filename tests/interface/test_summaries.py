"""``/resume`` through the strict server on a real base: whole messages, ledger, refusals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import texts as common
from bot.shown import ShownKind
from bot.texts import summaries as texts
from bot.views.wording import spelled
from knowledge.bootstrap import open_knowledge
from knowledge.errors import FetchError
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.types import ArticleId, RawDocument, article_id
from tests.interface.running_bot import RunningBot
from tests.news import POOL, TRAIN, draft
from tests.telegram_server import Message, TelegramServer, UserHandle
from tests.waiting import PATIENCE

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)  # Monday, 8 in the morning in Paris
POOL_URL = "https://exemple.test/piscine"
TRAIN_URL = "https://exemple.test/train"
POOL_TITLE = "Valmorin vote la reconstruction de la piscine des Tanneurs"
POOL_NEWS = POOL.partition(" Il a fallu")[0]
TRAIN_NEWS = TRAIN.partition(" Le trajet")[0]
POOL_LINE = f"— {POOL_TITLE}, La Gazette, 4 mai 2026"
TRAIN_LINE = "— La ligne de Port-Lannec rouvrira, Le Phare, 30 avril 2026"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    settings = load_settings(
        KnowledgeSettings, env_file=None, data_dir=tmp_path_factory.mktemp("base"), model=None
    )
    with closing(open_knowledge(settings)) as knowledge:
        knowledge.ingest(
            [
                draft(origin=POOL_URL, published=NOW - timedelta(hours=2)),
                draft(
                    TRAIN,
                    "La ligne de Port-Lannec rouvrira",
                    outlet="Le Phare",
                    published=NOW - timedelta(days=4),
                    origin=TRAIN_URL,
                ),
            ]
        )
        yield knowledge


def running(server: TelegramServer, base: Knowledge, folder: Path, **values: Any) -> RunningBot:
    """The bot on the base that the tests share, its other files its own."""
    address = f"sqlite:///{base.store.database.engine.url.database}"
    return RunningBot(server, base, folder, now=lambda: NOW, database_url=address, **values)


@pytest.fixture
def bot(server: TelegramServer, base: Knowledge, tmp_path: Path) -> Iterator[RunningBot]:
    with running(server, base, tmp_path) as bot:
        yield bot


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


def told(user: UserHandle, text: str, **values: Any) -> Message:
    said = user.say(text, **values)
    [answer] = user.private_chat().wait_for_messages()
    assert answer.reply_to == said
    return answer


def quoted(message: Message) -> list[str]:
    """The texts of the quotations, folded or not."""
    return message.entity_texts("blockquote") + message.entity_texts("expandable_blockquote")


def noted(bot: RunningBot, message: Message, quotes: list[str], seconds: float = PATIENCE) -> bool:
    """Whether the ledger says, at once or soon, that the message shows just those quotations."""
    services, end = bot.application.services, time.monotonic() + seconds
    while time.monotonic() < end:
        shown = services.shown.message(message.chat.id, message.message_id)
        if shown is not None and shown.kind is ShownKind.ANSWER:
            articles = [services.articles.article(c.article_id, c.version) for c in shown.citations]
            found = [
                citation.span.of(article.text)
                for citation, article in zip(shown.citations, articles, strict=True)
                if article is not None
            ]
            if found == quotes:
                return True
        time.sleep(0.02)
    return False


def test_without_argument_the_last_day_is_told_and_remembered(
    alice: UserHandle, bot: RunningBot
) -> None:
    answer = told(alice, "/resume")
    assert answer.text == (
        "Les nouvelles du dimanche 3 mai à 8\u00a0h au lundi 4 mai 2026 à 8\u00a0h\n\n"
        f"{POOL_NEWS}\n{POOL_LINE}"
    )
    assert noted(bot, answer, [POOL_NEWS])


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ("aujourdhui", "Les nouvelles du lundi 4 mai 2026, de 0\u00a0h à 8\u00a0h"),
        ("Aujourd’hui", "Les nouvelles du lundi 4 mai 2026, de 0\u00a0h à 8\u00a0h"),
        (
            "semaine",
            "Les nouvelles du lundi 27 avril à 8\u00a0h au lundi 4 mai 2026 à 8\u00a0h",
        ),
    ],
)
def test_a_period_is_told_under_its_days(
    alice: UserHandle, bot: RunningBot, asked: str, heading: str
) -> None:
    answer = told(alice, f"/resume {asked}")
    assert answer.text.split("\n\n")[0] == heading
    news = [POOL_NEWS, TRAIN_NEWS] if asked == "semaine" else [POOL_NEWS]
    assert quoted(answer) == news


def test_nothing_found_names_the_date_of_the_newest_article(
    alice: UserHandle, bot: RunningBot
) -> None:
    newest = common.NEWEST.format("4 mai 2026")
    assert told(alice, "/resume hier").text == ("Rien de nouveau le dimanche 3 mai 2026. " + newest)
    assert told(alice, "/resume football").text == (
        texts.NOTHING_ABOUT.format(words="football") + " " + newest
    )
    assert told(alice, "/resume " + ", ".join(map(str, range(40)))).text == texts.TOO_LONG


def test_words_are_found_by_their_stems_together_or_else_apart(
    alice: UserHandle, bot: RunningBot
) -> None:
    week = "les nouvelles du lundi 27 avril à 8\u00a0h au lundi 4 mai 2026 à 8\u00a0h"
    about = told(alice, "/resume reconstructions, football")
    assert about.text == (
        f"«\u00a0reconstructions, football\u00a0»\u00a0: {week}\n\n{POOL_NEWS}\n{POOL_LINE}"
    )
    loose = told(alice, "/resume le trajet des trains")
    assert loose.text == (
        f"Un de ces mots, «\u00a0le trajet des trains\u00a0»\u00a0: {week}\n\n"
        f"{TRAIN_NEWS}\n{TRAIN_LINE}"
    )
    assert quoted(told(alice, "/resume piscine, trajet, sauf opposition")) == [TRAIN_NEWS]


def test_an_article_is_told_in_its_most_telling_sentences(
    alice: UserHandle, bot: RunningBot
) -> None:
    answer = told(alice, f"/resume {POOL_URL}?utm_source=x")
    sentences = quoted(answer)
    assert 3 <= len(sentences) <= 5
    places = [POOL.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert POOL_NEWS in sentences
    blocks = answer.text.split("\n\n")
    assert blocks[0] == (
        f"L’article en {spelled(len(sentences))} phrases\n{POOL_TITLE}, La Gazette, 4 mai 2026"
    )
    assert [block.split("\n")[0] for block in blocks[1:]] == sentences
    assert {block.split("\n")[1].partition(" (")[0] for block in blocks[1:]} == {"— dans l’article"}
    links = [each["url"] for each in answer.entities if each["type"] == "text_link"]
    assert links[0] == POOL_URL
    assert all(link.startswith(f"{POOL_URL}#:~:text=") for link in links[1:])
    assert noted(bot, answer, sentences)


def test_in_answer_to_a_message_of_a_group_its_link_is_summarised(
    server: TelegramServer, alice: UserHandle, bot: RunningBot
) -> None:
    group = server.group("La rédaction")
    group.add(alice)
    group.seat_bot()
    linked = alice.say(f"Vous avez vu ? {TRAIN_URL}/", chat=group)
    unlinked = alice.say("Vous avez vu ?", chat=group)
    alice.say("/resume", chat=group, reply_to=linked)
    [answer] = group.wait_for_messages()
    assert TRAIN_NEWS in quoted(answer)
    alice.say("/resume", chat=group, reply_to=unlinked)
    assert group.wait_for_messages()[-1].text == texts.NO_LINK


def test_what_is_not_in_the_base_is_said_to_be_so(alice: UserHandle, bot: RunningBot) -> None:
    assert told(alice, "/resume https://ailleurs.test/a").text == texts.NOT_IN_BASE


def test_a_post_of_a_channel_is_no_command(
    server: TelegramServer, alice: UserHandle, bot: RunningBot
) -> None:
    channel = server.group("Info Ville", kind="channel")
    channel.add(alice, status="administrator")
    channel.seat_bot()
    alice.say("/resume", chat=channel)
    server.wait_until_confirmed()
    assert told(alice, "/resume hier").text.startswith("Rien de nouveau")
    assert len(channel.messages) == 1


def test_a_summary_costs_an_answer(
    server: TelegramServer, alice: UserHandle, base: Knowledge, tmp_path: Path
) -> None:
    with running(server, base, tmp_path, questions_per_minute=1):
        assert told(alice, "/resume hier").text.startswith("Rien de nouveau")
        assert "question" in told(alice, "/resume hier").text


def test_an_administrator_has_an_unknown_article_fetched_and_added(
    server: TelegramServer, alice: UserHandle, base: Knowledge, tmp_path: Path
) -> None:
    halle = (
        "La halle de Morteval a rouvert samedi 2 mai après deux ans de travaux. Le chantier a "
        "coûté 840 000 euros. Douze commerçants y tiennent un étal."
    )
    url = "https://exemple.test/halle"

    def fetch(address: str) -> RawDocument:
        return RawDocument(f"La halle rouvre\n\n{halle}".encode(), address, filename="a.txt")

    fed = replace(base, fetch=fetch)
    with running(server, fed, tmp_path, administrators=frozenset({alice.id})):
        answer = told(alice, f"/resume {url}")
        assert answer.text.startswith("L’article en ")
        assert "La halle de Morteval a rouvert samedi 2 mai" in answer.text
    identifier: ArticleId = article_id(url)
    assert base.library.article(identifier) is not None
    base.library.remove(identifier, now=NOW)


def test_an_administrator_is_told_why_an_article_cannot_be_fetched(
    server: TelegramServer,
    alice: UserHandle,
    base: Knowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fetch(address: str) -> RawDocument:
        raise FetchError("Cette page n'existe pas.", subject=address)

    fed = replace(base, fetch=fetch)
    with running(server, fed, tmp_path, administrators=frozenset({alice.id})):
        answer = told(alice, "/resume https://exemple.test/absente")
    assert (answer.text, answer.entities) == (
        "Rien n’a été ajouté. Cette page n’existe pas.",
        (),
    )
    assert "Erreur n°" not in caplog.text
