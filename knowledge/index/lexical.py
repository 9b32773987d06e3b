"""Lexical retrieval: BM25 (Robertson and Zaragoza 2009) by SQLite FTS5 over our French stems.

In a file of its own, not in the database: it is derived, may be deleted at any time, and the
database may be PostgreSQL. FTS5 sees stems only (French is our affair, not the tokenizer's), and
a query is a disjunction of quoted stems, so nothing a reader types is ever FTS5 syntax.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, LifoQueue

from knowledge.chunks import chunks
from knowledge.errors import IndexingError
from knowledge.failures import french_reason
from knowledge.index.lexical_query import filter_conditions, match_expression
from knowledge.index.records import IndexRecord, to_microseconds
from knowledge.text.french import content_stems
from knowledge.types import PassageId, SearchFilter
from knowledge.write_ahead_log import use_write_ahead_log

FORMAT = "3"  # changes with the tables or with the stems: the file is then made anew

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, published INTEGER, outlet TEXT
);
CREATE VIRTUAL TABLE stems USING fts5(
    title, text, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'"
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(stems, row);
"""

# CROSS JOIN keeps FTS5 outermost, so rows come by rank and LIMIT ends the scan.
_SEARCH = """
SELECT passages.id, -stems.rank FROM stems
CROSS JOIN passages ON passages.number = stems.rowid
WHERE stems MATCH ? AND stems.rank MATCH ? {conditions}
ORDER BY stems.rank LIMIT ?
"""


