"""What saving drafts changes: decided against what is known, then written in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, update

from knowledge.chunks import chunks
from knowledge.ports import SaveOutcome, SaveStatus, SegmentedText
from knowledge.store.arrivals import ArrivalKind, arrival, note_arrivals
from knowledge.store.feed_schema import article_copies
from knowledge.store.known import Known, Row, known_by_hash, known_by_origin
from knowledge.store.schema import article_versions, articles, index_queue, passages, sentences
from knowledge.types import Article, ArticleDraft, ArticleId, article_id, text_hash

Draft = tuple[ArticleDraft, SegmentedText]


@dataclass(slots=True)
class _Changes:
    """Rows to write at the end of the batch, in the order of their foreign keys."""

    new_articles: dict[ArticleId, Row] = field(default_factory=dict)
    moved_articles: dict[ArticleId, Row] = field(default_factory=dict)
    new_versions: dict[tuple[ArticleId, int], Row] = field(default_factory=dict)
    changed_versions: dict[tuple[ArticleId, int], Row] = field(default_factory=dict)
    sentences: list[Row] = field(default_factory=list)
    passages: list[Row] = field(default_factory=list)
    queue: list[Row] = field(default_factory=list)
    copies: dict[str, Row] = field(default_factory=dict)
    arrivals: list[Row] = field(default_factory=list)

    def set_version(self, known: Known, **values: object) -> None:
        """Change columns of the article's present version, stored or about to be."""
        key = (known.id, known.version)
        row = self.new_versions.get(key)
        if row is None:
            row = self.changed_versions.setdefault(key, {})
        row.update(values)


def save_drafts(
    connection: Connection, drafts: Sequence[Draft], *, now: datetime
) -> tuple[SaveOutcome, ...]:
    """Write the drafts within the caller's transaction; one outcome a draft, in order."""
    for draft, segmented in drafts:
        check_segmentation(segmented, draft.text)
    hashes = [text_hash(draft.text) for draft, _ in drafts]
    known = known_by_origin(connection, [draft.origin for draft, _ in drafts])
    batch = _Batch(known=known, by_hash=known_by_hash(connection, hashes, known), now=now)
    outcomes = tuple(
        batch.save(draft, segmented, text)
        for (draft, segmented), text in zip(drafts, hashes, strict=True)
    )
    _write(connection, batch.changes)
    _write_copies(connection, [draft.origin for draft, _ in drafts], batch.changes)
    note_arrivals(connection, batch.changes.arrivals)
    return outcomes


def check_segmentation(segmented: SegmentedText, text: str) -> None:
    """Refuse spans that are empty, overlap or leave the text: a defect of a splitter.

    Raises:
        ValueError: saying which sentence or passage.
    """
    if len(segmented.speech) != len(segmented.sentences):
        raise ValueError("one entry of speech a sentence")
    end = 0
    for index, span in enumerate(segmented.sentences):
        if span.start < end or span.end <= span.start or span.end > len(text):
            raise ValueError(f"sentence {index} is empty, out of order or outside the text")
        end = span.end
    after = 0
    for first, last in segmented.passages:
        if not after <= first <= last < len(segmented.sentences):
            raise ValueError(f"passage {first}..{last} is out of order or holds no sentence")
        after = last + 1


