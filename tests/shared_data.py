"""Where the project's shared data lies, for the tests that need it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


def shared_folder(name: str) -> Path:
    """Return the folder `name` of the shared data; skip the test where there is none."""
    root = Path(os.environ.get("SOURCIER_SHARED_DIR", REPOSITORY.parent / "shared"))
    folder = root / name
    if not folder.is_dir():
        pytest.skip(f"the shared data is not on this machine ({name}; see SOURCIER_SHARED_DIR)")
    return folder
