"""Opening the base for a command: what it needs of it, closed whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from bot.settings import BotSettings
from knowledge.bootstrap import open_knowledge
from knowledge.service import Knowledge


@contextmanager
def opened(settings: BotSettings, *, with_model: bool = True) -> Iterator[Knowledge]:
    """Yield the knowledge of the configured data folder; `with_model` loads the chat model.

    Raises:
        SourcierError: the base, an index or the model cannot be opened.
    """
    with closing(open_knowledge(settings, with_model=with_model)) as knowledge:
        yield knowledge
