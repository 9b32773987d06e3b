"""An answer as the JSON object that scripts read: ``sourcier ask --json`` and ``--batch``."""

from __future__ import annotations

from typing import Any

from bot.views.plain import render_plain
from knowledge.types import Answer, Article, Citation


def answer_object(answer: Answer, *, seconds: float) -> dict[str, Any]:
    """Return the object of `answer`; `seconds` is how long it took.

    ``start`` and ``end`` are code points of that version of the article's text, half-open, and
    ``quote`` is that slice.
    """
    return {
        "mode": answer.mode.value,
        "abstained": answer.abstained,
        "answer": render_plain(answer),
        "claims": [
            {"text": claim.text, "citations": [_citation(c) for c in claim.citations]}
            for claim in answer.claims
        ],
        "near": [article_object(article) for article in answer.near],
        "confidence": answer.confidence,
        "seconds": round(seconds, 4),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "quote": citation.quote,
        "start": citation.span.start,
        "end": citation.span.end,
        "version": citation.article.version,
        "highlight": citation.highlight.of(citation.article.text) if citation.highlight else None,
        "speech": citation.speech,
        "article": article_object(citation.article),
    }


def article_object(article: Article) -> dict[str, Any]:
    """Return what identifies `article` to a reader; times are ISO 8601 in UTC."""
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
    }
