import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import GrammarError
from knowledge.model.grammar import (
    ABSTENTION,
    AnswerReader,
    AnswerStyle,
    ParsedAnswer,
    ParsedClaim,
    answer_grammar,
    parse_answer,
)


class GrammarWalker:
    """Writes random strings of a GBNF grammar, knowing nothing of how ours is built."""

    _TOKEN = re.compile(
        r'"(?P<text>(?:\\.|[^"\\])*)"|\[(?P<set>[^\]]+)\]|(?P<rule>[a-z]+)'
        r"|(?P<sign>[()|])|(?P<repeat>\?|\{\d+,\d+\})|(?P<space> +)"
    )

    def __init__(self, grammar: str, seed: int) -> None:
        self._rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines() if line)
        self._random = random.Random(seed)  # noqa: S311 - test data, no secret

    def write(self, rule: str = "root") -> str:
        tokens = [match for match in self._TOKEN.finditer(self._rules[rule]) if not match["space"]]
        text, rest = self._alternatives(tokens)
        assert not rest
        return text

    def _alternatives(self, tokens: list[re.Match[str]]) -> tuple[str, list[re.Match[str]]]:
        options = []
        while True:
            text, tokens = self._sequence(tokens)
            options.append(text)
            if not tokens or tokens[0][0] != "|":
                return self._random.choice(options), tokens
            tokens = tokens[1:]

    def _sequence(self, tokens: list[re.Match[str]]) -> tuple[str, list[re.Match[str]]]:
        written = ""
        while tokens and tokens[0][0] not in {"|", ")"}:
            start = tokens
            piece, tokens = self._item(start)
            count = 1
            if tokens and tokens[0]["repeat"]:
                low, high = self._bounds(tokens[0]["repeat"])
                count = self._random.choice([low, high, self._random.randint(low, high)])
                tokens = tokens[1:]
            for index in range(count):
                written += piece if index == 0 else self._item(start)[0]
        return written, tokens

    def _item(self, tokens: list[re.Match[str]]) -> tuple[str, list[re.Match[str]]]:
        first = tokens[0]
        if first["text"] is not None:
            return first["text"].replace("\\n", "\n"), tokens[1:]
        if first["set"] is not None:
            members = re.findall(r"(.)-(.)|(.)", first["set"])
            low, high, one = self._random.choice(members)
            return one or chr(self._random.randint(ord(low), ord(high))), tokens[1:]
        if first["rule"]:
            return self.write(first["rule"]), tokens[1:]
        text, rest = self._alternatives(tokens[1:])
        assert rest[0][0] == ")"
        return text, rest[1:]

    @staticmethod
    def _bounds(repeat: str) -> tuple[int, int]:
        if repeat == "?":
            return 0, 1
        low, high = repeat.strip("{}").split(",")
        return int(low), int(high)


counts = st.integers(1, 150) | st.sampled_from([9, 10, 11, 99, 100, 101, 199, 200, 987, 999])


@given(count=counts, style=st.sampled_from(AnswerStyle), seed=st.integers(0, 2**32))
def test_every_string_of_the_grammar_parses_back(count: int, style: AnswerStyle, seed: int) -> None:
    text = GrammarWalker(answer_grammar(count, style=style), seed).write()

    answer = parse_answer(text, count, style=style)

    assert answer.abstained == (text == ABSTENTION)
    written = [int(label) for label in re.findall(r"\[(\d+)\]", text)]
    parsed = [label for claim in answer.claims for label in claim.labels]
    assert set(parsed) == set(written)
    assert all(1 <= label <= count for label in parsed)


@given(text=st.text(max_size=60), style=st.sampled_from(AnswerStyle))
def test_any_other_text_is_refused(text: str, style: AnswerStyle) -> None:
    with pytest.raises(GrammarError):
        parse_answer(text, 5, style=style)


@given(count=counts)
def test_label_numbers_are_exactly_those_of_the_evidence(count: int) -> None:
    rule = answer_grammar(count, style="citations").splitlines()[-1]
    pattern = rule.removeprefix('label ::= "[" (').removesuffix(') "]"')
    numbers = re.compile(pattern.replace('"', "").replace(" ", ""))

    assert [n for n in range(1100) if numbers.fullmatch(str(n))] == list(range(1, count + 1))


