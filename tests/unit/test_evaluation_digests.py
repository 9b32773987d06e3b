"""The marks are honest, and our sentences are better than the lead and than the library's."""

import importlib.util

import pytest

from knowledge.evaluation import digests


def test_every_shipped_article_has_marked_sentences_that_are_its_own() -> None:
    articles, gold = digests.shipped_articles(), digests.gold_news()
    assert gold.keys() == articles.keys()
    for name, texts in gold.items():
        own = {sentence.text for sentence in articles[name].sentences}
        assert texts
        assert own.issuperset(texts)


def test_ours_tells_more_news_than_the_lead_and_repeats_less() -> None:
    results = digests.measure()
    for half in ("shipped a", "shipped b", "copies"):
        ways = results[half]
        ours, best = ways["ours"], max(ways[way].coverage or 0.0 for way in ways if way != "ours")
        assert ours.coverage is not None
        assert ours.coverage >= best + 0.3
        assert ours.unresolved <= ways["lead"].unresolved
    copies = results["copies"]
    assert copies["ours"].shown == 36
    assert copies["ours"].redundancy < min(
        copies[way].redundancy for way in copies if way != "ours"
    )
    assert "copies, ours" in digests.table(results)
    assert digests.as_json(results).keys() == results.keys()


def test_the_libraries_to_compare_with_are_in_the_table() -> None:
    if importlib.util.find_spec("sumy") is None:
        pytest.skip("sumy is a development dependency")
    assert digests.sumy_picks().keys() == {"LexRank", "TextRank"}
