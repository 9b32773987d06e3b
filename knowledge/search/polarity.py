"""Does a claim affirm what its sentences deny, or say as certain what they give as possible? Pure.

Method: the scope of a cue runs from the cue to the end of its clause, as NegEx has it (Chapman et
al. 2001, «A simple algorithm for identifying negated findings»). A word that the sentences have
only within such a scope may not stand outside of one in the claim. «ne … que» restricts and does
not deny.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.text.french import content_stems, fold, stem

# The run is looked at once: time is linear in the length of the text.
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|$)|\n")
_CLAUSE_END = re.compile(
    r"[,;:()—–]|\b(?:mais|car|puisque|parce que|parce qu'|alors que|tandis que|toutefois)\b"
)
_RESTRICTION = re.compile(
    r"\b(?:ne |n')(?:(?!\b(?:pas|jamais|rien|aucune?|guere|ni|personne)\b|[,;:]).){0,60}?"
    r"\bqu(?:e\b|')|\bpas (?:seulement|uniquement)\b"
)
_DENIAL = re.compile(
    r"\b(?:ne\b|n'|pas\b|jamais\b|aucune?\b|nul(?:le)? ne\b|personne n|rien\b|ni\b|sans\b|guere\b"
    r"|faux qu|ni(?:e|ent|ait|aient|er|ant) (?:avoir|etre|que|qu'|toute?|les?|la|l')"
    r"|dement(?:i|ir|ie|ent|ait)?\b|refut(?:e|er|ent|ait)\b|contest(?:e|er|ent|ait)\b"
    r"|refus(?:e|er|ent|ait|ees?|es|a|ant)?\b|rejet(?:te|tent|er|ees?|es|e|a)\b"
    r"|renonc(?:e|er|ent|ait|a)\b)"
)
# Before folding: «fermerait» is a conditional, and «espérait» an imperfect.
_HEDGE = re.compile(
    r"\b(?:peut-être|probablement|vraisemblablement|éventuellement|sans doute"
    r"|(?:se|au|pour|dev|fe|i|viend|voud|fau|permett|sau|tiend|ver|prend|rend)?r(?:ait|aient)\b"
    r"|\w{2,}erai(?:t|ent)\b|sembl(?:e|ent)\b|envisag\w+|soupçonn\w+|accusée?s?\b|présumée?s?\b"
    r"|hypothèse|rumeurs?|s'ils?\b|si (?:les?|la|l'|une?|des|on|elles?|ce|cette)\b)",
    re.IGNORECASE,
)
_BORN = re.compile(r"\bné\b", re.IGNORECASE)  # folded, it would be «ne»
_NEVER = re.compile(r"\bjamais\b")
_NOBODY = re.compile(r"\b(?:personne ne|personne n'|nul(?:le)? ne|aucune?)\b")


# «il a refusé lundi»: the day is not denied.
_DAYS = frozenset(
    stem(word) for word in "lundi mardi mercredi jeudi vendredi samedi dimanche hier demain".split()
)


@dataclass(frozen=True, slots=True)
class _Scopes:
    """The stems of a text: those in the scope of a cue, in order, and those outside of any."""

    cued: bool
    inside: tuple[str, ...]
    outside: frozenset[str]


def same_polarity(claim: str, ground: Sequence[str]) -> bool:
    """Tell whether `claim` denies only what the sentences of `ground` deny, and the reverse."""
    said, told = _plain(claim), _plain("\n".join(ground))
    if any(cue.search(said) and not cue.search(told) for cue in (_NEVER, _NOBODY)):
        return False
    return _agree(_scopes(said, _DENIAL), _scopes(told, _DENIAL))


def same_certainty(claim: str, ground: Sequence[str]) -> bool:
    """Tell whether `claim` gives as possible only what `ground` does, and the reverse."""
    said, told = claim.replace("’", "'"), "\n".join(ground).replace("’", "'")
    return _agree(_scopes(said, _HEDGE), _scopes(told, _HEDGE))


def _plain(text: str) -> str:
    return _RESTRICTION.sub(" seulement ", fold(_BORN.sub("naît", text)))


def _agree(claim: _Scopes, ground: _Scopes) -> bool:
    cued = set(ground.inside)
    only_cued = cued - ground.outside - _DAYS
    if not only_cued.isdisjoint(claim.outside):
        return False
    if not claim.cued:
        return True
    if not ground.cued:
        return False
    known = [one for one in claim.inside if one in cued or one in ground.outside]
    return not known or known[0] in cued


def _scopes(text: str, cue: re.Pattern[str]) -> _Scopes:
    inside: list[str] = []
    outside: list[str] = []
    cued = False
    for sentence in _SENTENCE_END.split(text):
        carried = False  # «n’a pas, malgré tout, démissionné»: no word yet in the scope
        for clause in _CLAUSE_END.split(sentence):
            match = cue.search(clause)
            start = 0 if carried else match.start() if match else len(clause)
            outside += content_stems(clause[:start])
            reach = content_stems(cue.sub(" ", clause[start:]))
            inside += reach
            carried = carried or (match is not None and not reach)
            cued = cued or match is not None
    return _Scopes(cued, tuple(inside), frozenset(outside))
