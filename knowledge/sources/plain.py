"""Plain text to an extraction: front matter, else a title from the first line."""

from __future__ import annotations

import re
from datetime import datetime

from knowledge.sources.dates import read_date
from knowledge.sources.extraction import Extraction
from knowledge.sources.front_matter import split_front_matter
from knowledge.text.characters import normalise
from knowledge.text.paragraphs import looks_like_headline
from knowledge.text.residue import is_residue

_LONGEST_QUESTION = 120  # a headline may be a question; longer, it is a paragraph
_LEADING_LINES = 8  # furniture («Accueil», «Publicité») that may stand before the title
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].{1,20})?")


def read_plain(text: str, *, now: datetime) -> Extraction:
    """Return the extraction of a plain text. The title, where it is a line, leaves the text."""
    values, body = split_front_matter(normalise(text))
    if "title" in values:
        return with_front_matter(Extraction(body), values, now=now)
    title, rest = split_title(body)
    return with_front_matter(Extraction(rest, title=title), values, now=now)


def with_front_matter(
    extraction: Extraction, values: dict[str, str], *, now: datetime
) -> Extraction:
    """Return `extraction` completed with front matter, which wins over what the text shows."""
    if not values:
        return extraction
    return Extraction(
        extraction.text,
        title=values.get("title") or extraction.title,
        outlet=values.get("outlet") or extraction.outlet,
        author=values.get("author") or extraction.author,
        published=read_date(values.get("published", ""), now=now) or extraction.published,
        url=values.get("url") or extraction.url,
        language=primary_language(values.get("language")) or extraction.language,
    )


def split_title(text: str) -> tuple[str | None, str]:
    """Return the title that stands alone on the first line of `text`, and the rest.

    Lines of furniture before it are passed over. No title: None and `text` itself.
    """
    lines = text.split("\n", _LEADING_LINES)
    for index, line in enumerate(lines[:_LEADING_LINES]):
        if not line or is_residue(line):
            continue
        rest = "\n".join(lines[index + 1 :])
        question = line[-1] in "?!" and len(line) <= _LONGEST_QUESTION
        alone = rest.startswith("\n") and rest.strip()
        if alone and (question or looks_like_headline(line)):
            return line, rest
        break
    return None, text


def primary_language(tag: str | None) -> str | None:
    """Return the primary subtag of a language tag (BCP 47), small, or None if it is no tag."""
    match = _LANGUAGE.fullmatch((tag or "").strip())
    return match[1].lower() if match else None
