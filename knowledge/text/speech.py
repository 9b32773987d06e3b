"""Who is quoted: the speaker that the text itself names beside a quotation.

Precision before recall. A speaker is given only for a quotation (« », “ ” or " ") that stands in
one of the explicit French constructions:

- after it: « … », a déclaré X; « … », selon X;
- before it: X a déclaré : « … »; X a prévenu que … « … »; selon X, « … »;
- within it, when nothing stands around it: « …, a déclaré X. … ».

All sentences of one quotation get its speaker. Pronouns (a-t-il dit), verbs that are not listed in
`reporting`, pairs of speakers and constructions that disagree give ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.text.reporting import (
    ANAPHORS,
    CIRCUMSTANCE,
    FULL_NAME,
    SPEAKER,
    SUBJECT,
    VERB,
)
from knowledge.types import Span

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n|\r\s*\r|\u2029")
# One level of nesting; a quotation that is never closed is none.
_QUOTATION = re.compile(r"«[^«»]*+(?>(?:«[^«»]*+»[^«»]*+)*)»|“[^“”]*+”")
_STRAIGHT_QUOTATION = re.compile(r'"[^"]++"')
_REACH = 240  # characters on either side of a quotation in which its attribution may stand

_LETTER = re.compile(r"[^\W\d_]")
_COMMA = r"\s{0,3},\s*+"
_INVERTED = rf"{VERB}(?:\s+{CIRCUMSTANCE}){{0,2}}\s+{SPEAKER}"
_SOURCE = r"(?:[Ss]elon|[Dd][’']après)"
_ASIDE = r"(?:,[^,«»“”\".:;]{1,80},)?"

_AFTER = re.compile(rf"{_COMMA}{_INVERTED}")
_SOURCE_AFTER = re.compile(rf"{_COMMA}{_SOURCE}\s+{SPEAKER}")
# Without a comma the quotation may be the subject: « Ville propre » explique ce succès.
_AFTER_EXCLAMATION = re.compile(rf"\s*+{_INVERTED}")
_BEFORE = (
    re.compile(
        rf"(?:[^«»“”\".!?:;]{{0,80}},\s+)?{SUBJECT}{_ASIDE}\s+{VERB}(?:\s[^«»“”\".!?:;]{{0,100}})?\s*:\s*\Z"
    ),
    re.compile(
        rf"(?:.{{0,240}}[,;:]\s+)?{_SOURCE}\s+{SPEAKER},\s(?:[^«»“”\",.:;]{{0,60}})\Z", re.DOTALL
    ),
)
_REPORTED = re.compile(
    rf"{SUBJECT}{_ASIDE}\s+{VERB}(?:\s+{CIRCUMSTANCE}){{0,2}}\s+(?:que\s|qu[’'])"
)
_WITHIN = re.compile(rf"{_COMMA}{_INVERTED}\s*(?=[,.;:!?])")
_DETERMINED = re.compile(
    r"(?:L[ea]s?|Une?|Son|Sa|Ses|Leurs?|Cet|Cette|Ces?|Des|Deux|L[’'])\s?[a-zß-ÿœ]"
)
# « cet arboriculteur de 57 ans »: the phrase stopped at the figure.
_DANGLING = re.compile(r"(?:\s+(?:de|du|des|le|la|les|d[’'])|[’'-])+\Z")
_PAIR = re.compile(r"\s+(?:et|ou)\s")
# « le « bûcher de Montségur » »: a short phrase after a determiner is mentioned, not said.
_MENTION = re.compile(
    r"(?<![\w])(?:le|la|les|un|une|des|du|de|ce|cette|son|sa|ses|nom|terme|mot|dite?s?|appelée?s?"
    r"|surnommée?s?|intitulée?s?|[ldLD][’'])\s*\Z"
)
_MENTION_WORDS = 5
_TERM_WORDS = 2  # « loi Tesco », d’après la chaîne: the name is explained, nobody speaks
_VERB = re.compile(rf"(?<![\w’']){VERB}")


def attribute_speech(text: str, spans: Sequence[Span]) -> tuple[str | None, ...]:
    """Return who is quoted in each sentence of `text`, or ``None`` where the text does not tell.

    `spans` are the sentences in order, as `split_sentences` gives them. A speaker is the text's
    own words, its white space normalised and a leading determiner in lower case.
    """
    speakers: list[set[str]] = [set() for _ in spans]
    first = 0
    for quotation in _quotations(text):
        while first < len(spans) and spans[first].end <= quotation.start:
            first += 1
        last = first
        while last < len(spans) and spans[last].start < quotation.end:
            last += 1
        if first == last:
            continue
        speaker = _speaker_of(text, quotation, spans[first], spans[last - 1])
        for index in range(first, last):
            speakers[index] |= speaker
    return tuple(next(iter(found)) if len(found) == 1 else None for found in speakers)


def _quotations(text: str) -> Iterator[Span]:
    """Yield the outermost quotations in order; none crosses a paragraph."""
    start = 0
    while start <= len(text):
        paragraph = _PARAGRAPH_BREAK.search(text, start)
        end = paragraph.start() if paragraph else len(text)
        pattern = _QUOTATION
        if "«" not in text[start:end] and "“" not in text[start:end]:
            pattern = _STRAIGHT_QUOTATION if text.count('"', start, end) % 2 == 0 else _QUOTATION
        for match in pattern.finditer(text, start, end):
            if _LETTER.search(match.group()):
                yield Span(match.start(), match.end())
        start = paragraph.end() if paragraph else len(text) + 1


def _speaker_of(text: str, quotation: Span, first: Span, last: Span) -> set[str]:
    after = text[quotation.end : min(last.end, quotation.end + _REACH)]
    before = text[max(first.start, quotation.start - _REACH) : quotation.start]
    said = quotation.of(text)
    mentioned = len(said.split()) <= _MENTION_WORDS + 2 and _MENTION.search(before) is not None
    speakers = _named_after(said, after) | (set() if mentioned else _named_before(before))
    if not speakers and not after.lstrip(" .,"):
        speakers = {name for match in _WITHIN.finditer(said) if (name := _name(match, said))}
    return speakers if len(speakers) == 1 else set()


def _named_after(said: str, after: str) -> set[str]:
    match = _AFTER.match(after)
    if match is None and said[:-1].rstrip().endswith(("!", "?", "…")):
        match = _AFTER_EXCLAMATION.match(after)
    if match is None and len(said.split()) > _TERM_WORDS + 2:
        match = _SOURCE_AFTER.match(after)
    name = _name(match, after)
    return {name} if name else set()


def _named_before(before: str) -> set[str]:
    found = {name for pattern in _BEFORE if (name := _name(pattern.match(before), before))}
    reported = _REPORTED.match(before)
    # A second verb before the quotation: it may be the one that introduces it.
    if reported and not _VERB.search(before, reported.end()):
        name = _name(reported, before)
        return found | {name} if name else found
    return found


def _name(match: re.Match[str] | None, context: str) -> str | None:
    """Return the speaker of a match, or ``None`` if the phrase does not name one."""
    if match is None:
        return None
    following = context[match.end("speaker") :]
    if _PAIR.match(following):
        return None  # a pair, of which only half was read
    phrase = _DANGLING.sub("", " ".join(match["speaker"].split()))
    role = phrase[:1].islower() or _DETERMINED.match(phrase) is not None
    full_name = FULL_NAME.match(following)
    if role and full_name:
        return " ".join(full_name["name"].split())
    if role:
        phrase = phrase[:1].lower() + phrase[1:]
    return None if phrase.replace("'", "’") in ANAPHORS else phrase