@contextmanager
def lexical_failures(subject: str) -> Iterator[None]:
    """Map errors of SQLite on the index file."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise IndexingError(
            f"L’index lexical ({subject}) a échoué : {french_reason(error)}. Vérifiez le dossier "
            "et le disque, puis lancez « sourcier reindex », qui le reconstruit.",
            subject=subject,
        ) from error


class LexicalIndex:
    """Passages by words. Implements `PassageIndex` and `DerivedIndex`; thread-safe.

    `title_weight` is what a stem of the article's title counts, against 1 for the passage's.
    """

    def __init__(
        self, path: str | Path, *, title_weight: float = 2.0, busy_seconds: float = 60.0
    ) -> None:
        """Open the file, made anew if it is damaged, absent or of another format."""
        if not 0 <= title_weight <= 100:
            raise ValueError(f"the title's weight lies between 0 and 100, not {title_weight}")
        self.subject = str(path)
        self._path = Path(path)
        self._rank = f"bm25({title_weight!r}, 1.0)"
        self._busy_seconds = busy_seconds
        self._write_lock = threading.RLock()
        self._writing = False
        self._readers: LifoQueue[sqlite3.Connection] = LifoQueue()
        with lexical_failures(self.subject):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._open_or_remake()

    def search(
        self, query: str, *, limit: int, where: SearchFilter | None = None
    ) -> tuple[tuple[PassageId, float], ...]:
        """Return passage ids with their BM25 score (above 0), best first; ties by id.

        A query without any word that carries meaning finds nothing.
        """
        if limit < 1:
            return ()
        conditions, values = filter_conditions(where)
        with lexical_failures(self.subject), self._reading() as connection:
            match = match_expression(connection, query)
            if match is None:
                return ()
            rows = connection.execute(
                _SEARCH.replace("{conditions}", conditions),
                (match, self._rank, *values, limit),
            ).fetchall()
        return tuple(sorted(rows, key=lambda hit: (-hit[1], hit[0])))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, which no other thread or process can overlap; may be nested.

        Whoever fills the indexes holds it while reading the queue, so that fillers take turns.
        """
        with self._write_lock:
            if self._writing:
                yield
                return
            with lexical_failures(self.subject):
                self._writer.execute("BEGIN IMMEDIATE")
            self._writing = True
            try:
                yield
                with lexical_failures(self.subject):
                    self._writer.execute("COMMIT")
            finally:
                self._writing = False
                if self._writer.in_transaction:
                    with suppress(sqlite3.Error):  # the error that brought us here tells more
                        self._writer.execute("ROLLBACK")

    def upsert(self, records: Sequence[IndexRecord]) -> None:
        """Write those passages, replacing what has the same ids."""
        titles: dict[str, str] = {}
        for record in records:
            if record.title not in titles:
                titles[record.title] = " ".join(content_stems(record.title))
        with self.writing(), lexical_failures(self.subject):
            self._forget([record.passage.id for record in records])
            query = "SELECT COALESCE(MAX(number), 0) FROM passages"
            first = self._writer.execute(query).fetchone()[0] + 1
            self._writer.executemany(
                "INSERT INTO passages (number, id, published, outlet) VALUES (?, ?, ?, ?)",
                [
                    (number, record.passage.id, _published(record), record.outlet)
                    for number, record in enumerate(records, first)
                ],
            )
            self._writer.executemany(
                "INSERT INTO stems (rowid, title, text) VALUES (?, ?, ?)",
                [
                    (number, titles[record.title], " ".join(content_stems(record.passage.text)))
                    for number, record in enumerate(records, first)
                ],
            )

    def delete(self, passage_ids: Sequence[PassageId]) -> None:
        """Take those passages out; unknown ids are no error."""
        with self.writing(), lexical_failures(self.subject):
            self._forget(passage_ids)

    def count(self) -> int:
        """Return how many passages it holds."""
        with lexical_failures(self.subject), self._reading() as connection:
            return int(connection.execute("SELECT COUNT(*) FROM passages").fetchone()[0])

    def ids(self) -> frozenset[PassageId]:
        """Return the ids of the passages it holds."""
        with lexical_failures(self.subject), self._reading() as connection:
            return frozenset(row[0] for row in connection.execute("SELECT id FROM passages"))

    def is_sound(self) -> bool:
        """Tell whether FTS5 finds its tables in order, and as many texts as passages.

        Reads everything; https://sqlite.org/fts5.html#the_integrity_check_command
        """
        with self.writing():
            try:
                self._writer.execute("INSERT INTO stems (stems) VALUES ('integrity-check')")
                counts = "SELECT (SELECT COUNT(*) FROM passages), (SELECT COUNT(*) FROM stems)"
                passages, texts = self._writer.execute(counts).fetchone()
            except sqlite3.DatabaseError:
                return False
            return bool(passages == texts)

    def reset(self) -> None:
        """Drop everything and start empty."""
        with self.writing(), lexical_failures(self.subject):
            _make_tables(self._writer)

    def close(self) -> None:
        """Close every connection. The index is of no use afterwards."""
        with self._write_lock, lexical_failures(self.subject):
            with suppress(Empty):
                while True:
                    self._readers.get_nowait().close()
            self._writer.close()

    def _forget(self, passage_ids: Sequence[PassageId]) -> None:
        for part in chunks(passage_ids):
            marks = ",".join("?" * len(part))
            query = f"SELECT number FROM passages WHERE id IN ({marks})"  # noqa: S608 - marks only
            numbers = self._writer.execute(query, tuple(part)).fetchall()
            self._writer.executemany("DELETE FROM stems WHERE rowid = ?", numbers)
            self._writer.executemany("DELETE FROM passages WHERE number = ?", numbers)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._readers.get_nowait()
        except Empty:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._readers.put(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,  # used by one thread at a time: writer lock, reader queue
        )
        try:
            use_write_ahead_log(connection, busy_seconds=self._busy_seconds)
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_or_remake(self) -> sqlite3.Connection:
        try:
            return self._prepared()
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        return self._prepared()

    def _prepared(self) -> sqlite3.Connection:
        connection = self._connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            if _format(connection) != FORMAT:
                _make_tables(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection


def _format(connection: sqlite3.Connection) -> str | None:
    query = "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('meta', 'passages', 'stems')"
    if connection.execute(query).fetchone()[0] != 3:
        return None
    row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return None if row is None else str(row[0])


def _make_tables(connection: sqlite3.Connection) -> None:
    for table in ("vocabulary", "stems", "passages", "meta"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))


def _published(record: IndexRecord) -> int | None:
    return None if record.published is None else to_microseconds(record.published)
