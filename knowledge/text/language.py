"""Is a short text French? A check on function words, made for claims of a few words to a few lines.

Method: count function words that belong to one language only (Grefenstette 1995, «Comparing two
language identification schemes»). It refuses what is plainly another language and accepts what
has no function word at all («Valmorin, 12 mars»), because the support check looks at the rest.
"""

from __future__ import annotations

import unicodedata

from knowledge.text.french import tokenise

_FRENCH = frozenset(
    """le la les l' un une des du de d' et est sont été était a ont au aux ce cette ces son sa ses
    leur leurs il elle ils elles on nous vous que qui dans pour par sur avec sans plus ne pas mais
    ou où selon après avant depuis entre chez dont se s' n' qu' c' j' y en""".split()
)
_FOREIGN = frozenset(
    """the of and is are was were has have been with from that this which will would not his her
    their they he she it for by an as at into
    der die das und ist sind wurde mit von nicht ein eine den dem auf für
    el los las una del y es son fue con por para que se su
    il lo gli della nel che di è sono stato per con
    o os as do da dos das em um uma não com foi
    het een van zijn werd niet""".split()
)
_FRENCH_ONLY = _FRENCH - _FOREIGN
_FOREIGN_ONLY = _FOREIGN - _FRENCH
_LATIN_SHARE = 0.9


def is_french(text: str) -> bool:
    """Tell whether `text` may be shown as French; True for a text without telling words."""
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return False
    latin = sum("LATIN" in unicodedata.name(char, "") for char in letters)
    if latin < _LATIN_SHARE * len(letters):
        return False
    words = [token.text.casefold() for token in tokenise(text)]
    french = sum(word in _FRENCH_ONLY for word in words)
    foreign = sum(word in _FOREIGN_ONLY for word in words)
    return foreign == 0 or french > foreign
