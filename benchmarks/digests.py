"""Digests of new articles for many readers, no model: ``python -m benchmarks.digests [--json]``.

500 articles of 3,000 characters, saved in a real store within a day, one in ten retouched and
published by another outlet; 200 subscriptions with a list of subjects each, all different. Measured
from the query of the new articles to the messages of every digest, quotations checked.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.corpus import synthetic_articles
from benchmarks.figures import print_figures
from bot.views.digest_view import DigestRenderer
from knowledge.chunks import chunks
from knowledge.digest.build import build_digests
from knowledge.digest.types import Digest, DigestRequest, Subjects, Window
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.text.french import content_terms
from knowledge.text.segmentation import segment
from knowledge.types import ArticleDraft

TARGET_SECONDS = 10.0
_NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
_COPIED = 10  # one article in so many is published by a second outlet

_SAVED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Run:
    """The digests of all lists, and what building and rendering them took, in seconds."""

    digests: list[Digest]
    messages: int
    seconds: float
    processor_seconds: float
    rendering_seconds: float


def _drafts(count: int, characters: int) -> Iterator[ArticleDraft]:
    """Yield `count` drafts published within a day, one in ten the copy of the one before."""
    before = None
    for place, draft in enumerate(synthetic_articles(count, characters)):
        published = _NOW - timedelta(minutes=place * 1_300 // count)
        if before is not None and place % _COPIED == 0:
            first, _, rest = before.text.partition(". ")
            draft = replace(draft, title=before.title, text=f"{rest} {first}.", outlet="La Copie")
        yield replace(draft, published=published)
        before = draft


def _subjects(drafts: list[ArticleDraft], count: int) -> list[Subjects]:
    """Return `count` different lists: words of titles and texts, some to avoid, some outlets."""
    generator = random.Random(1)  # noqa: S311 - reproducible, not secret
    words = sorted({word.lower() for draft in drafts for word in content_terms(draft.title)})
    outlets = sorted({draft.outlet for draft in drafts if draft.outlet})
    found: dict[Subjects, None] = {}
    for place in itertools.count():
        if len(found) == count:
            break
        found[
            Subjects(
                words=tuple(generator.sample(words, generator.randint(0 if place else 1, 8))),
                avoid=tuple(generator.sample(words, generator.randint(0, 3))),
                outlets=tuple(generator.sample(outlets, 1)) if place % 4 == 0 else (),
            )
        ] = None
    return list(found)


def _save(store: SqlArticleStore, drafts: list[ArticleDraft]) -> None:
    for batch in chunks(drafts, _SAVED_AT_ONCE):
        store.save_many([(draft, segment(draft.text)) for draft in batch], now=_NOW)


def _run(store: SqlArticleStore, requests: list[DigestRequest]) -> _Run:
    start, processor = time.perf_counter(), time.process_time()
    built = build_digests(requests, store=store, now=_NOW)
    digests = [digest for digest in built if digest is not None]
    building = time.perf_counter() - start
    renderer = DigestRenderer()
    parts = [renderer.render(digest, zone=UTC) for digest in digests]
    seconds = time.perf_counter() - start
    processor = time.process_time() - processor
    return _Run(digests, sum(map(len, parts)), seconds, processor, seconds - building)


def measure(articles: int = 500, lists: int = 200, characters: int = 3_000) -> dict[str, object]:
    """Return the seconds to build and render every digest, and what was built."""
    drafts = list(_drafts(articles, characters))
    subjects = _subjects(drafts, lists)
    window = Window(_NOW - timedelta(days=1), _NOW + timedelta(minutes=1))
    requests = [DigestRequest(window, one) for one in subjects]
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_store(Path(folder) / "sourcier.sqlite3")) as store,
    ):
        _save(store, drafts)
        start = time.perf_counter()
        store.new_articles(window)
        reading = time.perf_counter() - start
        run = _run(store, requests)
    items = [item for digest in run.digests for item in digest.items]
    return {
        "articles": len(drafts),
        "characters": characters,
        "subject_lists": len(subjects),
        "digests": len(run.digests),
        "items": len(items),
        "items_of_several_sources": sum(bool(item.sources) for item in items),
        "messages": run.messages,
        "seconds": round(run.seconds, 3),
        "processor_seconds": round(run.processor_seconds, 3),
        "of_which_rendering": round(run.rendering_seconds, 3),
        "reading_the_store_alone": round(reading, 3),
        "memory_peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "target_seconds": TARGET_SECONDS,
        "reached": run.seconds <= TARGET_SECONDS,
    }


def main() -> None:
    """Print the figures, as JSON with ``--json``."""
    parser = argparse.ArgumentParser(description="Speed of digests.")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--lists", type=int, default=200)
    parser.add_argument("--characters", type=int, default=3_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.articles, options.lists, options.characters)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
