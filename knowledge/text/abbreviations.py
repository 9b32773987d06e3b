"""French abbreviations, initials and acronyms: whether a full stop ends a sentence.

Three kinds, told apart by what follows them:

- *titles* (M., Dr, cf., bd) are always followed by the name or text that they introduce;
- *numbered* ones (art., p., vol., sept.) are abbreviations only before a number: elsewhere they
  are words (« Il vit de son art. Picasso aussi. ») or the end of the sentence;
- *open* ones (Inc., J.-C., U.E., col.) may end a sentence; then only a following function word
  (Le, Il, Dans…) proves it, since a mere capital may begin a name (U.S. Army).

``etc.`` and the units (min., hab.) are in none: followed by a capital they end their sentence.
"""

from __future__ import annotations

import re

from knowledge.text.openings import CLAUSE, FUNCTION_WORD

_TITLES = frozenset(
    (
        "M MM Mr Mrs Ms Dr Drs Pr Prs Prof Mgr Mme Mmes Mlle Mlles Me Vve St Ste Sts Stes Cdt Cne "
        "Lt Sgt Cpl Adj Gén Gal Col Cap Maj Amb Ph Ch Th Chr Cl Fr Bd bd Boul boul Av av Ap ap apr "
        "fg fbg pl Pl cf Cf conf vs éd Éd coll trad dir ill préf Ets Capt"
    ).split()
)
_NUMBERED = frozenset(
    (
        "art n no nos nº p pp vol chap fig tél tel t ch op v ca c env réf alin par tabl livr l "
        "éq ann janv jan févr fév avr juil sept oct nov déc"
    ).split()
)
_OPEN = frozenset(
    (
        "inc ltd corp co cie sté bros jr sr al col adj gén dép arr rte ex p.ex c.-à-d e.g i.e a.m "
        "p.m op.cit loc.cit sq sqq ss s suiv approx prov univ dépt adm"
    ).split()
)

_TOKEN_LIMIT = 16
_LONGER_THAN_ANY = 7  # letters; no abbreviation above has as many without a dot
# The characters that an abbreviation is made of, back to a space, an elision or a bracket.
_TOKEN = re.compile(r"(?<![\w.\-°])(?:[^\W\d_]|[.\-°])+\Z")
_NUMBER = re.compile(r"\d|[IVX]{1,6}(?![\w’'])|[A-Z](?:\.|\s?\d|[),;])|n[°º]")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]")
# J, J.-P, J.R.R: what stands before a surname.
_INITIALS = re.compile(r"[^\W\d_](?:\.?-[^\W\d_])*")
_DATE_BEFORE = re.compile(r"(?<!\d)\d{1,2}(?:\.\s?\d{1,2})?\Z")
_DATE_AFTER = re.compile(r"\d{1,2}\.\s?\d{2,4}(?!\d)|\d{4}(?!\d)")


def sentence_continues(text: str, stop: int, following: int) -> bool:
    """Tell whether the full stop at `stop` abbreviates and the sentence goes on.

    `following` is the index of the next letter or digit; it is not a lower-case letter (the
    caller has decided that already).
    """
    ending = text[max(0, stop - _LONGER_THAN_ANY) : stop]
    if len(ending) == _LONGER_THAN_ANY and ending.isalpha() and ending.islower():
        return False  # most sentences end so; the rest is ten times slower
    window = text[max(0, stop - _TOKEN_LIMIT) : stop]
    match = _TOKEN.search(window)
    if match is None:
        return text[following].isdigit() and _inside_date(text, window, stop, following)
    token = match.group()
    if token in _TITLES:
        return True
    lowered = token.lower()
    if lowered in _NUMBERED and token not in {"L", "N", "P", "T", "V", "C"}:
        return _NUMBER.match(text, following) is not None
    if lowered in _OPEN:
        return FUNCTION_WORD.match(text, following) is None
    return _initials_continue(text, token, following)


def _initials_continue(text: str, token: str, following: int) -> bool:
    if not token[0].isupper():
        return False
    if _INITIALS.fullmatch(token):
        return CLAUSE.match(text, following) is None
    return _ACRONYM.fullmatch(token) is not None and FUNCTION_WORD.match(text, following) is None


def _inside_date(text: str, window: str, stop: int, following: int) -> bool:
    """Recognise « 12. 03. 2024 », typed with spaces."""
    before = _DATE_BEFORE.search(window)
    if before is None or following - stop > 2:
        return False
    after = _DATE_AFTER.match(text, following)
    # Two numbers are a sentence and the next one (« ils sont 12. 2024 sera… »); a date has three.
    return after is not None and ("." in before.group() or "." in after.group())
