"""The dependency rules of the design, checked by walking the imports of every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared_data import REPOSITORY

PURE = (
    "knowledge/types.py",
    "knowledge/articles.py",
    "knowledge/chunks.py",
    "knowledge/errors.py",
    "knowledge/conversation.py",
    "knowledge/progress.py",
    "knowledge/extract.py",
    "knowledge/model/grammar.py",
    "knowledge/model/prompting.py",
    "knowledge/search/fusion.py",
    "knowledge/search/evidence.py",
    "knowledge/search/support.py",
    "knowledge/search/polarity.py",
    "knowledge/search/opposites.py",
    "knowledge/search/matching.py",
    "knowledge/search/features.py",
    "knowledge/search/question.py",
    "knowledge/feeds/types.py",
    "knowledge/feeds/plan.py",
    "knowledge/feeds/schedule.py",
    "knowledge/feeds/entries.py",
    "bot/addressing.py",
    "bot/buttons.py",
    "bot/last_kept.py",
    "bot/sending/pacing.py",
    "bot/shown.py",
    *(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "bot/texts").glob("*.py")),
    *(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "bot/views").glob("*.py")),
    "bot/links.py",
    "bot/summary_request.py",
    "bot/receiving/turns.py",
    "bot/courtesies.py",
    "bot/receiving/webhook_address.py",
    *(
        f"knowledge/digest/{name}.py"
        for name in (
            "briefs contrasts events headings news openings reading shingles subjects types".split()
        )
    ),
    "bot/access.py",
    "bot/feeding.py",
    "bot/quota.py",
    "knowledge/holdings.py",
    "bot/digests/subscriptions.py",
    "bot/digests/due_times.py",
    "bot/digests/subscription_changes.py",
    "bot/digests/subject_list.py",
    *(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "knowledge/text").glob("*.py")),
)
# Data shipped in the package are read once by these; Snowball's stems are a pure function.
IMPURE = frozenset(
    "asyncio os pathlib socket sqlite3 subprocess tempfile threading time random".split()
)
OUTSIDE_ALLOWED = frozenset({"Stemmer"})
ADAPTERS = (
    "knowledge.index.chroma",
    "knowledge.index.lexical",
    "knowledge.index.builtin_embedder",
    "knowledge.index.gguf_embedder",
    "knowledge.model.engine",
    "knowledge.sources.fetch",
)
MODULES = sorted(
    path
    for package in ("bot", "knowledge", "prompts")
    for path in (REPOSITORY / package).rglob("*.py")
)


def imports(path: Path) -> Iterator[str]:
    """Yield what a module imports anywhere but for type checking alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def test_knowledge_knows_nothing_of_the_bot_nor_of_telegram() -> None:
    offenders = {
        str(path): found
        for path in MODULES
        if path.is_relative_to(REPOSITORY / "knowledge")
        and (found := roots(path) & {"bot", "telegram", "asyncio"})
    }
    assert offenders == {}


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_imports_the_standard_library_and_its_like(module: str) -> None:
    found = roots(REPOSITORY / module)
    outside = found - set(sys.stdlib_module_names) - {"bot", "knowledge"}
    assert outside <= OUTSIDE_ALLOWED
    assert not found & IMPURE


def test_only_the_bootstrap_names_adapters() -> None:
    allowed = {"knowledge/bootstrap.py", "knowledge/feeds/bootstrap.py"}
    offenders = {
        str(path.relative_to(REPOSITORY)): found
        for path in MODULES
        if "evaluation" not in path.parts
        and (found := [name for name in imports(path) if name in ADAPTERS])
    }
    assert set(offenders) <= allowed


def test_opening_the_package_imports_nothing_slow() -> None:
    script = (
        "import sys, knowledge.bootstrap, bot.cli\n"
        "slow = {'chromadb', 'telegram', 'llama_cpp', 'trafilatura', 'pypdf', 'alembic'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
