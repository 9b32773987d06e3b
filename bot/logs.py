"""Logging without secrets and without readers' words.

Four layers: the libraries that print addresses with the token or whole updates are held at
WARNING whatever level is asked for; of what libraries still log, the template is written and not
what they put into it (an update that the library cannot read is logged whole, at CRITICAL); of an
error, its kind and place are written, not its words; and anything shaped like a token is blotted
out.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import SourcierError
from knowledge.failures import causes

if TYPE_CHECKING:
    import asyncio

logger = logging.getLogger(__name__)

_OURS = frozenset({"bot", "knowledge"})
_TOKEN_SHAPE = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,80}")
_BLOT = "<jeton>"
# httpx prints addresses (the token is in them); telegram prints updates and requests at DEBUG.
_TALKATIVE = (
    "httpx",
    "httpcore",
    "telegram",
    "urllib3",
    "chromadb",
    "asyncio",
    "alembic",
    "tornado",
)
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FILE_BYTES, _FILES = 1_000_000, 3
_FRAMES = 12


class DiscreetFormatter(logging.Formatter):
    """Formats a record without foreign words and without tokens."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line(s) of the record; of a library's record, the bare template."""
        if record.args and record.name.partition(".")[0] not in _OURS:
            record = logging.makeLogRecord({**record.__dict__, "args": (), "exc_text": None})
        return redact(super().format(record))

    def formatException(  # noqa: N802 - the name it overrides
        self, ei: tuple[type[BaseException], BaseException, Any] | tuple[None, None, None]
    ) -> str:
        """Return kind and place of an error, for all of its chain."""
        return describe_error(ei[1]) if ei[1] is not None else ""


def report_to_log(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what asyncio found nobody to tell; its own report would show the error's words."""
    error = context.get("exception")
    described = describe_error(error) if isinstance(error, BaseException) else ""
    logger.error("asyncio : %s %s", context.get("message", ""), described)


def redact(text: str) -> str:
    """Return `text` with everything shaped like a bot token blotted out."""
    return _TOKEN_SHAPE.sub(_BLOT, text)


def configure_logging(level: str, *, folder: Path | None = None, layout: str = _FORMAT) -> None:
    """Log to standard error, and to ``sourcier.log`` in `folder` if there is one.

    `layout` is what a line shows, as :mod:`logging` has it. Replaces handlers that an earlier call
    installed. A log that cannot be written is given up: it must not stop the bot.
    """
    logging.raiseExceptions = False  # a full disk must not print records raw
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if folder is not None:
        handlers += _file_handlers(folder)
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if _is_ours(handler)]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(DiscreetFormatter(layout))
        root.addHandler(handler)
    root.setLevel(level.upper())
    quieten_libraries()


def quieten_libraries() -> None:
    """Hold back the libraries that log secrets or whole updates, whatever the root's level."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def describe_error(error: BaseException) -> str:
    """Return what an error is and where it comes from, without its words.

    The words of a foreign error may be a reader's (a parser names what it choked on); those of
    ours never are, and are kept. One line for each error of the chain, the last one first.
    """
    return "\n".join(_described(link) for link in causes(error))


def _described(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    words = ""
    if isinstance(error, SourcierError):
        words = f" «{error.message}»" + (f" [{error.subject}]" if error.subject else "")
    return f"{type(error).__module__}.{type(error).__name__}{words} ({places})"


def _file_handlers(folder: Path) -> Iterator[logging.Handler]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield RotatingFileHandler(
            folder / "sourcier.log", maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8"
        )
    except OSError:
        logger.warning("Pas de journal dans %s.", folder)


def _is_ours(handler: logging.Handler) -> bool:
    return isinstance(handler.formatter, DiscreetFormatter)
