"""What a search of the lexical index asks of FTS5: its expression and its conditions."""

from __future__ import annotations

import sqlite3

from knowledge.index.records import to_microseconds
from knowledge.index.spelling import corrections
from knowledge.index.vocabulary import passage_counts
from knowledge.text.french import content_stems, content_terms, stem
from knowledge.types import SearchFilter

_MAXIMUM_STEMS = 48  # of a query, the rarest
_SCORED_PASSAGES = 2_000  # where the rarer stems already match so many, commoner ones are left out


def match_expression(connection: sqlite3.Connection, query: str) -> str | None:
    """Return the FTS5 expression for the stems of `query`; None if none occurs.

    A word that the index does not know is searched as what it may have been before a typing
    error (:mod:`knowledge.index.spelling`). BM25 gives a stem that half of the passages hold no
    weight at all, while scoring each of them takes time: rare stems go first, and a stem is left
    out once enough passages match.
    """
    stems = sorted(set(content_stems(query)))
    known = passage_counts(connection, stems)
    unknown = [term for term in dict.fromkeys(content_terms(query)) if stem(term) not in known]
    known |= corrections(connection, unknown)
    chosen: list[str] = []
    matched = 0
    for frequency, term in sorted((doc, term) for term, doc in known.items())[:_MAXIMUM_STEMS]:
        if chosen and matched + frequency > _SCORED_PASSAGES:
            break
        chosen.append('"' + term.replace('"', '""') + '"')
        matched += frequency
    return " OR ".join(chosen) if chosen else None


def filter_conditions(
    where: SearchFilter | None,
) -> tuple[str, list[int | str | None]]:
    """Return the SQL that limits a search to `where`, and its values."""
    if where is None:
        return "", []
    text = ""
    values: list[int | str | None] = []
    if where.published_from is not None:
        text += " AND passages.published >= ?"
        values.append(to_microseconds(where.published_from))
    if where.published_to is not None:
        text += " AND passages.published <= ?"
        values.append(to_microseconds(where.published_to))
    if where.outlets is not None:
        text += f" AND passages.outlet IN ({','.join('?' * len(where.outlets))})"
        values += sorted(where.outlets)
    return text, values
