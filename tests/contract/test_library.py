"""Looking after a base while it is open: SQLite, Chroma and the index of words for real."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.bootstrap import open_knowledge
from knowledge.errors import IndexingError, NoArticleError, SourceError
from knowledge.holdings import ArticleEntry, Origin
from knowledge.index.records import DerivedIndex, IndexRecord
from knowledge.ports import SaveStatus
from knowledge.service import Indexes, Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.types import RawDocument, article_id

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TEXT = "La halle de Morteval a rouvert samedi. Douze commerçants y tiennent un étal."


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Knowledge]:
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=tmp_path, model=None)
    with closing(open_knowledge(settings)) as knowledge:
        yield knowledge


def document(text: str = TEXT, origin: str = "https://exemple.test/halle") -> RawDocument:
    return RawDocument(text.encode(), origin, media_type="text/plain")


def indexed(base: Knowledge) -> tuple[int, int, int]:
    counts = (base.indexes.dense.count(), base.indexes.lexical.count())
    return (*counts, base.store.current_passage_count())


def test_adding_says_added_updated_or_unchanged_and_indexes_at_once(base: Knowledge) -> None:
    library, origin = base.library, Origin("Morteval", "La Gazette", NOW)
    added = library.add(document(), origin)
    entry = ArticleEntry(
        article_id("https://exemple.test/halle"),
        "Morteval",
        "La Gazette",
        NOW,
        "https://exemple.test/halle",
        2,
    )
    assert (added.status, added.article, added.indexed) == (SaveStatus.ADDED, entry, True)
    assert library.add(document(), origin).status is SaveStatus.UNCHANGED
    updated = library.add(document(TEXT + " Il a plu."), origin)
    assert (updated.status, updated.article.sentences) == (SaveStatus.UPDATED, 3)
    assert len(set(indexed(base))) == 1
    assert library.state().pending == 0


def test_the_same_text_elsewhere_is_unchanged_and_described(base: Knowledge) -> None:
    base.library.add(document(), Origin("Morteval"))
    twin = base.library.add(document(origin="https://autre.test/b"), Origin("Morteval"))
    assert (twin.status, twin.article.sentences) == (SaveStatus.UNCHANGED, 2)
    assert base.summary().articles == 1


def test_what_is_no_article_changes_nothing(base: Knowledge) -> None:
    with pytest.raises(NoArticleError):
        base.library.add(document("12 345"))
    assert base.summary().articles == 0


def test_removing_empties_the_indexes_and_keeps_the_version(base: Knowledge) -> None:
    added = base.library.add(document())
    removed = base.library.remove(added.article.id, now=NOW)
    assert removed == added.article
    assert base.library.remove(added.article.id, now=NOW) is None
    assert base.store.article(added.article.id, 1) is not None
    assert indexed(base) == (0, 0, 0)
    assert base.library.add(document()).status is SaveStatus.ADDED


def test_articles_are_found_by_words_of_title_outlet_and_address(base: Knowledge) -> None:
    library = base.library
    library.add(document("Un texte. Et un autre.", "https://un.test/a"), Origin("L’Élan du marché"))
    library.add(document("Le blé monte.", "https://deux.test/b"), Origin("Blé", "L’Écho"))
    assert library.articles(words="elan MARCHÉ").total == 1
    assert library.articles(words="echo").entries[0].title == "Blé"
    assert library.articles(words="un.test").total == 1
    assert library.articles(words="100%_").total == 0
    assert library.articles(limit=1).total == 2
    assert library.articles(limit=1, offset=2).entries == ()
    found = library.article_at("HTTPS://DEUX.test/b#fin")
    assert found is not None
    assert found.title == "Blé"
    assert library.article_at("pas une adresse") is None


class _Broken:
    """An index that fails, as Chroma does when its files are gone."""

    def __init__(self, index: DerivedIndex) -> None:
        self._index = index

    def upsert(self, records: tuple[IndexRecord, ...]) -> None:
        raise IndexingError("Chroma ne répond pas.")

    def count(self) -> int:
        raise IndexingError("Chroma ne répond pas.")


def test_without_chroma_an_article_is_saved_found_by_words_and_the_trouble_told(
    base: Knowledge,
) -> None:
    broken = replace(base, indexes=Indexes(_Broken(base.indexes.dense), base.indexes.lexical))  # type: ignore[arg-type] # only what is called
    added = broken.library.add(document())
    assert (added.status, added.indexed) == (SaveStatus.ADDED, False)
    assert base.indexes.lexical.count() == 1
    state = broken.library.state()
    assert (state.articles, state.pending, state.dense_error) == (1, 1, "Chroma ne répond pas.")
    again = broken.library.add(document())
    assert again.status is SaveStatus.UNCHANGED
    base.synchronise()
    assert base.library.state().dense_error is None


def test_a_base_that_reads_no_address_says_so(base: Knowledge) -> None:
    with pytest.raises(SourceError):
        replace(base, fetch=None).library.fetch("https://exemple.test/a")