def test_prose_with_labels_is_read_as_claims() -> None:
    text = "Le pont rouvrira le 1er mars. [2] [11]\nIl a coûté 3,5 millions d’euros.[7][7]"

    assert parse_answer(text, 12, style="redige") == ParsedAnswer(
        (
            ParsedClaim("Le pont rouvrira le 1er mars.", (2, 11)),
            ParsedClaim("Il a coûté 3,5 millions d’euros.", (7,)),
        )
    )


def test_labels_alone_are_one_claim_each() -> None:
    assert parse_answer("[3] [1][3]", 3, style="citations") == ParsedAnswer(
        (ParsedClaim("", (3,)), ParsedClaim("", (1,)))
    )


@pytest.mark.parametrize("style", AnswerStyle)
def test_an_abstention_has_no_claim(style: AnswerStyle) -> None:
    assert parse_answer(ABSTENTION, 4, style=style).abstained


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        " Le pont. [1]",
        "Le pont.",
        "Le pont. [0]",
        "Le pont. [01]",
        "Le pont. [6]",
        "Le pont. [1] [2] [3] [4]",
        "Le pont. [1] ",
        "Le pont. [1]\n",
        "Le pont. [1]\n\nLe bac. [2]",
        "Le maire dit « oui ». [1]",
        "Le maire dit “oui”. [1]",
        'Le maire dit "oui". [1]',
        "Le [2] pont. [1]",
        "<b>Le pont</b> [1]",
        "Мост. [1]",
        "Le pont\x00. [1]",
        "Le pont\u202e. [1]",
        "a" * 321 + " [1]",
        "\n".join(["Le pont. [1]"] * 5),
        f"{ABSTENTION} [1]",
        f"{ABSTENTION}\n",
    ],
)
def test_an_answer_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(GrammarError):
        parse_answer(text, 5, style="redige")


@pytest.mark.parametrize("count", [0, -1, 1000])
def test_a_grammar_needs_a_sensible_number_of_sentences(count: int) -> None:
    with pytest.raises(ValueError, match="999"):
        answer_grammar(count, style="redige")


def read_in_pieces(text: str, count: int, style: AnswerStyle, cuts: list[int]) -> ParsedAnswer:
    """Return what is read of a text that comes in pieces, checking that claims only grow."""
    reader = AnswerReader(count, style=style)
    ends = sorted({min(cut, len(text)) for cut in cuts} | {len(text)})
    claims: list[ParsedClaim] = []
    for start, end in zip([0, *ends], ends, strict=False):
        claims += reader.feed(text[start:end])
    return ParsedAnswer((*claims, *reader.close()))


@given(
    st.sampled_from(AnswerStyle),
    st.integers(1, 30),
    st.integers(0, 2**32),
    st.lists(st.integers(0, 400), max_size=12),
)
def test_an_answer_read_while_it_is_written_is_the_same(
    style: AnswerStyle, count: int, seed: int, cuts: list[int]
) -> None:
    text = GrammarWalker(answer_grammar(count, style=style), seed).write()
    assert read_in_pieces(text, count, style, cuts) == parse_answer(text, count, style=style)


@given(
    st.text(alphabet="Ab1 .[]\n_«é", max_size=30),
    st.sampled_from(AnswerStyle),
    st.lists(st.integers(0, 30), max_size=6),
)
def test_what_parses_and_what_is_read_in_pieces_is_the_same_language(
    text: str, style: AnswerStyle, cuts: list[int]
) -> None:
    try:
        whole = parse_answer(text, 5, style=style)
    except GrammarError:
        with pytest.raises(GrammarError):
            read_in_pieces(text, 5, style, cuts)
    else:
        assert read_in_pieces(text, 5, style, cuts) == whole


def test_a_claim_is_given_with_the_line_break_after_it_and_never_before() -> None:
    reader = AnswerReader(3, style=AnswerStyle.WRITTEN)
    assert reader.feed("Il pleut. [1]") == ()
    assert reader.feed(" [2]") == ()
    assert reader.feed("\nIl ne") == (ParsedClaim("Il pleut.", (1, 2)),)
    assert reader.feed("ige. [3]") == ()
    assert reader.close() == (ParsedClaim("Il neige.", (3,)),)
