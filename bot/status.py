"""How the bot fares, as `/statut` shows it. Pure but for two small readings of the process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from importlib import metadata
from pathlib import Path

from bot.access import AccessRules
from bot.texts import status as texts
from bot.views.messages import EntityType, Message, Writer, inline
from bot.views.moments import duration
from bot.views.wording import number as french_number
from knowledge import __version__
from knowledge.holdings import BaseState

_MEBIBYTE = 1024 * 1024
_LONGEST = 300
_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)
_LIBRARIES = (
    ("python-telegram-bot", "python-telegram-bot"),
    ("llama.cpp", "llama-cpp-python"),
    ("Chroma", "chromadb"),
)


@dataclass(frozen=True, slots=True)
class Status:
    """What `/statut` tells; `memory` in bytes, None where the system does not say."""

    base: BaseState
    embedder: str
    running: int
    waiting: int
    feeding: int
    access: AccessRules
    uptime: timedelta
    memory: int | None
    versions: tuple[tuple[str, str], ...]


def render_status(status: Status) -> Message:
    """Return the answer to ``/statut``."""
    base = status.base
    lines = [texts.MODE_MODEL if base.model else texts.MODE_EXTRACT]
    if base.model:
        lines.append(texts.MODEL.format(inline(base.model, limit=_LONGEST)))
    builtin = status.embedder == "builtin"
    embedder = inline(status.embedder, limit=_LONGEST)
    lines.append(texts.EMBEDDER_BUILTIN if builtin else texts.EMBEDDER.format(embedder))
    lines.append(
        texts.BASE.format(
            articles=_counted(base.articles, texts.ARTICLE, texts.ARTICLES),
            passages=_counted(base.passages, texts.PASSAGE, texts.PASSAGES),
        )
    )
    lines.append(_index(base))
    lines.append(
        texts.QUEUE.format(running=status.running, waiting=status.waiting, feeding=status.feeding)
    )
    lines.append(
        texts.ACCESS.format(
            mode=status.access.mode,
            administrators=_counted(
                len(status.access.administrators), texts.ADMINISTRATOR, texts.ADMINISTRATORS
            ),
        )
    )
    lines.append(_uptime(status))
    versions = (*status.versions, ("schéma", base.schema))
    lines.append(texts.VERSIONS.format(", ".join(f"{name} {found}" for name, found in versions)))
    writer = Writer().write(texts.HEADING, EntityType.BOLD).write("\n" + "\n".join(lines))
    block = writer.block()
    return Message(block.text, block.entities)


def installed_versions() -> tuple[tuple[str, str], ...]:
    """Return the versions of Sourcier and of what it stands on, by the names people know."""
    found = [("Sourcier", __version__)]
    for name, package in _LIBRARIES:
        try:
            found.append((name, metadata.version(package)))
        except metadata.PackageNotFoundError:
            found.append((name, "?"))
    return tuple(found)


def resident_memory(status: Path = Path("/proc/self/status")) -> int | None:
    """Return the bytes of memory that this process holds; None where Linux does not tell."""
    try:
        found = _RESIDENT.search(status.read_text(encoding="ascii", errors="replace"))
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def _counted(count: int, one: str, many: str) -> str:
    """Return a count with its noun: French has the plural from two on."""
    return f"{french_number(count)} {one if count < 2 else many}"


def _index(base: BaseState) -> str:
    if base.dense_error is not None:
        return texts.INDEX_WORDS_ONLY.format(inline(base.dense_error, limit=_LONGEST))
    if base.pending:
        return texts.INDEX_PENDING.format(_counted(base.pending, texts.ARTICLE, texts.ARTICLES))
    return texts.INDEX_OK


def _uptime(status: Status) -> str:
    told = duration(status.uptime)
    if status.memory is None:
        return texts.UPTIME_ONLY.format(duration=told)
    memory = french_number(status.memory // _MEBIBYTE)
    return texts.UPTIME.format(duration=told, memory=memory)
