"""Patterns of the whole program: none that a version of Python we run on reads in another way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.shared_data import REPOSITORY

# A group taken possessively, which Python matches wrongly before 3.11.5, Debian 12's 3.11.2 too
# (github.com/python/cpython/issues/106052): «(?:a b)*+» goes past an «a» without its «b».
_POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{+[0-9, ]*\}+)\+")


def patterns() -> Iterator[tuple[str, str]]:
    """Yield the lines of each text that looks like a pattern, with its file."""
    for folder in ("bot", "knowledge", "prompts"):
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            lines = source.splitlines()
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Constant | ast.JoinedStr):
                    written = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                    if "(?" in written:
                        yield path.name, written


def test_no_group_is_possessive() -> None:
    found = [each for each in patterns() if _POSSESSIVE_GROUP.search(each[1])]
    assert found == []


def test_the_search_for_them_finds_them() -> None:
    wrong = ("(?:a b)*+", "(?:a)++", "(?:a|b){1,3}+", "(?:a){{0,4}}+")
    assert all(map(_POSSESSIVE_GROUP.search, wrong))
    assert not any(map(_POSSESSIVE_GROUP.search, (r"\)*+", "(?>(?:a b)*)", "a++", "(?:a)+")))
    assert sum(1 for _ in patterns()) > 50
