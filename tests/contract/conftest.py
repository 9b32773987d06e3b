"""Fixtures of several contract tests: a followed web."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.followed import World, open_world
from tests.web_server import LocalServer, Net


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.close()


@pytest.fixture
def world(tmp_path: Path, server: LocalServer) -> Iterator[World]:
    with open_world(tmp_path, server, Net(server)) as world:
        yield world
