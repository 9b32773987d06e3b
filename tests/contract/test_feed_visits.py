"""Visits to feeds of a local web server, hostile or broken in many ways: the whole outcome."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from tests.feed_cases import CASES, Kept, Outcome
from tests.followed import NOW, World


@pytest.mark.parametrize("name", CASES)
def test_a_visit_ends_as_it_should(world: World, name: str) -> None:
    case = CASES[name]
    if callable(case.feed) or (isinstance(case.feed, bytes) and case.feed.startswith(b"HTTP/")):
        world.serve("")
        world.server.answers["/rss"] = case.feed
    else:
        world.serve(case.feed, **case.headers)
    world.server.answers |= case.pages
    begin = time.monotonic()
    report = world.visit(world.follow(case.url))
    assert time.monotonic() - begin < 20
    stored = world.store.feed(report.feed.id)
    assert stored == report.feed
    assert stored is not None
    assert (
        Outcome(
            report.status,
            tuple(
                Kept(
                    article.title,
                    article.url,
                    f"{article.published:%Y-%m-%dT%H:%M}" if article.published else None,
                    article.text,
                    article.summary_only,
                )
                for article in world.kept()
            ),
            report.announced,
            stored.error,
            tuple(failure.message for failure in report.failures),
            stored.state,
            stored.url,
            (stored.next_visit_at - NOW) / timedelta(minutes=1),
            report.pending,
        )
        == case.expected
    )
