"""What saving, versions, twins, removal and reading promise, on SQLite for real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.ports import BaseSummary, SaveStatus, SegmentedText
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.types import Article, Citation, Passage, Sentence, Span, article_id, text_hash
from tests.bases import NOW, TEXT, draft, segmented
from tests.empty_base import place_empty_base

ORIGIN = "https://exemple.test/a"
IDENTIFIER = article_id(ORIGIN)
PUBLISHED = datetime(2026, 1, 14, 6, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    opened = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    yield opened
    opened.close()


def _save(store: SqlArticleStore, origin: str, text: str = TEXT, **values: object) -> SaveStatus:
    return store.save(draft(origin, text, **values), segmented(text), now=NOW).status


def test_an_article_is_read_back_as_it_was_saved(store: SqlArticleStore) -> None:
    outcome = store.save(
        draft(
            url=ORIGIN,
            outlet="La Gazette",
            author="A. Rédac",
            published=PUBLISHED,
            contributors=("Photo : B. Lumière",),
        ),
        segmented(TEXT),
        now=NOW,
    )
    expected = Article(
        id=IDENTIFIER,
        version=1,
        title="La piscine rouvre",
        text=TEXT,
        text_hash=text_hash(TEXT),
        url=ORIGIN,
        outlet="La Gazette",
        author="A. Rédac",
        published=PUBLISHED,
        contributors=("Photo : B. Lumière",),
    )
    assert outcome.status is SaveStatus.ADDED
    assert outcome.article == expected
    assert store.article(IDENTIFIER) == expected
    assert store.articles([IDENTIFIER, "unknown"]) == {IDENTIFIER: expected}
    assert store.list_articles() == (expected,)


def test_an_unknown_article_is_none(store: SqlArticleStore) -> None:
    assert store.article("unknown") is None
    assert store.article("unknown", 1) is None
    assert store.sentences("unknown", 1) == ()


def test_sentences_are_slices_of_the_text_with_their_speaker(store: SqlArticleStore) -> None:
    segments = replace(segmented(TEXT), speech=(None, None, "Claire Dubreuil"))
    store.save(draft(), segments, now=NOW)
    assert store.sentences(IDENTIFIER, 1) == tuple(
        Sentence(IDENTIFIER, 1, index, span, span.of(TEXT), speech)
        for index, (span, speech) in enumerate(
            zip(segments.sentences, segments.speech, strict=True)
        )
    )


def test_passages_and_their_sentences_are_slices_of_the_text(store: SqlArticleStore) -> None:
    segments = segmented(TEXT)
    store.save(draft(), segments, now=NOW)
    spans = segments.sentences
    first = Span(spans[0].start, spans[1].end)
    second = Span(spans[2].start, spans[2].end)
    expected = {
        f"{IDENTIFIER}.1.0": Passage(
            f"{IDENTIFIER}.1.0", IDENTIFIER, 1, 0, 0, 1, first, first.of(TEXT)
        ),
        f"{IDENTIFIER}.1.1": Passage(
            f"{IDENTIFIER}.1.1", IDENTIFIER, 1, 1, 2, 2, second, second.of(TEXT)
        ),
    }
    asked = [f"{IDENTIFIER}.1.1", "nonsense", f"{IDENTIFIER}.9.0", f"{IDENTIFIER}.1.0"]
    found = store.passages(asked)
    assert found == expected
    assert list(found) == [asked[0], asked[3]]
    sentences = store.sentences(IDENTIFIER, 1)
    assert store.sentences_of(list(expected.values())) == {
        f"{IDENTIFIER}.1.0": sentences[:2],
        f"{IDENTIFIER}.1.1": sentences[2:],
    }


def test_the_same_origin_and_text_changes_nothing(store: SqlArticleStore) -> None:
    _save(store, ORIGIN)
    store.mark_indexed(store.pending(passages=10))
    outcome = store.save(draft(), segmented(TEXT), now=NOW)
    assert outcome.status is SaveStatus.UNCHANGED
    assert outcome.article.version == 1
    assert store.pending_count() == 0


def test_a_changed_text_is_a_new_version_and_old_quotations_resolve(
    store: SqlArticleStore,
) -> None:
    _save(store, ORIGIN)
    old = store.sentences(IDENTIFIER, 1)
    changed = TEXT.replace("4 mai", "11 mai")
    outcome = store.save(draft(text=changed), segmented(changed), now=NOW)
    assert outcome.status is SaveStatus.UPDATED
    assert outcome.article.version == 2
    assert store.article(IDENTIFIER) == outcome.article
    first = store.article(IDENTIFIER, 1)
    assert first is not None
    assert store.sentences(IDENTIFIER, 1) == old
    assert Citation.of_sentence(old[0], first).quote == old[0].text
    assert store.passages([f"{IDENTIFIER}.1.0"]) == {}
    assert set(store.passages([f"{IDENTIFIER}.2.0"])) == {f"{IDENTIFIER}.2.0"}


def test_a_text_that_comes_back_is_a_third_version(store: SqlArticleStore) -> None:
    changed = TEXT.replace("4 mai", "11 mai")
    statuses = [_save(store, ORIGIN, text) for text in (TEXT, changed, TEXT)]
    assert statuses == [SaveStatus.ADDED, SaveStatus.UPDATED, SaveStatus.UPDATED]
    current = store.article(IDENTIFIER)
    assert current is not None
    assert (current.version, current.text) == (3, TEXT)


def test_the_same_text_elsewhere_is_the_article_already_kept(store: SqlArticleStore) -> None:
    kept = store.save(draft(), segmented(TEXT), now=NOW).article
    outcome = store.save(draft("https://exemple.test/copie"), segmented(TEXT), now=NOW)
    assert (outcome.status, outcome.article) == (SaveStatus.UNCHANGED, kept)
    assert store.summary().articles == 1


def test_a_known_article_may_take_the_text_of_another(store: SqlArticleStore) -> None:
    _save(store, "a", "Le premier texte.")
    _save(store, "b", "Le second texte.")
    assert _save(store, "a", "Le second texte.") is SaveStatus.UPDATED


def test_a_corrected_title_or_date_replaces_the_old_and_is_indexed_again(
    store: SqlArticleStore,
) -> None:
    _save(store, ORIGIN, outlet="La Gazette")
    store.mark_indexed(store.pending(passages=10))
    corrected = draft(title="La piscine rouvre enfin", published=PUBLISHED)
    outcome = store.save(corrected, segmented(TEXT), now=NOW)
    assert outcome.status is SaveStatus.UNCHANGED
    assert (outcome.article.version, outcome.article.title) == (1, "La piscine rouvre enfin")
    assert (outcome.article.published, outcome.article.outlet) == (PUBLISHED, "La Gazette")
    assert store.article(IDENTIFIER) == outcome.article
    assert [row.version for row in store.pending(passages=10)] == [1]


def test_a_removed_article_leaves_search_and_its_quotations_resolve(
    store: SqlArticleStore,
) -> None:
    _save(store, ORIGIN)
    assert store.remove(IDENTIFIER, now=NOW)
    assert not store.remove(IDENTIFIER, now=NOW)
    assert not store.remove("unknown", now=NOW)
    assert store.article(IDENTIFIER) is None
    assert store.list_articles() == ()
    assert store.passages([f"{IDENTIFIER}.1.0"]) == {}
    assert store.current_passage_ids() == frozenset()
    kept = store.article(IDENTIFIER, 1)
    assert kept is not None
    assert kept.text == TEXT
    assert len(store.sentences(IDENTIFIER, 1)) == 3


def test_a_removed_article_that_is_saved_again_is_back(store: SqlArticleStore) -> None:
    _save(store, ORIGIN)
    store.remove(IDENTIFIER, now=NOW)
    outcome = store.save(draft(), segmented(TEXT), now=NOW)
    assert (outcome.status, outcome.article.version) == (SaveStatus.ADDED, 1)
    assert store.article(IDENTIFIER) == outcome.article
    store.remove(IDENTIFIER, now=NOW)
    assert _save(store, ORIGIN, "Un autre texte.") is SaveStatus.ADDED
    current = store.article(IDENTIFIER)
    assert current is not None
    assert (current.version, current.text) == (2, "Un autre texte.")


def test_a_removed_article_is_no_twin(store: SqlArticleStore) -> None:
    _save(store, "a")
    store.remove(article_id("a"), now=NOW)
    assert _save(store, "b") is SaveStatus.ADDED


def test_a_batch_is_decided_in_order(store: SqlArticleStore) -> None:
    _save(store, "a", "Premier.")
    texts = [
        ("b", "Deuxième."),  # new
        ("b", "Deuxième."),  # the same again
        ("c", "Deuxième."),  # its twin
        ("b", "Deuxième, corrigé."),  # its next version
        ("d", "Deuxième."),  # no twin any more
        ("a", "Premier, corrigé."),
        ("e", "Premier."),  # what a said before
    ]
    outcomes = store.save_many(
        [(draft(origin, text), segmented(text)) for origin, text in texts], now=NOW
    )
    statuses = [outcome.status for outcome in outcomes]
    added, updated, unchanged = SaveStatus.ADDED, SaveStatus.UPDATED, SaveStatus.UNCHANGED
    assert statuses == [added, unchanged, unchanged, updated, added, updated, added]
    assert {article.text: article.version for article in store.list_articles()} == {
        "Deuxième, corrigé.": 2,
        "Deuxième.": 1,
        "Premier, corrigé.": 2,
        "Premier.": 1,
    }


def test_a_batch_with_an_impossible_span_stores_nothing(store: SqlArticleStore) -> None:
    bad = SegmentedText((Span(0, 5), Span(3, 9)), (None, None), ((0, 1),))
    with pytest.raises(ValueError, match="sentence 1"):
        store.save_many([(draft("a"), segmented(TEXT)), (draft("b"), bad)], now=NOW)
    assert store.summary() == BaseSummary(0, 0, 0, None, ())


@pytest.mark.parametrize(
    "bad",
    [
        SegmentedText((Span(0, 5),), (), ()),
        SegmentedText((Span(0, 0),), (None,), ()),
        SegmentedText((Span(0, 10_000),), (None,), ()),
        SegmentedText((Span(0, 5),), (None,), ((0, 1),)),
        SegmentedText((Span(0, 5), Span(5, 9)), (None, None), ((1, 1), (0, 0))),
    ],
)
def test_spans_that_are_not_of_the_text_are_refused(
    store: SqlArticleStore, bad: SegmentedText
) -> None:
    with pytest.raises(ValueError, match=r"sentence|passage"):
        store.save(draft(), bad, now=NOW)


def test_the_newest_are_listed_first_and_unknown_dates_last(store: SqlArticleStore) -> None:
    days = {"a": 3, "b": None, "c": 9, "d": 5}
    for origin, day in days.items():
        published = None if day is None else datetime(2026, 1, day, tzinfo=UTC)
        _save(store, origin, f"Texte {origin}.", published=published)
    listed = [article.text for article in store.list_articles()]
    assert listed == ["Texte c.", "Texte d.", "Texte a.", "Texte b."]
    assert [one.text for one in store.list_articles(limit=2, offset=1)] == listed[1:3]


def test_the_summary_counts_what_is_current(store: SqlArticleStore) -> None:
    assert store.summary() == BaseSummary(0, 0, 0, None, ())
    _save(store, "a", "Un. Deux. Trois.", published=PUBLISHED, outlet="B")
    _save(store, "b", "Quatre.", outlet="A")
    _save(store, "b", "Cinq. Six.", outlet="A")
    _save(store, "c", "Sept.", outlet="C")
    store.remove(article_id("c"), now=NOW)
    assert store.summary() == BaseSummary(2, 5, 3, PUBLISHED, ("A", "B"))


def test_text_of_any_script_keeps_its_offsets(store: SqlArticleStore) -> None:
    text = "L’été 🌞 à Nîmes : 1 500 € « déjà ». \u0000 Fin\u00a0!"
    store.save(draft(text=text), segmented(text), now=NOW)
    article = store.article(IDENTIFIER)
    assert article is not None
    assert article.text == text
    for sentence in store.sentences(IDENTIFIER, 1):
        assert sentence.span.of(article.text) == sentence.text


def test_what_looks_like_sql_is_text(store: SqlArticleStore) -> None:
    nasty = "'; DROP TABLE articles; --"
    _save(store, nasty, f"{nasty}.", title=nasty, outlet=nasty)
    assert store.summary().outlets == (nasty,)
    assert store.article(nasty) is None
    assert store.passages([f"{nasty}.1.0"]) == {}


_TEXTS = st.sampled_from(["Un.", "Un. Deux.", "Deux.", "Trois. Quatre. Cinq."])
_ORIGINS = st.sampled_from(["a", "b", "c"])
_SAVES = st.lists(st.tuples(_ORIGINS, st.none() | _TEXTS), max_size=12)


@settings(max_examples=30, deadline=None)
@given(saves=_SAVES)
def test_whatever_is_saved_and_removed_every_version_stays(
    tmp_path_factory: pytest.TempPathFactory, saves: list[tuple[str, str | None]]
) -> None:
    store = open_store(tmp_path_factory.mktemp("base") / "base.sqlite3")
    seen: dict[tuple[str, int], str] = {}
    try:
        for origin, text in saves:
            if text is None:
                store.remove(article_id(origin), now=NOW)
                continue
            article = store.save(draft(origin, text), segmented(text), now=NOW).article
            assert article.text == text
            assert seen.setdefault((article.id, article.version), text) == text
        for (identifier, version), text in seen.items():
            article_then = store.article(identifier, version)
            assert article_then is not None
            assert article_then.text == text
            joined = [sentence.text for sentence in store.sentences(identifier, version)]
            assert "".join(joined) == text
    finally:
        store.close()
