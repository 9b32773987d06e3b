"""Is a claim borne out by the sentences it cites? An estimate, and strict on purpose.

Figures, dates and capitalised names of the claim must occur in its cited sentences, it may
neither deny what they affirm nor affirm what they deny or doubt, nor turn «hausse» into
«baisse», and it must be French. A claim that fails loses its wording and is shown as its
quotation, so a wrong refusal costs a little style and never a fact. Who does what to whom is
not checked: «Martin a battu Durand» has all the words of «Durand a battu Martin».
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.search.opposites import says_the_opposite
from knowledge.search.polarity import same_certainty, same_polarity
from knowledge.text.dates import DateMention, find_dates
from knowledge.text.figures import figures, states_figures
from knowledge.text.french import Token, content_stems, fold, tokenise
from knowledge.text.frequency import french_frequencies
from knowledge.text.language import is_french

_CALENDAR = frozenset(
    fold(word)
    for word in """lundi mardi mercredi jeudi vendredi samedi dimanche hier demain avant-hier
    aujourd printemps automne hiver""".split()
)
_SUMMER = re.compile(r"\b(?:cet|l['’]|en|d['’]|l['’]été|prochain) ?été\b", re.IGNORECASE)
_OPENERS = frozenset(
    fold(word)
    for word in """selon d'après cependant ainsi environ près toutefois néanmoins enfin ensuite
    outre malgré grâce parmi dès durant lors afin face plus moins chaque certains certaines
    plusieurs quelque quelques aucun aucune toute tous cela ceci il elle ils elles on pourtant
    fin début mi oui non seul seule seuls seules seulement désormais déjà hier aujourd demain
    lundi mardi mercredi jeudi vendredi samedi dimanche actuellement auparavant jusque jusqu
    suite faute quant contrairement hormis sauf entre autour personne rien nul nulle
    bien puis sinon soit voilà ici là né née nés nées âgé âgée âgés âgées
    ancien ancienne originaire présent présente absent absente élu élue élus élues prévu prévue
    ouvert ouverte venu venue connu connue construit construite inscrit inscrite mis mise""".split()
)
_TITLES = {
    "m": "monsieur", "mm": "messieurs", "mme": "madame", "mmes": "mesdames",
    "mlle": "mademoiselle", "dr": "docteur", "me": "maitre", "pr": "professeur",
}  # fmt: skip
_FULL_TITLES = frozenset(_TITLES.values())
_PARTICIPLE = re.compile(r"[^\W\d_]{3,}(?:é|ée|és|ées)")
_FIRST_NAMES = frozenset(
    "andré aimé désiré rené renée josé josée hervé chloé zoé noé médée".split()
)
_NO_ADVERBS = frozenset(
    fold(word) for word in "clément parlement gouvernement département bâtiment".split()
)


def is_supported(claim: str, cited: Sequence[str]) -> bool:
    """Tell whether the sentences `cited` may be shown as the support of `claim`."""
    if not any(char.isalpha() for char in claim) or not is_french(claim):
        return False
    ground = " \n".join(cited)
    return (
        _shares_words(claim, ground)
        and _states_dates(claim, ground)
        and states_figures(_undated(claim), _undated(ground))
        and same_polarity(claim, cited)
        and same_certainty(claim, cited)
        and not says_the_opposite(claim, cited)
        and _states_names(claim, ground)
    )


def _shares_words(claim: str, ground: str) -> bool:
    words = {stem for stem in content_stems(claim) if not stem[0].isdecimal()}
    return not words or not words.isdisjoint(content_stems(ground))


def _states_dates(claim: str, ground: str) -> bool:
    """Whether each date of the claim is within one of the ground, and so are days and seasons."""
    forms = {fold(token.text) for token in tokenise(ground)}
    if any(fold(t.text) in _CALENDAR and fold(t.text) not in forms for t in tokenise(claim)):
        return False
    if _SUMMER.search(claim) and not _SUMMER.search(ground):
        return False
    told = find_dates(ground)
    plain = {figure.value for figure in figures(ground)}
    return all(
        any(_within(mention, other) for other in told)
        or (mention.month is None and mention.year in plain)  # «deux mille vingt-six»
        for mention in find_dates(claim)
        if mention.year or mention.month
    )


def _within(part: DateMention, whole: DateMention) -> bool:
    return (
        part.year in (None, whole.year)
        and part.month in (None, whole.month)
        and part.day in (None, whole.day)
    )


def _undated(text: str) -> str:
    """Return `text` with its days, months and years blanked: they are no figures."""
    for mention in find_dates(text):
        if mention.year or mention.month:
            span = mention.span
            text = text[: span.start] + "," * (span.end - span.start) + text[span.end :]
    return text


def _states_names(claim: str, ground: str) -> bool:
    words, told = tokenise(claim), tokenise(ground)
    stems = {token.stem for token in told}
    titles = _titles(told)
    if not titles >= _titles(words) and titles & {"monsieur", "madame"}:
        return False
    return all(token.stem in stems for token in _names(claim, words))


def _titles(words: Sequence[Token]) -> set[str]:
    found = {_title(token) for token in words if token.text[0].isupper()}
    return found & {"monsieur", "madame"}


def _title(token: Token) -> str:
    word = fold(token.text)
    return _TITLES.get(word, word)


def _names(text: str, words: Sequence[Token]) -> list[Token]:
    """Return the capitalised words, those that merely open a sentence left out."""
    names = []
    for token in words:
        if not token.text[0].isupper() or token.is_number or _title(token) in _FULL_TITLES:
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
    word, written = fold(token.text), token.text.casefold()
    if token.is_stopword or word in _OPENERS or figures(word):
        return True
    if word.endswith("ment"):
        return word not in _NO_ADVERBS
    if not _PARTICIPLE.fullmatch(written) or written in _FIRST_NAMES:
        return False
    return token.stem in french_frequencies().counts
