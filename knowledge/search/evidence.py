"""Which sentences a model is shown, numbered, within a budget of tokens. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from knowledge.model.prompting import LABEL_TOKENS
from knowledge.types import Article, ArticleId, Evidence, Hit, PassageId, Sentence

_TOKENS_OF_JOINTS = 6  # the pieces of a heading are read apart, and a blank line ends its article


def select_evidence(
    hits: Sequence[Hit],
    sentences: Mapping[PassageId, Sequence[Sentence]],
    articles: Mapping[ArticleId, Article],
    *,
    budget_tokens: int,
    count_tokens: Callable[[str], int],
    count_heading: Callable[[Article], int],
) -> tuple[Evidence, ...]:
    """Return the sentences of the best whole passages that fit, labelled from 1.

    Passages are taken by score while the budget lasts; one that does not fit is skipped, and
    the sentences of the best passage are taken one by one if even it does not. They are then
    ordered by article and by place, never by score, so that two questions on the same passages
    give prompts with the same beginning (llama.cpp then reads it once). `count_tokens` counts
    those of a sentence, `count_heading` those of the line that stands above an article's.
    """
    chosen: dict[tuple[ArticleId, int], tuple[Sentence, float]] = {}
    headed: set[ArticleId] = set()
    left = budget_tokens
    for position, hit in enumerate(hits):
        article = articles.get(hit.passage.article_id)
        if article is None or article.version != hit.passage.version:
            continue
        header = 0 if article.id in headed else count_heading(article) + _TOKENS_OF_JOINTS
        told = sentences.get(hit.passage.id, ())
        fresh = [one for one in told if (one.article_id, one.index) not in chosen]
        costs = [count_tokens(one.text) + LABEL_TOKENS for one in fresh]
        if header + sum(costs) > left:
            if position > 0:
                continue
            fresh, costs = _fitting(fresh, costs, left - header)
        if fresh:
            left -= header + sum(costs)
            headed.add(article.id)
            chosen.update({(one.article_id, one.index): (one, hit.score) for one in fresh})
    return tuple(
        Evidence(label, sentence, articles[sentence.article_id], score)
        for label, (_, (sentence, score)) in enumerate(sorted(chosen.items()), 1)
    )


def _fitting(
    sentences: list[Sentence], costs: list[int], budget: int
) -> tuple[list[Sentence], list[int]]:
    """Return the first sentences whose costs fit."""
    count, spent = 0, 0
    while count < len(costs) and spent + costs[count] <= budget:
        spent += costs[count]
        count += 1
    return sentences[:count], costs[:count]
