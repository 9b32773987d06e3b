"""Fixtures of several contract tests: a followed web, and an empty database to copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.store import open_store
from tests.followed import World, open_world
from tests.web_server import LocalServer, Net


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "base.sqlite3"
    open_store(path).close()
    return path


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.close()


@pytest.fixture
def world(empty_database: Path, tmp_path: Path, server: LocalServer) -> Iterator[World]:
    with open_world(empty_database, tmp_path, server, Net(server)) as world:
        yield world
