"""From a question and its evidence to a prompt that is read once.

The order is: instructions, the articles, then today's date and the question. The articles come in
an order of their own, whatever their scores, so that a second question on the same passages has
the same beginning, which llama.cpp then need not read again. Every text from outside is an
untrusted part.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from knowledge.model.templates import PromptTemplate
from knowledge.text.days import written_day
from knowledge.types import Article, Evidence, Prompt, PromptMessage, PromptPart, Sentence

FRAME_TOKENS = 128  # left for the chat template, the date and blanks
LABEL_TOKENS = 6  # of «[12] » and the line's end, about
LONGEST_SENTENCE = 600  # characters shown to the model; quotations are never shortened
_LONGEST_TITLE = 200
_LONGEST_OUTLET = 80
_LONGEST_QUESTION = 1000


def reading_order(article: Article, sentence: Sentence) -> tuple[str, str, int, int]:
    """Return the key by which evidence is ordered, and should be numbered: never by score.

    Oldest article first and undated ones before, then by article, then as in the text.
    """
    published = article.published.isoformat() if article.published else ""
    return (published, article.id, article.version, sentence.index)


def render_prompt(
    template: PromptTemplate, *, question: str, evidence: Sequence[Evidence], now: datetime
) -> Prompt:
    """Return the prompt that asks `question` about `evidence`, each sentence under its own label.

    `evidence` may come in any order; number it by :func:`reading_order` for the prompt's
    beginning to stay the same from one question to the next.

    Raises:
        ValueError: there is no evidence, or two sentences have one label.
    """
    labels = [item.label for item in evidence]
    if not labels or len(set(labels)) != len(labels):
        raise ValueError("a prompt needs evidence, each under a label of its own")
    values = {
        "articles": _articles(evidence),
        "date": [PromptPart(written_day(now), trusted=True)],
        "question": [PromptPart(_shortened(question, _LONGEST_QUESTION), trusted=False)],
    }
    parts: list[PromptPart] = []
    for index, piece in enumerate(template.user_pieces()):
        parts += values[piece] if index % 2 else [PromptPart(piece, trusted=True)]
    system = PromptMessage("system", (PromptPart(template.system, trusted=True),))
    user = PromptMessage("user", tuple(part for part in parts if part.text))
    return Prompt((system, user), template.version)


def shown_to_model(sentence: str) -> str:
    """Return `sentence` as the prompt shows it: on one line, at most 600 characters."""
    return _shortened(sentence, LONGEST_SENTENCE)


def question_to_model(question: str, carried: Sequence[str] = ()) -> str:
    """Return `question` as the prompt shows it, with the words it takes from the one before."""
    if carried:
        question = f"{question} (suite de la question sur : {', '.join(carried)})"
    return _shortened(question, _LONGEST_QUESTION)


def article_heading(article: Article) -> str:
    """Return the line that stands above the sentences of `article` in the prompt."""
    return "".join(part.text for part in _heading(article))


def _articles(evidence: Sequence[Evidence]) -> list[PromptPart]:
    ordered = sorted(evidence, key=lambda item: reading_order(item.article, item.sentence))
    parts: list[PromptPart] = []
    for _, group in groupby(ordered, key=lambda item: (item.article.id, item.article.version)):
        items = list(group)
        parts += _heading(items[0].article)
        for item in items:
            parts += [
                PromptPart(f"[{item.label}] ", trusted=True),
                PromptPart(shown_to_model(item.sentence.text), trusted=False),
                PromptPart("\n", trusted=True),
            ]
        parts.append(PromptPart("\n", trusted=True))
    return parts


def _heading(article: Article) -> list[PromptPart]:
    parts = [
        PromptPart("Article : ", trusted=True),
        PromptPart(_shortened(article.title, _LONGEST_TITLE), trusted=False),
    ]
    if article.outlet:
        parts += [
            PromptPart(" — ", trusted=True),
            PromptPart(_shortened(article.outlet, _LONGEST_OUTLET), trusted=False),
        ]
    if article.published:
        parts.append(PromptPart(f", {written_day(article.published)}", trusted=True))
    return [*parts, PromptPart("\n", trusted=True)]


def _shortened(text: str, longest: int) -> str:
    """Return `text` on one line, cut at a word if it is longer than `longest` characters."""
    line = " ".join(text[: longest * 4].split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > longest // 2 else cut).rstrip() + "…"
