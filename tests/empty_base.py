"""An empty base to copy: the migrations that make one take longer than most tests.

``tests/contract/test_store_opening.py`` is where they are run and looked at.
"""

import tempfile
from functools import cache
from pathlib import Path

from knowledge.store import open_database


def place_empty_base(path: Path) -> Path:
    """Put an empty base there unless there is a file; return the path.

    It has no ``store_id`` yet: each copy gets its own when it is opened as a store.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty_base())
    return path


@cache
def _empty_base() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base.sqlite3"
        open_database(path).close()
        return path.read_bytes()
