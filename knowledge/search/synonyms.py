"""Words that ask and words that answer: near-synonyms of everyday French news.

A question says «coût», the sentence «budget» or «euros»; a match through this table counts for
less than the same stem. The table is a file one can read and extend, one group a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from knowledge.text.french import stem

_FILES = ("synonyms.txt", "thesaurus.fr.txt")  # groups that go both ways, and directed ones


def _lines() -> Iterator[str]:
    for name in _FILES:
        yield from files("knowledge.search").joinpath(name).read_text("utf-8").splitlines()


@lru_cache(maxsize=1)
def synonym_stems() -> dict[str, frozenset[str]]:
    """Return each stem that has some → the stems that may answer for it (itself left out)."""
    table: dict[str, set[str]] = {}
    for line in _lines():
        if line.strip() and not line.startswith("#"):
            asked, directed, found = line.partition(":")
            keys = [stem(word) for word in asked.split()]
            for key in keys:
                table.setdefault(key, set()).update(stem(word) for word in found.split())
                if not directed:
                    table[key].update(keys)
    return {key: frozenset(found - {key}) for key, found in table.items()}
