"""Is a claim borne out by the sentences it cites? An estimate, and strict on purpose.

Figures, dates and capitalised names of the claim must occur in its cited sentences, the claim
may not deny what they affirm, and it must be French. A claim that fails loses its wording and
is shown as its quotation, so a wrong refusal costs a little style and never a fact.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.text.figures import states_figures
from knowledge.text.french import Token, fold, tokenise
from knowledge.text.language import is_french

_CALENDAR = frozenset(
    fold(word)
    for word in """janvier février mars avril mai juin juillet août septembre octobre novembre
    décembre lundi mardi mercredi jeudi vendredi samedi dimanche hier demain avant-hier
    aujourd""".split()
)
_NEGATIONS = frozenset({"ne", "n", "pas", "jamais", "aucun", "aucune", "ni", "sans", "rien"})
_OPENERS = frozenset(
    fold(word)
    for word in """selon d'après cependant ainsi environ près toutefois néanmoins enfin ensuite
    outre malgré grâce parmi dès durant lors afin face plus moins chaque certains certaines
    plusieurs quelque quelques aucun aucune toute tous cela ceci il elle ils elles on""".split()
)


def is_supported(claim: str, cited: Sequence[str]) -> bool:
    """Tell whether the sentences `cited` may be shown as the support of `claim`."""
    if not any(char.isalpha() for char in claim) or not is_french(claim):
        return False
    ground = " \n".join(cited)
    if not states_figures(claim, ground):
        return False
    words = tokenise(claim)
    ground_words = tokenise(ground)
    if _denies(claim) and not _denies(ground):
        return False
    ground_stems = {token.stem for token in ground_words}
    ground_forms = {fold(token.text) for token in ground_words}
    if any(fold(t.text) in _CALENDAR and fold(t.text) not in ground_forms for t in words):
        return False
    return all(token.stem in ground_stems for token in _names(claim, words))


def _denies(text: str) -> bool:
    pieces = fold(text).replace("'", " ").split()
    return any(piece.strip(".,;:!?()«»") in _NEGATIONS for piece in pieces)


def _names(text: str, words: Sequence[Token]) -> list[Token]:
    """Return the capitalised words, those that merely open a sentence left out."""
    names = []
    for token in words:
        if not token.text[0].isupper() or token.is_number:
            continue
        if _opens_sentence(text, token) and _is_common(token):
            continue
        names.append(token)
    return names


def _opens_sentence(text: str, token: Token) -> bool:
    before = text[: token.start].rstrip(" \u00a0\u202f«“\"'’(")
    elided = before[-1:].isalpha() and len(before) <= 2  # «L’» or «D’» opened the claim
    return not before or elided or before[-1] in ".!?…:"


def _is_common(token: Token) -> bool:
    word = fold(token.text)
    return token.is_stopword or word in _OPENERS or word.endswith("ment")
