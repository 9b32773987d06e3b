"""«la Coupe» is not «coupé»: words that only a last accent keeps apart. Pure.

Stems have no accents, so that a question typed without any is understood; «la coupe du monde»
would be found in «un hameau coupé du monde». Where the question means the plain letter, the
sentence's word is another form of it and matches as a derived word does, not as the same one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.search.matching import as_other_form
from knowledge.search.reading import Reading, is_content
from knowledge.text.french import Token, fold, tokenise

_PLAIN = ("e", "es")
_ACCENTED = ("é", "és")
_WRITES_ACCENTS = re.compile(r"[éèê]", re.IGNORECASE)
_FEMININE = re.compile(r"\b(?:la|une|cette|ma|ta|sa|quelle)\s+\Z", re.IGNORECASE)
_LONGEST_BEFORE = 12  # characters: an article and its spaces
# Feminine nouns in «-é» end so («santé», «moitié», «clé»): typed without accents they tell nothing.
_MAY_BE_ACCENTED = re.compile(r"(?:t|ti|cl)es?\Z")


def plain_words(question: str) -> frozenset[str]:
    """Return the words of `question`, folded, whose last «e» is surely not an «é».

    Their writer uses accents elsewhere in it, or gives the word a feminine article, which no
    participle has.
    """
    writes = _WRITES_ACCENTS.search(question) is not None
    return frozenset(
        fold(token.text)
        for token in tokenise(question)
        if not token.is_stopword
        and token.text.casefold().endswith(_PLAIN)
        and (writes or _is_feminine_noun(question, token))
    )


def _is_feminine_noun(question: str, token: Token) -> bool:
    before = question[max(0, token.start - _LONGEST_BEFORE) : token.start]
    ambiguous = _MAY_BE_ACCENTED.search(fold(token.text)) is not None
    return not ambiguous and _FEMININE.search(before) is not None


def set_apart(reading: Reading, plain: frozenset[str]) -> Reading:
    """Return `reading` with the stems changed of its words in «-é» that are `plain` but for it."""
    if not plain or not any(_is_accented(token, plain) for token in reading.tokens):
        return reading
    tokens = tuple(
        replace(token, stem=as_other_form(token.stem)) if _is_accented(token, plain) else token
        for token in reading.tokens
    )
    stems = tuple(token.stem for token in tokens if is_content(token))
    return Reading(reading.text, tokens, stems, frozenset(stems))


def _is_accented(token: Token, plain: frozenset[str]) -> bool:
    return token.text.endswith(_ACCENTED) and fold(token.text) in plain
