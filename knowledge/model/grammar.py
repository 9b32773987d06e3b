"""What a model may answer, as a grammar, and the exact inverse that reads such an answer.

The grammar is GBNF (https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md). It
admits an abstention, or claims that each end with one to three labels of existing evidence. What
it cannot express cannot be said: a label that does not exist, a quotation (prose holds no quote
marks, so that the only words ever shown between them are copied from the store), markup, another
script. Nothing is repaired afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from knowledge.errors import GrammarError

ABSTENTION = "AUCUNE_REPONSE"  # holds a character that no claim may hold
MOST_CLAIMS = 4
MOST_LABELS = 3  # a claim
MOST_EVIDENCE = 999
LONGEST_CLAIM = 320  # characters of prose

# Character classes, valid both in GBNF and in Python's `re`. French letters, not every accent of
# Latin-1: another language then has no way to be written at length.
_LETTERS = "A-Za-zÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŸŒàâäæçèéêëîïôöùûüÿœñ"
_DIGITS = "0-9"
_OTHERS = " \u00a0\u202f.,;:!?…'’()%€°&+/–—-"
_FIRST = f"[{_LETTERS}{_DIGITS}]"
_ANY = f"[{_LETTERS}{_DIGITS}{_OTHERS}]"


class AnswerStyle(StrEnum):
    """How a model answers: prose with labels, or labels alone (for weak models)."""

    WRITTEN = "redige"
    CITATIONS = "citations"


@dataclass(frozen=True, slots=True)
class ParsedClaim:
    """A statement and the distinct labels of its evidence, in the order given.

    `text` is empty in the style ``citations``.
    """

    text: str
    labels: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.labels or len(set(self.labels)) != len(self.labels):
            raise ValueError("a claim has distinct labels, at least one")


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """What a model answered; no claim means abstention."""

    claims: tuple[ParsedClaim, ...]

    @property
    def abstained(self) -> bool:
        """Whether the model found no answer in the evidence."""
        return not self.claims


def answer_grammar(evidence_count: int, *, style: AnswerStyle | str) -> str:
    """Return the GBNF of all answers that rest on the labels 1 to `evidence_count`.

    ``redige``: one to four claims, one a line, each of at most 320 characters and one to three
    labels. ``citations``: one to three labels. Either may be the abstention instead.

    Raises:
        ValueError: `evidence_count` is not in 1..999.
    """
    number = _number_rule(evidence_count)
    labels = f'label (" "? label){{0,{MOST_LABELS - 1}}}'
    if AnswerStyle(style) is AnswerStyle.CITATIONS:
        body = [f'root ::= "{ABSTENTION}" | {labels}']
    else:
        body = [
            f'root ::= "{ABSTENTION}" | claim ("\\n" claim){{0,{MOST_CLAIMS - 1}}}',
            f'claim ::= text " "? {labels}',
            f"text ::= {_FIRST} {_ANY}{{0,{LONGEST_CLAIM - 1}}}",
        ]
    return "\n".join([*body, f'label ::= "[" ({number}) "]"']) + "\n"


def parse_answer(text: str, evidence_count: int, *, style: AnswerStyle | str) -> ParsedAnswer:
    """Return what `text`, an answer within :func:`answer_grammar`, says.

    Raises:
        GrammarError: `text` is not of that grammar; then the grammar and this function, or
            llama.cpp, disagree: a defect, never a thing to mend.
    """
    if text == ABSTENTION:
        return ParsedAnswer(())
    if AnswerStyle(style) is AnswerStyle.CITATIONS:
        labels = _labels(_match(_LABELS, text), evidence_count)
        return ParsedAnswer(tuple(ParsedClaim("", (label,)) for label in labels))
    lines = text.split("\n")
    if len(lines) > MOST_CLAIMS:
        raise _not_of_the_grammar()
    return ParsedAnswer(tuple(_claim(line, evidence_count) for line in lines))


class AnswerReader:
    """Reads an answer while it is written: the claims that :func:`parse_answer` finds, one by one.

    A claim is given when its last label is certain, that is, with the line break or the end that
    follows it. Labels alone are given at the end.
    """

    def __init__(self, evidence_count: int, *, style: AnswerStyle | str) -> None:
        self._evidence_count = evidence_count
        self._style = AnswerStyle(style)
        self._unread = ""
        self._claims = 0

    def feed(self, text: str) -> tuple[ParsedClaim, ...]:
        """Return the claims that the next piece of the answer completes.

        Raises:
            GrammarError: a line is not a claim, or there are too many.
        """
        self._unread += text
        if self._style is AnswerStyle.CITATIONS:
            return ()
        *lines, self._unread = self._unread.split("\n")
        return tuple(self._next(line) for line in lines)

    def close(self) -> tuple[ParsedClaim, ...]:
        """Return the claims that the end of the answer completes.

        Raises:
            GrammarError: what is left is not what an answer ends with.
        """
        if self._claims:
            return (self._next(self._unread),)
        return parse_answer(self._unread, self._evidence_count, style=self._style).claims

    def _next(self, line: str) -> ParsedClaim:
        self._claims += 1
        if self._claims > MOST_CLAIMS:
            raise _not_of_the_grammar()
        return _claim(line, self._evidence_count)


_LABEL = r"\[[1-9][0-9]{0,2}\]"
_LABELS = re.compile(rf"(?P<labels>{_LABEL}(?: ?{_LABEL}){{0,{MOST_LABELS - 1}}})")
_CLAIM = re.compile(rf"(?P<text>{_FIRST}{_ANY}{{0,{LONGEST_CLAIM - 1}}}) ?{_LABELS.pattern}")


def _claim(line: str, evidence_count: int) -> ParsedClaim:
    match = _match(_CLAIM, line)
    return ParsedClaim(match["text"].strip(), _labels(match, evidence_count))


def _labels(match: re.Match[str], evidence_count: int) -> tuple[int, ...]:
    found = tuple(dict.fromkeys(int(label) for label in re.findall(r"\d+", match["labels"])))
    if max(found) > evidence_count:
        raise _not_of_the_grammar()
    return found


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise _not_of_the_grammar()
    return match


def _not_of_the_grammar() -> GrammarError:
    return GrammarError(
        "Le modèle a répondu hors de la forme imposée : c’est un défaut de Sourcier, rien n’est "
        "affiché."
    )


@cache
def _number_rule(largest: int) -> str:
    """Return GBNF alternatives for the numbers 1 to `largest`, without leading zeros.

    By digits rather than one alternative a number: llama.cpp keeps a stack for each alternative.
    """
    if not 1 <= largest <= MOST_EVIDENCE:
        raise ValueError(f"evidence is numbered 1 to {MOST_EVIDENCE} at most, not {largest}")
    ranges: list[str] = []
    for digits in range(1, len(str(largest)) + 1):
        low, high = 10 ** (digits - 1), min(largest, 10**digits - 1)
        ranges += _ranges(str(low), str(high))
    return " | ".join(ranges)


def _ranges(low: str, high: str) -> list[str]:
    """Return digit patterns that together match exactly the numbers `low` to `high`."""
    if low == high:
        return [f'"{low}"']
    if len(low) == 1:
        return [f"[{low}-{high}]"]
    if low[0] == high[0]:
        return [f'"{low[0]}" ({" | ".join(_ranges(low[1:], high[1:]))})']
    rest = len(low) - 1
    patterns: list[str] = []
    first, last = int(low[0]), int(high[0])
    if low[1:] != "0" * rest:
        patterns += _ranges(low, low[0] + "9" * rest)
        first += 1
    whole_last = high[1:] == "9" * rest
    middle = last if whole_last else last - 1
    if first <= middle:
        patterns.append(" ".join([f"[{first}-{middle}]", *["[0-9]"] * rest]))
    if not whole_last:
        patterns += _ranges(high[0] + "0" * rest, high)
    return patterns
