"""One visit to a watched folder: new and changed files become articles.

A file that is being written is waited for: it is read once its time of change is a few seconds
old, and kept only if neither time nor size moved meanwhile. Files that go away change nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from knowledge.errors import SourceError, UnreadableDocumentError
from knowledge.feeds.entry_run import EntryRun
from knowledge.feeds.plan import Obtained, Source, Work, plan
from knowledge.feeds.ports import ShouldStop
from knowledge.feeds.schedule import after_success
from knowledge.feeds.types import Feed, FeedEntry, VisitReport, VisitStatus
from knowledge.feeds.visit import failed, succeeded
from knowledge.feeds.visiting import Visiting
from knowledge.sources.files import documents_in, files_in

SETTLED_AFTER = 5.0  # seconds without a change; programs write more often than that
_SCHEME = "file:"
_MOST_FILES = 100_000


@dataclass(frozen=True, slots=True)
class _State:
    """What tells that a file changed."""

    size: int
    changed_ns: int

    def settled(self, now: datetime) -> bool:
        """Whether it was last changed long enough ago (or, by a wrong clock, ahead)."""
        return abs(now.timestamp() - self.changed_ns / 1e9) >= SETTLED_AFTER


def folder_address(path: Path) -> str:
    """Return the address under which a folder is followed."""
    return f"{_SCHEME}{path.resolve().as_posix()}"


def visit_folder(
    feed: Feed, tools: Visiting, *, max_bytes: int, now: datetime, should_stop: ShouldStop
) -> VisitReport:
    """Visit a watched folder; everything learnt is stored, `feed` included.

    Raises:
        StoreError: the database refused; the visit is repeated when its lease is over.
    """
    try:
        files = dict(_files(Path(feed.url.removeprefix(_SCHEME))))
    except SourceError as error:
        return failed(feed, error, tools, now=now)
    entries = {_key(file): _entry(file, state) for file, state in files.items()}
    paths = {_key(file): file for file in files}
    reader = _FileReader(feed, tools, files, paths, max_bytes, now)
    run = EntryRun(feed, tools, now, should_stop, reader.obtain)
    seen = tools.store.seen(feed.id, list(entries))
    pending = run.take(plan(entries.values(), seen, ()))
    moment = after_success(tools.interval_of(feed), now=now, chance=tools.chance(), pending=pending)
    after = succeeded(feed, now=now, next_visit_at=moment)
    tools.store.save(after)
    return run.report(after, VisitStatus.DONE, announced=len(entries), pending=pending)


@dataclass(frozen=True, slots=True)
class _FileReader:
    feed: Feed
    tools: Visiting
    states: dict[Path, _State]
    paths: dict[str, Path]
    max_bytes: int
    now: datetime

    def obtain(self, work: Work) -> Obtained | None:
        """Return the article of a file, None while it is being written."""
        file = self.paths[work.entry.key]
        before = self.states[file]
        if not before.settled(self.now):
            return None
        document = next(documents_in(file, max_bytes=self.max_bytes))
        if _state(file) != before:
            return None
        if isinstance(document, SourceError):
            return Obtained(Source.NOTHING, error=document.message)
        try:
            draft = self.tools.read(document)
        except SourceError as error:
            return Obtained(Source.NOTHING, error=error.message)
        outlet = self.feed.outlet or draft.outlet
        return Obtained(Source.FEED, replace(draft, outlet=outlet))


def _files(folder: Path) -> Iterator[tuple[Path, _State]]:
    if not folder.is_dir():
        raise UnreadableDocumentError(
            "Ce dossier n’existe pas ou n’est pas accessible. Remettez-le en place, vérifiez ses "
            "droits, ou retirez-le des sources suivies.",
            subject=str(folder),
        )
    for file in islice(files_in(folder), _MOST_FILES):
        if isinstance(file, SourceError):
            if file.subject == str(folder.resolve()):
                raise file
            continue
        state = _state(file)
        if state is not None:
            yield file, state


def _state(file: Path) -> _State | None:
    try:
        status = file.stat()
    except OSError:
        return None  # gone meanwhile
    return _State(status.st_size, status.st_mtime_ns)


def _entry(file: Path, state: _State) -> FeedEntry:
    return FeedEntry(
        key=_key(file),
        link=None,
        title=file.name.encode("utf-8", "backslashreplace").decode("utf-8"),
        content_hash=f"{state.size}:{state.changed_ns}",
    )


def _key(file: Path) -> str:
    return hashlib.sha256(file.as_posix().encode("utf-8", "surrogatepass")).hexdigest()
