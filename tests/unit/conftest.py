"""Fixtures of several unit tests: a web server on loopback, and names that lead to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web_server import LocalServer, Net


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.close()


@pytest.fixture
def net(server: LocalServer) -> Net:
    return Net(server)
