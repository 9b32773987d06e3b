"""One article told in a few of its sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.digest.one_article import article_at, summarise_article, telling_sentences
from knowledge.errors import CitationError
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.types import Article, ArticleId, text_hash
from tests.empty_base import place_empty_base
from tests.news import POOL, draft, read, save

REPEATED = (
    "Lundi 4 mai, le conseil municipal de Valmorin a voté la reconstruction de la piscine. "
    "Le conseil municipal de Valmorin a voté la reconstruction de la piscine lundi 4 mai. "
    "Le chantier coûtera 18 millions d’euros. Il durera deux ans."
)


def told(text: str) -> list[str]:
    return [one.sentence.text for one in telling_sentences(read(draft(text)))]


def test_three_to_five_sentences_are_told_in_the_order_of_the_article() -> None:
    sentences = told(POOL)
    assert 3 <= len(sentences) <= 5
    assert sentences == sorted(sentences, key=POOL.index)
    assert sentences[0].startswith("Lundi 4 mai, le conseil municipal")
    long = " ".join(
        f"Le maire de Brumont a inauguré l’école numéro {number} mardi {number} mai."
        for number in range(1, 30)
    )
    assert len(told(long)) <= 5


def test_what_was_told_is_not_told_again_and_one_sentence_is_enough() -> None:
    sentences = told(REPEATED)
    assert sum("reconstruction" in sentence for sentence in sentences) == 1
    assert "Le chantier coûtera 18 millions d’euros." in sentences
    assert told("Il pleut.") == ["Il pleut."]


def test_what_opens_a_list_or_breaks_a_quotation_gives_way() -> None:
    text = (
        "Le conseil de Valmorin a adopté lundi le budget de la ville. Le budget prévoit, entre "
        "autres dépenses de la ville, trois chantiers : La piscine rouvrira en mars 2027 après "
        "dix mois de travaux. La ligne de tramway sera prolongée jusqu’à la gare de Brumont. "
        "L’école Jean-Moulin accueillera 120 élèves de plus à la rentrée."
    )
    assert all(not sentence.endswith(":") for sentence in told(text))


class _Edited(SqlArticleStore):
    """Gives another text for each article as soon as its sentences were read."""

    def articles(self, article_ids: Iterable[ArticleId]) -> Mapping[ArticleId, Article]:
        text = POOL.replace("Valmorin", "Vermelle")
        return {
            key: replace(article, text=text, text_hash=text_hash(text))
            for key, article in super().articles(article_ids).items()
        }


def test_the_quotations_of_one_article_are_compared_with_the_store(tmp_path: Path) -> None:
    store = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    save(store, draft())
    (article,) = store.list_articles()
    quoted = summarise_article(article.id, store=store)
    assert [one.quote for one in quoted] == told(article.text)
    assert summarise_article("f" * 32, store=store) == ()
    with pytest.raises(CitationError):
        summarise_article(article.id, store=_Edited(store.database, store_id=store.store_id))
    store.close()


def test_an_address_is_known_in_its_other_forms_and_the_first_known_link_counts() -> None:
    base: dict[str, ArticleId] = {"https://a.test/x": "1", "http://b.test/y/": "2"}

    def known(origins: object) -> dict[str, ArticleId]:
        return {key: base[key] for key in base if key in set(origins)}  # type: ignore[call-overload]  # any iterable

    assert article_at(["http://a.test/x/?utm_source=z#bas"], known) == "1"
    assert article_at(["https://c.test/", "https://b.test/y", "https://a.test/x"], known) == "2"
    assert article_at(["javascript:alert(1)", "https://"], known) is None
