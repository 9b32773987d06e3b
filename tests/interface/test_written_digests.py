"""Digests that a real model writes, from llama.cpp through the outbox to their subscribers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import texts
from bot.conversations import Place
from bot.digests.subscriptions import Preferences
from bot.store.subscriptions import SubscriptionStore
from knowledge.bootstrap import open_knowledge
from knowledge.digest.types import DigestStyle
from knowledge.model.grammar import ABSTENTION
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.store import open_database
from tests.interface.comparing import shown
from tests.interface.paced_model import writing
from tests.interface.running_bot import RunningBot
from tests.news import NOW, POOL, draft, save
from tests.telegram_server import ChatHandle, TelegramServer

VOTED = "Le conseil municipal de Valmorin a voté la reconstruction de la piscine."
WRONG_COST = "Le chantier coûtera 19 millions d’euros."
NEWS, COST = (f"{sentence}." for sentence in POOL.split(". ")[0:3:2])
HEADING = "Les nouvelles du dimanche 3 mai à 7\u00a0h au lundi 4 mai 2026 à 7\u00a0h\u00a058"
SOURCE = "Valmorin vote la reconstruction de la piscine des Tanneurs, La Gazette, 4 mai 2026"


@pytest.fixture(name="base")
def fixture_base(tmp_path: Path) -> Iterator[Knowledge]:
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=tmp_path)
    with closing(open_knowledge(settings)) as opened:
        save(opened.store, draft(), now=NOW - timedelta(hours=2))
        yield opened


def subscriber(server: TelegramServer, folder: Path, style: DigestStyle) -> ChatHandle:
    """Return the chat of somebody who subscribed an hour ago, for 8 o’clock."""
    chat = server.user("Lectrice").private_chat()
    chat.chat.started = True
    with closing(open_database(folder / "sourcier.sqlite3")) as database:
        SubscriptionStore(database).create(
            Place(chat.id), Preferences(style=style), created_by=None, now=NOW - timedelta(hours=1)
        )
    return chat


def from_eight() -> Callable[[], datetime]:
    """Return a clock at which the digest has just become due."""
    began = time.monotonic()
    return lambda: NOW + timedelta(seconds=1 + time.monotonic() - began)


def test_a_synthesis_arrives_with_what_is_borne_out_and_every_quotation_exact(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    written = subscriber(server, tmp_path, DigestStyle.SYNTHESIS)
    brief = subscriber(server, tmp_path, DigestStyle.BRIEFS)
    with (
        writing(base, tmp_path, f"{VOTED} [1]", f"{WRONG_COST} [3]") as (knowledge, model),
        RunningBot(server, knowledge, tmp_path, now=from_eight()),
    ):
        model.let_end(2)
        [synthesis] = written.wait_for_messages()
        [quoted] = brief.wait_for_messages()
    assert synthesis.text == (
        f"{HEADING}\n\n{VOTED}\u00a0[1]\n\n{NEWS}\n[1]\u00a0{SOURCE}\n\n{COST}\n[2]\u00a0{SOURCE}"
        f"\n\n{texts.MODEL_WROTE}"
    )
    assert [(entity["type"], synthesis.covered(entity)) for entity in synthesis.entities] == [
        ("bold", HEADING),
        ("blockquote", NEWS),
        ("text_link", SOURCE.partition(",")[0]),
        ("blockquote", COST),
        ("text_link", SOURCE.partition(",")[0]),
        ("italic", texts.MODEL_WROTE),
    ]
    assert quoted.text == f"{HEADING}\n\n{NEWS}\n— {SOURCE}"
    assert not any(WRONG_COST in sent for call in server.calls for sent in call.params.values())
    assert server.refusals == []


@pytest.mark.parametrize(
    "lines", [(f"{WRONG_COST} [3]", "La piscine ne sera pas rebâtie. [1]"), (ABSTENTION,)]
)
def test_a_synthesis_of_which_nothing_is_borne_out_is_what_brief_news_are(
    lines: tuple[str, ...], server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    written = subscriber(server, tmp_path, DigestStyle.SYNTHESIS)
    brief = subscriber(server, tmp_path, DigestStyle.BRIEFS)
    with (
        writing(base, tmp_path, *lines) as (knowledge, model),
        RunningBot(server, knowledge, tmp_path, now=from_eight()),
    ):
        model.let_end(len(lines))
        [synthesis] = written.wait_for_messages()
        [quoted] = brief.wait_for_messages()
    assert shown(synthesis) == shown(quoted)
    assert synthesis.entity_texts("blockquote") == [NEWS]
    assert synthesis.text == f"{HEADING}\n\n{NEWS}\n— {SOURCE}"
    assert server.refusals == []
