"""``sourcier run``: the bot if a token is configured, otherwise a conversation in the terminal.

On the first start of a data folder the shipped articles are loaded, so that there is something to
ask about; a base that already holds articles is left alone.
"""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bot.terminal.chat import converse, show_examples
from bot.terminal.configuration import configured
from bot.terminal.console import interactive, say
from bot.terminal.ingest import ingest_aloud
from bot.terminal.marks import remember, remembered
from bot.terminal.models import offer_recommended_model
from bot.terminal.opening import opened
from knowledge.demo import demo_documents
from knowledge.service import Knowledge

_LOADED_MARK = "articles-fournis"  # in the data folder
_BEGUN, _DONE = "en cours", "fait"


def run() -> int:
    """Start what is configured; return the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    settings = configured()
    talks_here = settings.telegram_token is None and interactive()
    if talks_here:
        settings = offer_recommended_model(settings)
    with opened(settings) as knowledge:
        load_demo_once(knowledge, settings.data_dir / _LOADED_MARK)
        if settings.telegram_token is not None:
            from bot.application import run_bot

            return run_bot(settings, knowledge)
        say("Aucun jeton Telegram (SOURCIER_TELEGRAM_TOKEN) : conversation dans le terminal.")
        if talks_here:
            return converse(knowledge, settings)
        return show_examples(knowledge, settings)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    """Leave in order, closing the base: asked to stop before the bot listens is no failure."""
    raise SystemExit(0)


def load_demo_once(knowledge: Knowledge, mark: Path) -> None:
    """Load the shipped articles on the first start, unless the base has articles of its own.

    The mark is written before and completed after, so that a start killed midway is finished by
    the next one; loading twice stores nothing twice.
    """
    state = remembered(mark)
    if state == _DONE or (state is None and knowledge.summary().articles):
        return
    remember(mark, _BEGUN)
    documents = tuple(demo_documents())
    articles = len({document.filename for document in documents})  # without their corrections
    say(f"Premier démarrage : chargement de {articles} articles fournis…")
    ingest_aloud(knowledge, documents)
    remember(mark, _DONE)
