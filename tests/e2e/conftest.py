"""A base that holds the shipped articles, and the command line run in this process."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.cli import execute
from tests.e2e.commands import DEMO, Command, Done, sourcier


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the shipped articles; tests only read it."""
    data = tmp_path_factory.mktemp("base") / "data"
    done = sourcier(data, "ingest", DEMO / "articles", DEMO / "corrections", "--json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert (report["added"], report["updated"], report["failures"]) == (36, 1, [])
    return data


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run a command in this process: ``command(data, "ask", "Qui ?", SOURCIER_…="…")``."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)  # without a .env
    for name in os.environ:
        if name.startswith("SOURCIER_"):
            monkeypatch.delenv(name)

    def run(data: Path, *arguments: str | Path, **settings: str) -> Done:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.setenv("SOURCIER_DATA_DIR", str(data))
            for name, value in settings.items():
                patch.setenv(name, value)
            code = execute([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    return run
