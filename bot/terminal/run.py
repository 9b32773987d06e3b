"""``sourcier run``: the bot if a token is configured, otherwise a conversation in the terminal.

On the first start of a data folder the shipped articles are loaded, so that there is something to
ask about; a base that already holds articles is left alone.
"""

from __future__ import annotations

from pathlib import Path

from bot.settings import BotSettings
from bot.terminal.chat import converse, show_examples
from bot.terminal.console import interactive, say
from bot.terminal.ingest import ingest_aloud
from bot.terminal.models import offer_recommended_model
from bot.terminal.opening import opened
from knowledge.demo import demo_documents
from knowledge.service import Knowledge
from knowledge.settings import load_settings

_LOADED_MARK = "articles-fournis"  # in the data folder
_BEGUN, _DONE = "en cours", "fait"


def run() -> int:
    """Start what is configured; return the exit code."""
    settings = load_settings(BotSettings)
    talks_here = settings.telegram_token is None and interactive()
    if talks_here:
        settings = offer_recommended_model(settings)
    with opened(settings) as knowledge:
        load_demo_once(knowledge, settings.data_dir / _LOADED_MARK)
        if settings.telegram_token is not None:
            from bot.application import run_bot

            return run_bot(settings, knowledge)
        say("Aucun jeton Telegram (SOURCIER_TELEGRAM_TOKEN) : conversation dans le terminal.")
        return converse(knowledge) if talks_here else show_examples(knowledge)


def load_demo_once(knowledge: Knowledge, mark: Path) -> None:
    """Load the shipped articles on the first start, unless the base has articles of its own.

    The mark is written before and completed after, so that a start killed midway is finished by
    the next one; loading twice stores nothing twice.
    """
    state = mark.read_text(encoding="utf-8") if mark.exists() else None
    if state == _DONE or (state is None and knowledge.summary().articles):
        return
    mark.write_text(_BEGUN, encoding="utf-8")
    documents = tuple(demo_documents())
    say(f"Premier démarrage : chargement de {len(documents)} articles fournis…")
    ingest_aloud(knowledge, documents)
    mark.write_text(_DONE, encoding="utf-8")