class _Batch:
    """The decisions for one batch of drafts, each made on what those before it left."""

    def __init__(
        self, *, known: dict[str, Known], by_hash: dict[str, Known], now: datetime
    ) -> None:
        self.changes = _Changes()
        self._known = known
        self._by_hash = by_hash
        self._now = now

    def save(self, draft: ArticleDraft, segmented: SegmentedText, digest: str) -> SaveOutcome:
        """Decide for one draft: unchanged, corrected, brought back, updated or added."""
        known = self._known.get(draft.origin)
        in_search = known is not None and not known.removed
        twin = self._by_hash.get(digest)
        if known is not None and in_search and known.hash == digest:
            return self._correct(known, draft)
        if not in_search and twin is not None:
            self._copy(twin, draft)
            return SaveOutcome(SaveStatus.UNCHANGED, _article(twin, draft.text))
        self.changes.copies.pop(draft.origin, None)
        if known is None:
            return self._add(draft, segmented, digest)
        if known.hash == digest:
            return self._bring_back(known, draft)
        return self._update(known, draft, segmented, digest)

    def _correct(self, known: Known, draft: ArticleDraft) -> SaveOutcome:
        metadata = self._learnt(known, draft)
        if metadata != known.metadata:
            known.metadata = metadata
            self.changes.set_version(known, **metadata)
            self._queue(known)
        return SaveOutcome(SaveStatus.UNCHANGED, _article(known, draft.text))

    def _copy(self, twin: Known, draft: ArticleDraft) -> None:
        """Remember who else publishes this text: the twin is not told under two addresses."""
        self.changes.copies[draft.origin] = {
            "origin": draft.origin,
            "article_id": twin.id,
            "url": draft.url,
            "outlet": draft.outlet,
            "published": draft.published,
            "seen_at": self._now,
        }
        self._note_outlet(twin, draft)

    def _learnt(self, known: Known, draft: ArticleDraft) -> Row:
        """Return the metadata with what the draft knows better."""
        self._note_outlet(known, draft)
        return _merged(known.metadata, draft)

    def _note_outlet(self, known: Known, draft: ArticleDraft) -> None:
        """Remember that an outlet has the article from now on, the one known since its start."""
        before, kind = known.metadata["outlet"], ArrivalKind.OUTLET
        if draft.outlet and draft.outlet != before:
            if before:
                self.changes.arrivals.append(arrival(known.id, kind, before, known.added_at))
            self.changes.arrivals.append(arrival(known.id, kind, draft.outlet, self._now))

    def _bring_back(self, known: Known, draft: ArticleDraft) -> SaveOutcome:
        known.removed = False
        self._move(known)
        self.changes.set_version(known, in_search=True)
        self._by_hash[known.hash] = known
        self._queue(known)
        return replace(self._correct(known, draft), status=SaveStatus.ADDED)

    def _add(self, draft: ArticleDraft, segmented: SegmentedText, digest: str) -> SaveOutcome:
        known = Known(article_id(draft.origin), 1, False, digest, _metadata(draft), self._now)
        self._known[draft.origin] = known
        self.changes.new_articles[known.id] = {
            "id": known.id,
            "origin": draft.origin,
            "version": 1,
            "added_at": self._now,
        }
        self._add_version(known, draft, segmented)
        return SaveOutcome(SaveStatus.ADDED, _article(known, draft.text))

    def _update(
        self, known: Known, draft: ArticleDraft, segmented: SegmentedText, digest: str
    ) -> SaveOutcome:
        status = SaveStatus.ADDED if known.removed else SaveStatus.UPDATED
        if self._by_hash.get(known.hash) is known:
            del self._by_hash[known.hash]
        self.changes.set_version(known, in_search=False)
        self._queue(known)  # the old version leaves the indexes
        known.version += 1
        known.removed = False
        known.hash = digest
        known.metadata = self._learnt(known, draft)
        self._move(known)
        self._add_version(known, draft, segmented)
        return SaveOutcome(status, _article(known, draft.text))

    def _move(self, known: Known) -> None:
        created = self.changes.new_articles.get(known.id)
        if created is not None:
            created["version"] = known.version
        else:
            self.changes.moved_articles[known.id] = {
                "key": known.id,
                "version": known.version,
                "removed_at": None,
            }

    def _add_version(self, known: Known, draft: ArticleDraft, segmented: SegmentedText) -> None:
        key = {"article_id": known.id, "version": known.version}
        self._by_hash[known.hash] = known
        self.changes.new_versions[known.id, known.version] = {
            **key,
            **known.metadata,
            "text_hash": known.hash,
            "saved_at": self._now,
            "in_search": True,
            "sentence_count": len(segmented.sentences),
            "passage_count": len(segmented.passages),
            "text": draft.text,
        }
        spans = segmented.sentences
        self.changes.sentences += [
            {**key, "index": index, "start": span.start, "end": span.end, "speech": speech}
            for index, (span, speech) in enumerate(zip(spans, segmented.speech, strict=True))
        ]
        self.changes.passages += [
            {
                **key,
                "index": index,
                "first": first,
                "last": last,
                "start": spans[first].start,
                "end": spans[last].end,
            }
            for index, (first, last) in enumerate(segmented.passages)
        ]
        self._queue(known)

    def _queue(self, known: Known) -> None:
        self.changes.queue.append({"article_id": known.id, "version": known.version})


def _metadata(draft: ArticleDraft) -> Row:
    return {
        "title": draft.title,
        "url": draft.url,
        "outlet": draft.outlet,
        "author": draft.author,
        "published": draft.published,
        "language": draft.language,
        "contributors": list(draft.contributors),
        "summary_only": draft.summary_only,
    }


def _merged(known: Row, draft: ArticleDraft) -> Row:
    """Return the draft's metadata; what it does not know stays as it was known."""
    new = _metadata(draft)
    merged = {name: new[name] or known[name] for name in new}
    return {**merged, "summary_only": draft.summary_only}


def _article(known: Known, text: str) -> Article:
    contributors = tuple(known.metadata["contributors"])
    values = {**known.metadata, "contributors": contributors}
    return Article(id=known.id, version=known.version, text=text, text_hash=known.hash, **values)


def _write(connection: Connection, changes: _Changes) -> None:
    for table, rows in (
        (articles, list(changes.new_articles.values())),
        (article_versions, list(changes.new_versions.values())),
        (sentences, changes.sentences),
        (passages, changes.passages),
        (index_queue, changes.queue),
    ):
        if rows:
            connection.execute(insert(table), rows)
    if changes.moved_articles:
        move = update(articles).where(articles.c.id == bindparam("key"))
        connection.execute(
            move.values(version=bindparam("version"), removed_at=bindparam("removed_at")),
            list(changes.moved_articles.values()),
        )
    for (article, version), values in changes.changed_versions.items():
        connection.execute(
            update(article_versions)
            .where(article_versions.c.article_id == article, article_versions.c.version == version)
            .values(**values)
        )


def _write_copies(connection: Connection, origins: Sequence[str], changes: _Changes) -> None:
    """Write which of `origins` are copies now; the others no longer are."""
    for chunk in chunks(origins):
        connection.execute(delete(article_copies).where(article_copies.c.origin.in_(chunk)))
    if changes.copies:
        connection.execute(insert(article_copies), list(changes.copies.values()))
