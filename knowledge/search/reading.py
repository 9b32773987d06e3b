"""What a sentence says, read once: its stems, figures, dates, names and turns. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from knowledge.text.dates import DateMention, find_dates
from knowledge.text.french import Token, fold, tokenise
from knowledge.types import Span

_NUMBER_WORDS = frozenset(
    """deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt
    trente quarante cinquante soixante cent cents mille million millions milliard milliards
    dizaine dizaines douzaine vingtaine trentaine quarantaine cinquantaine centaine centaines
    millier milliers moitie tiers quart zero aucun aucune""".split()
)
_PARTICLES = re.compile(
    r"[ \u00a0\u202f](?:(?:de|du|des|d['’]|la|le|les|von|van|of|the|ben|ibn|al|et|sur|en)"
    r"[ \u00a0\u202f]){0,2}$|[-’'.]?[ \u00a0\u202f]?-?$"
)
_REASON = re.compile(
    r"\b(?:car|parce qu|puisqu|en raison d|à cause d|afin d|afin qu|pour [a-zé]+[eri]r\b|grâce à"
    r"|faute d|dû à|due à|en effet|c’est pourquoi|du fait|suite à|raison|justifi|expliqu|motiv|caus"
    r"|permet|étant donné|sous prétexte|pour que|provoqu)",
    re.IGNORECASE,
)
_MANNER = re.compile(
    r"\b(?:en [a-zéè]+ant\b|par\b|grâce à|au moyen d|à l['’]aide d|avec\b|sous forme|selon)",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(?:est|sont|était|désigne|signifie|consiste|appelé|constitue|correspond)\b"
)
_PLACE = re.compile(
    r"(?:\b(?:à|au|aux|en|dans|sur|vers|depuis|près d[eu]|chez|sous|entre)\b|\bd[eu’'])"
    r"[ \u00a0\u202f]?(?:l[ae’']s?[ \u00a0\u202f]?)?(?=[A-ZÀ-Ý])"
)
_PLACE_NOUN = re.compile(
    r"\b(?:à|au|aux|dans|sur|sous|devant|derrière|près)\b[ \u00a0\u202f](?:l[ae’']|un|une|des|ce)"
)
_UNRESOLVED = re.compile(
    r"(?:«\s*)?(?:il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|celles-ci|ce dernier|cette dernière"
    r"|ces derniers|ces dernières|ce|cet|cette|ces|cela|ceci|son|sa|ses|leur|leurs|l['’]élue?"
    r"|y)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """A sentence as it was read; what few questions need is read when first asked for.

    `stems` are all content stems in order. Spans are in code points of the sentence.
    """

    text: str
    tokens: tuple[Token, ...]
    stems: tuple[str, ...]
    stem_set: frozenset[str]

    @cached_property
    def numbers(self) -> tuple[Span, ...]:
        """Figures, in digits or words."""
        return tuple(
            Span(token.start, token.end)
            for token in self.tokens
            if token.is_number or fold(token.text) in _NUMBER_WORDS
        )

    @cached_property
    def date_mentions(self) -> tuple[DateMention, ...]:
        """Dates and times, and what they say."""
        return find_dates(self.text)

    @cached_property
    def dates(self) -> tuple[Span, ...]:
        """Where dates and times stand."""
        return tuple(mention.span for mention in self.date_mentions)

    @cached_property
    def names(self) -> tuple[Span, ...]:
        """Runs of capitalised words, the mere opening of the sentence left out."""
        return tuple(_names(self.text, self.tokens))

    @cached_property
    def has_reason(self) -> bool:
        """Whether a word gives a reason («car», «afin de»)."""
        return _REASON.search(self.text) is not None

    @cached_property
    def has_manner(self) -> bool:
        """Whether a word tells a manner («grâce à», «en votant»)."""
        return _MANNER.search(self.text) is not None

    @cached_property
    def has_place(self) -> bool:
        """Whether a preposition of place stands before a name or a noun."""
        return any(pattern.search(self.text) for pattern in (_PLACE, _PLACE_NOUN))

    @cached_property
    def has_definition(self) -> bool:
        """Whether a verb defines («est», «désigne»)."""
        return _DEFINES.search(self.text) is not None

    @cached_property
    def is_unresolved(self) -> bool:
        """Whether it opens with a pronoun that the sentence before explains."""
        return _UNRESOLVED.match(self.text) is not None

    @property
    def is_question(self) -> bool:
        """Whether it asks."""
        return self._bare.endswith("?")

    @property
    def is_heading(self) -> bool:
        """Whether it ends without a stop."""
        return not self._bare.endswith((".", "!", "?", "…", ";", ":"))

    @cached_property
    def _bare(self) -> str:
        return self.text.rstrip(' »”"’)*')


@lru_cache(maxsize=8192)
def read_sentence(text: str) -> Reading:
    """Return what `text` says. Sentences are read again and again: results are kept."""
    tokens = tokenise(text)
    stems = tuple(token.stem for token in tokens if is_content(token))
    return Reading(text, tokens, stems, frozenset(stems))


def is_content(token: Token) -> bool:
    """Tell whether a token carries meaning, as in :func:`knowledge.text.french.content_stems`."""
    return token.is_number or (not token.is_stopword and len(token.text) > 1)


def _names(text: str, tokens: tuple[Token, ...]) -> list[Span]:
    """Return the runs of capitalised words, joined over particles («Jean de La Fontaine»)."""
    runs: list[list[int]] = []
    for position, token in enumerate(tokens):
        if not token.text[0].isupper() or (token.is_stopword and not runs):
            continue
        if token.is_stopword and not (runs and _joins(text, runs[-1][1], token.start)):
            continue
        if runs and _joins(text, runs[-1][1], token.start):
            runs[-1][1] = token.end
        elif position > 0 or _is_name_like(text, tokens):
            runs.append([token.start, token.end])
    return [Span(start, end) for start, end in runs]


def _joins(text: str, end: int, start: int) -> bool:
    return start - end <= 9 and _PARTICLES.fullmatch(text[end:start]) is not None


def _is_name_like(text: str, tokens: tuple[Token, ...]) -> bool:
    """Whether the first word of a sentence is a name: followed by one, or an acronym."""
    first = tokens[0]
    if len(first.text) > 1 and first.text.isupper():
        return True
    return (
        len(tokens) > 1 and tokens[1].text[0].isupper() and _joins(text, first.end, tokens[1].start)
    )
