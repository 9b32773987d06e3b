"""Answers that a model of ours writes on purpose: llama.cpp admits what our grammar reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.model.engine import LlamaGenerator
from knowledge.model.grammar import (
    ABSTENTION,
    LONGEST_CLAIM,
    AnswerReader,
    AnswerStyle,
    ParsedClaim,
    answer_grammar,
)
from knowledge.ports import FinishReason
from knowledge.types import Prompt, PromptMessage, PromptPart
from tests.scripted_models import write_scripted_model

EVIDENCE = 12
LETTERS = "ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŸŒàâäæçèéêëîïôöùûüÿœñ"
MARKS = "A\u00a0b\u202fc.,;:!?…'’()%€°&+/–—-9"
LONGEST = ("mot " * LONGEST_CLAIM)[: LONGEST_CLAIM - 1] + "."


def prompt(text: str) -> Prompt:
    system = PromptMessage("system", (PromptPart("Réponds.", trusted=True),))
    return Prompt((system, PromptMessage("user", (PromptPart(text, trusted=False),))), "answer.v1")


@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize(
    ("style", "answer", "claims"),
    [
        (
            AnswerStyle.WRITTEN,
            f"La piscine ouvre. [1]\nEn mars. [2][12] [3]\n{LETTERS} {MARKS}[7]\n{LONGEST}[2]",
            [
                ParsedClaim("La piscine ouvre.", (1,)),
                ParsedClaim("En mars.", (2, 12, 3)),
                ParsedClaim(f"{LETTERS} {MARKS}", (7,)),
                ParsedClaim(LONGEST, (2,)),
            ],
        ),
        (
            AnswerStyle.CITATIONS,
            "[4] [11] [1]",
            [ParsedClaim("", (4,)), ParsedClaim("", (11,)), ParsedClaim("", (1,))],
        ),
        (AnswerStyle.WRITTEN, ABSTENTION, []),
        (AnswerStyle.CITATIONS, ABSTENTION, []),
    ],
)
def test_an_answer_of_the_grammar_is_written_and_read_to_the_letter(
    style: AnswerStyle, answer: str, claims: list[ParsedClaim], temperature: float, tmp_path: Path
) -> None:
    path = write_scripted_model(tmp_path / "script.gguf", answer)
    grammar = answer_grammar(EVIDENCE, style=style)
    reader = AnswerReader(EVIDENCE, style=style)
    with LlamaGenerator(path, context_tokens=4096, threads=1) as generator:
        for asked in ("Quand ouvre la piscine ?", answer, answer):  # read whole, then a kept prefix
            pieces = list(
                generator.complete(
                    prompt(asked), grammar=grammar, max_tokens=400, temperature=temperature
                )
            )
            assert "".join(piece.text for piece in pieces) == answer
            assert pieces[-1].finish is FinishReason.STOP
    found = [claim for piece in pieces for claim in reader.feed(piece.text)]
    assert [*found, *reader.close()] == claims
    assert len(pieces) > 1


@pytest.mark.parametrize("answer", ["", " ", "Un mot. ", "mot mot mot"])
def test_what_no_model_can_be_made_to_write_is_refused(answer: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no word"):
        write_scripted_model(tmp_path / "script.gguf", answer)
