"""Does a sentence stand alone, or does it open on what only the one before explains? Pure."""

from __future__ import annotations

import re

_OPENING = r"(?:[«“\"–—-]\s*)?"
_PRONOUN = re.compile(
    rf"{_OPENING}(?:"
    r"elles?\b|ils\b|il\b(?!\s(?:faut|faudra|fallait|fallut|est (?:tombé|prévu|question|interdit)"
    r"|s['’]agit|y (?:a|aura|avait)|restera?\b|reste\b|suffi|a (?:fallu|suffi|plu)|pleut|semble"
    r"|manque|était \d|est \d))"
    r"|(?:celui|celle|ceux|celles)(?:-ci|-là)?\b|cela\b|ceci\b|ça\b"
    r"|c['’](?:est|était|en)\b|ce (?:sont|fut|qui|que)\b|ce n['’](?:est|était)\b"
    r"|(?:cet|cette|ces|ce)\s[^\W\d_]+|(?:son|sa|ses|leurs?)\s[^\W\d_]+"
    r"|(?:le|la) (?:premi[eè]re?|seconde?|même|sienne?)\b|l['’]un[e]?\b|l['’]autre\b"
    r"|(?:tou(?:s|tes)|aucune?|certaine?s|chacune?|beaucoup|plusieurs|d['’]autres)\s"
    r"(?:ont|a|sont|avaient|étaient|sera|seront|font)\b"
    r"|on y\b|y\b|en voici\b|là\b|derrière,|dessous,"
    r")",
    re.IGNORECASE,
)
_CONNECTOR = re.compile(
    rf"{_OPENING}(?:par ailleurs|cependant|toutefois|pourtant|néanmoins|en revanche|en effet"
    r"|de (?:son|leur) côté|mais|or|car|donc|et|ainsi|aussi|enfin|ensuite|puis|d['’]autre part"
    r"|de plus|en outre|au contraire|à l['’]inverse|malgré cela|pour autant|du coup|d['’]où"
    r"|en conséquence|par conséquent|résultat|autre|même chose|entre-temps|en attendant|depuis"
    r"|auparavant|parallèlement|dans le même temps|dès lors|à ce stade|par précaution|quant)"
    r"(?=[\s,:])(?!\s(?:le|la|les|l['’]|un|une|des|\d)[^,]*\d{4})",
    re.IGNORECASE,
)


def opens_unresolved(text: str) -> bool:
    """Tell whether `text` begins with «Il», «Cette décision», «Par ailleurs» and the like.

    An impersonal «il» («Il faut», «Il est tombé») points at nothing, and stands alone.
    """
    return _PRONOUN.match(text) is not None or _CONNECTOR.match(text) is not None
