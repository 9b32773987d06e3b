"""Opening the base for a command: settings first, then what it needs, closed whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from bot.settings import BotSettings
from knowledge.bootstrap import open_knowledge
from knowledge.service import Knowledge
from knowledge.settings import load_settings


@contextmanager
def opened(settings: BotSettings | None = None, *, with_model: bool = True) -> Iterator[Knowledge]:
    """Yield the knowledge of the configured data folder; `with_model` loads the chat model.

    Raises:
        SettingsError: a setting is wrong.
        SourcierError: the base, an index or the model cannot be opened.
    """
    found = settings if settings is not None else load_settings(BotSettings)
    with closing(open_knowledge(found, with_model=with_model)) as knowledge:
        yield knowledge
