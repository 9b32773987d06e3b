"""Watched folders: whose articles they give, files that are being written, files too large."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.feeds.folder import folder_address, visit_folder
from knowledge.feeds.types import Feed, FeedKind, VisitReport
from knowledge.types import ArticleDraft, RawDocument
from tests.followed import BODY, MAX_BYTES, NOW, SECOND, World, followed

TEXTS = {"a.txt": BODY, "b.txt": SECOND}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "depeches"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (NOW.timestamp() - 60,) * 2)
    return folder


def watched(world: World, folder: Path, **values: object) -> Feed:
    feed = followed(folder_address(folder), kind=FeedKind.FOLDER, **values)
    world.store.add([feed])
    return feed


def visited(world: World, feed: Feed, *, max_bytes: int = MAX_BYTES) -> VisitReport:
    return visit_folder(feed, world.tools, max_bytes=max_bytes, now=NOW, should_stop=lambda: False)


def test_articles_of_a_folder_come_from_the_outlet_it_was_given(world: World, folder: Path) -> None:
    feed = watched(world, folder, outlet="L’Écho de Brumont")
    assert visited(world, feed).added == 2
    assert [article.outlet for article in world.kept()] == ["L’Écho de Brumont"] * 2


def test_a_file_that_changed_since_it_was_seen_is_left_to_the_next_visit(
    world: World, folder: Path
) -> None:
    read = world.tools.read

    def meanwhile(document: RawDocument) -> ArticleDraft:
        """Read one file; the writer of the other comes back."""
        other = next(name for name in TEXTS if name != document.filename)
        (folder / other).write_text("La moitié d’une phrase", encoding="utf-8")
        return read(document)

    feed = watched(world, folder)
    world.tools = replace(world.tools, read=meanwhile)
    report = visited(world, feed)
    [first] = world.kept()
    assert (report.added, report.pending, first.text in TEXTS.values()) == (1, True, True)
    world.tools = replace(world.tools, read=read)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (NOW.timestamp() - 30,) * 2)
    report = visited(world, feed)
    assert (report.added, report.pending) == (1, False)
    assert {article.text for article in world.kept()} == set(TEXTS.values())


def test_a_file_too_large_is_told_and_not_read(world: World, folder: Path) -> None:
    (folder / "b.txt").write_text("x" * 5000, encoding="utf-8")
    os.utime(folder / "b.txt", (NOW.timestamp() - 60,) * 2)
    report = visited(world, watched(world, folder), max_bytes=2000)
    assert (report.added, report.pending) == (1, False)
    [failure] = report.failures
    assert failure.subject == "b.txt"
    assert failure.message.startswith("Ce document pèse ")
