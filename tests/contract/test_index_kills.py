"""kill -9 at any moment of ingestion and indexing is healed by the next run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = 16


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the children are forked")
def test_a_process_killed_at_any_moment_loses_and_invents_nothing(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "tests.contract.kill_rounds", str(tmp_path), str(ROUNDS), "7"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rounds) == ROUNDS, done.stderr
    for found in rounds:
        assert found["killed"]
        assert found["dense"], found
        assert found["lexical"], found
        assert found["pending"] == 0, found
        assert found["lost"]["lexical"] == 0, found
    assert rounds[-1]["passages"] > 100
    # Chroma's search is approximate: a vector in a thousand or so may not even find itself.
    searched = sum(found["searched"] for found in rounds)
    assert sum(found["lost"]["dense"] for found in rounds) <= searched / 100
    assert sum(found["waiting"] > 0 for found in rounds) >= ROUNDS // 2, "killed at idle moments"
