"""Opening a database: created, current, old, newer, damaged, locked, full, not ours."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from knowledge.errors import StoreBusyError, StoreError, StoreFullError, StoreVersionError
from knowledge.store import delivery_schema, feed_schema, open_store, reader_schema
from knowledge.store.opening import MIGRATIONS
from knowledge.store.schema import SCHEMA_VERSION, metadata
from tests.bases import NOW, TEXT, draft, segmented
from tests.waiting import PATIENCE


def _child(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )


def test_the_migrations_make_exactly_the_schema(tmp_path: Path) -> None:
    others = (reader_schema.feedback, feed_schema.feeds, delivery_schema.outbox)
    assert {table.name for table in others} <= set(metadata.tables)
    path = tmp_path / "base.sqlite3"
    open_store(path).close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert context.get_current_revision() == SCHEMA_VERSION
        assert compare_metadata(context, metadata) == []
        found = inspect(connection)
        keys = {name: found.get_pk_constraint(name) for name in metadata.tables}
    engine.dispose()
    # Alembic does not compare these.
    assert {name: tuple(key["constrained_columns"]) for name, key in keys.items()} == {
        name: tuple(column.name for column in table.primary_key)
        for name, table in metadata.tables.items()
    }


def test_the_migrations_can_be_taken_back_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    open_store(path).close()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    open_store(path).close()


def test_a_database_that_is_current_opens_quickly_without_alembic(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    open_store(path).close()
    child = _child(
        """
        import sys, time
        from knowledge.store import delivery_schema, feed_schema, open_store, reader_schema
        import knowledge.store.opening
        start = time.perf_counter()
        open_store(sys.argv[1]).close()
        print(time.perf_counter() - start, "alembic" in sys.modules)
        """,
        path,
    )
    seconds, imported = child.communicate(timeout=2 * PATIENCE)[0].split()
    assert imported == "False"
    assert float(seconds) < 3  # 5 ms alone; the machine may be busy


def test_opening_again_keeps_the_base_and_its_id(tmp_path: Path) -> None:
    path = tmp_path / "data" / "base.sqlite3"
    first = open_store(path)
    first.save(draft(), segmented(TEXT), now=NOW)
    first.close()
    again = open_store(f"sqlite:///{path}")
    assert again.summary().articles == 1
    assert again.store_id == first.store_id
    again.close()


def test_the_database_keeps_what_is_committed_through_a_power_cut(tmp_path: Path) -> None:
    store = open_store(tmp_path / "base.sqlite3")
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.close()


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    open_store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreVersionError, match="mettez Sourcier à jour") as refused:
        open_store(path)
    assert refused.value.subject == str(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("9999",)]
    connection.close()


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (id)")
    connection.commit()
    with pytest.raises(StoreError, match="autre programme"):
        open_store(path)
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("photos",)]
    connection.close()


@pytest.mark.parametrize("content", [b"not a database, but long enough to be one" * 50, b"\0" * 99])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "base.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="abîmé"):
        open_store(path)
    assert path.read_bytes() == content


def test_a_damaged_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    store = open_store(path)
    store.save_many(
        [(draft(f"{n}", f"{TEXT} {n}."), segmented(f"{TEXT} {n}.")) for n in range(300)], now=NOW
    )
    store.close()
    data = bytearray(path.read_bytes())
    for offset in range(8 * 4096, len(data) - 4096, 4096):
        data[offset : offset + 64] = b"\xff" * 64
    path.write_bytes(data)
    with pytest.raises(StoreError, match="abîmé"):
        _read_everything(path)


def _read_everything(path: Path) -> None:
    store = open_store(path)
    try:
        store.list_articles(limit=1_000)
    finally:
        store.close()


@pytest.mark.parametrize("name", ["", "base.sqlite3"])
def test_a_path_that_cannot_be_a_database_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    target = tmp_path / "file" / name if name else tmp_path
    with pytest.raises(StoreError):
        open_store(target)


def test_a_bad_address_is_refused_without_repeating_it() -> None:
    with pytest.raises(StoreError) as refused:
        open_store("://secret")
    assert "secret" not in str(refused.value)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(StoreError) as refused:
        open_store("postgresql+psycopg://bot:motdepasse@127.0.0.1:9/base")
    shown = f"{refused.value} {refused.value.subject}"
    assert "motdepasse" not in shown


def test_a_database_held_by_another_process_is_busy_then_free(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    store = open_store(path, busy_seconds=0.2)
    holder = _child(
        """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        print("held", flush=True)
        sys.stdin.readline()
        connection.execute("COMMIT")
        """,
        path,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    start = time.monotonic()
    with pytest.raises(StoreBusyError) as busy:
        store.save(draft(), segmented(TEXT), now=NOW)
    assert busy.value.retryable
    assert time.monotonic() - start < 9  # an unchanged `busy_seconds` is 10
    assert store.summary().articles == 0  # WAL: reading goes on
    holder.communicate("\n", timeout=PATIENCE)
    store.save(draft(), segmented(TEXT), now=NOW)
    assert store.summary().articles == 1
    store.close()


def test_a_full_disk_says_so_and_keeps_what_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    child = _child(
        """
        import resource, signal, sys
        from knowledge.errors import StoreFullError
        from knowledge.store import delivery_schema, feed_schema, open_store, reader_schema
        from tests.bases import NOW, TEXT, draft, segmented

        store = open_store(sys.argv[1])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write then fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
        saved = 0
        try:
            while saved < 10_000:
                text = TEXT * 50 + f" {saved}."
                store.save(draft(f"{saved}", text), segmented(text), now=NOW)
                saved += 1
        except StoreFullError as error:
            print(saved, "plein" in error.message, store.summary().articles, flush=True)
        """,
        path,
    )
    saved, says_full, readable = child.communicate(timeout=5 * PATIENCE)[0].split()
    assert says_full == "True"
    assert 0 < int(saved) < 10_000
    assert readable == saved
    store = open_store(path)
    assert store.summary().articles == int(saved)
    store.save(draft("after", "Il y a de nouveau de la place."), segmented("x."), now=NOW)
    store.close()


def test_sqlite_reports_its_own_limit_as_full(tmp_path: Path) -> None:
    store = open_store(tmp_path / "base.sqlite3")
    with store._database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 40")
    text = TEXT * 2_000
    with pytest.raises(StoreFullError, match="plein"):
        store.save(draft(text=text), segmented(text), now=NOW)
    assert store.summary().articles == 0
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="immutable files are opened through a URI")
def test_a_database_that_cannot_be_written_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    path = tmp_path / "base.sqlite3"
    store = open_store(path)
    store.save(draft(), segmented(TEXT), now=NOW)
    store.close()
    # Root ignores permissions, so the file is opened read-only by its address.
    reader = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert reader.summary().articles == 1
    with pytest.raises(StoreError, match="lecture seule"):
        reader.remove(reader.list_articles()[0].id, now=NOW)
    reader.close()
    assert list((tmp_path / "here").iterdir()) == []  # an address is not a folder to make
