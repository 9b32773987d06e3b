"""Does a claim say «hausse» where its sentences say «baisse»? A small table of opposites. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.text.french import content_stems, stem

_CLAUSE_END = re.compile(r"[,;:()—–\n]|\.\s|\b(?:mais|et|alors que|tandis que)\b")


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


# A direction that no sentence gives is refused, whichever word the sentences use instead.
_DIRECTIONS = (
    (
        _stems("augmenter augmentation hausse grimper progresser croître accroître bondir"),
        _stems("baisser baisse diminuer diminution chuter chute reculer recul réduire réduction"),
    ),
    (_stems("doubler double doublement"), frozenset[str]()),
    (_stems("tripler triple triplement"), frozenset[str]()),
)
_OPPOSITES = tuple(
    (_stems(one), _stems(other))
    for one, other in (
        ("ouvrir rouvrir ouverture réouverture", "fermer fermeture"),
        ("gagner remporter victoire vainqueur", "perdre défaite battu"),
        ("accepter approuver adopter autoriser", "refuser rejeter interdire interdiction"),
        ("acquitter relaxer", "condamner"),
        ("acheter acquérir achat", "vendre vente céder"),
        ("embaucher recruter", "licencier supprimer"),
        ("commencer débuter début", "terminer finir fin achever"),
        ("monter hausse", "descendre baisse"),
        ("nord", "sud"),
        ("gauche", "droite"),
        ("premier", "dernier"),
        ("présent", "absent"),
        ("vrai", "faux"),
        ("légal", "illégal"),
        ("majorité", "minorité"),
        ("maximum", "minimum"),
    )
)


def says_the_opposite(claim: str, ground: Sequence[str]) -> bool:
    """Tell whether `claim` has a word of which the sentences of `ground` have the contrary."""
    said = frozenset(content_stems(claim))
    clauses = [
        frozenset(content_stems(clause))
        for sentence in ground
        for clause in _CLAUSE_END.split(sentence)
    ]
    told = frozenset[str]().union(*clauses)
    for pair in (*_DIRECTIONS, *_OPPOSITES):
        for word, contrary in (pair, pair[::-1]):
            if not said & word or said & contrary:
                continue
            if not told & word and (told & contrary or pair in _DIRECTIONS):
                return True
            if told & contrary and not _nearest(said, word, contrary, clauses):
                return True
    return False


def _nearest(
    said: frozenset[str],
    word: frozenset[str],
    contrary: frozenset[str],
    clauses: Sequence[frozenset[str]],
) -> bool:
    """Whether the clause of `word` or `contrary` that is nearest to the claim has `word`."""
    rest = said - word - contrary
    telling = [clause for clause in clauses if clause & (word | contrary)]
    best = max(len(rest & clause) for clause in telling)
    return any(clause & word for clause in telling if len(rest & clause) == best)
