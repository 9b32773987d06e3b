from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import GrammarError
from knowledge.model.grammar import ABSTENTION, answer_grammar, parse_answer
from knowledge.model.sampling import Chooser, GrammarState
from knowledge.model.weights import ModelWeights
from tests.tiny_models import fixture_tiny_chat_path  # noqa: F401 - fixture


@pytest.fixture(scope="module")
def weights(tiny_chat_path: Path) -> Iterator[ModelWeights]:
    loaded = ModelWeights(tiny_chat_path)
    yield loaded
    loaded.close()


@pytest.mark.parametrize(
    "grammar",
    ["", " ", 'root ::= "a" {', "root ::= [a", "root ::= missing", 'x ::= "a"', 'root ::= root "a"',
     'root ::= ("a"', 'root ::= "\0"', "n’importe quoi"],
)  # fmt: skip
def test_a_malformed_grammar_is_an_error_not_a_crash(weights: ModelWeights, grammar: str) -> None:
    with pytest.raises(GrammarError):
        GrammarState(grammar, weights.vocabulary)


@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.5])
@pytest.mark.parametrize("seed", range(20))
def test_the_chosen_token_is_that_of_masking_the_whole_vocabulary(
    weights: ModelWeights, temperature: float, seed: int
) -> None:
    state = GrammarState("root ::= [a-c] [0-9]", weights.vocabulary)
    logits = np.random.default_rng(seed).normal(0, 3, weights.vocabulary_size).astype(np.float32)
    everything = np.arange(weights.vocabulary_size)
    admitted = state.admitted(everything)

    token = Chooser(temperature=temperature, seed=seed, grammar=state).choose(logits)

    assert admitted[token]
    if temperature == 0.0:
        assert token == int(np.where(admitted, logits, -np.inf).argmax())
    assert [state.admits(int(number)) for number in everything[:300]] == admitted[:300].tolist()


def test_lots_are_drawn_in_proportion_to_likelihood(weights: ModelWeights) -> None:
    probabilities = np.array([0.5, 0.3, 0.15, 0.05 - 1e-6, 1e-6])
    logits = np.log(probabilities).astype(np.float32)
    chooser = Chooser(temperature=1.0, seed=1, grammar=None)
    drawn = Counter(chooser.choose(logits) for _ in range(4000))

    # min-p at 0.05: what is less than a twentieth of the likeliest is never drawn.
    assert set(drawn) == {0, 1, 2, 3}
    for token, probability in enumerate(probabilities[:4]):
        assert abs(drawn[token] / 4000 - probability) < 0.03


def test_an_answer_can_end_only_where_the_grammar_does(weights: ModelWeights) -> None:
    state = GrammarState('root ::= "a" "b"?', weights.vocabulary)
    (letter,) = weights.tokens("a", special=False)
    (end,) = weights.tokens("<|im_end|>", special=True)

    assert not state.admits(end)
    state.accept(letter)
    assert state.admits(end)


def test_a_grammar_that_the_vocabulary_cannot_write_is_an_error(weights: ModelWeights) -> None:
    state = GrammarState("root ::= [a-z]", weights.vocabulary)
    logits = np.full(weights.vocabulary_size, -np.inf, dtype=np.float32)

    with pytest.raises(GrammarError, match="impasse"):
        Chooser(temperature=1.0, seed=0, grammar=state).choose(logits)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("redige", "L’élève a dit : 3,5\u202f%… [1] [{n}]\nOù ? (Là-bas) [{n}]"),
        ("citations", "[{n}] [1][{n}]"),
        ("redige", ABSTENTION),
        ("citations", ABSTENTION),
    ],
)
@pytest.mark.parametrize("count", [1, 9, 10, 37, 100, 999])
def test_llama_cpp_reads_our_grammar_as_we_do(
    weights: ModelWeights, style: str, text: str, count: int
) -> None:
    answer = text.replace("{n}", str(count))
    state = GrammarState(answer_grammar(count, style=style), weights.vocabulary)
    (end,) = weights.tokens("<|im_end|>", special=True)
    for token in weights.tokens(answer, special=False):
        assert state.admits(token)
        state.accept(token)

    assert state.admits(end)
    assert parse_answer(answer, count, style=style).abstained == (text == ABSTENTION)


@pytest.mark.parametrize("text", ["« ", "[0", "[6", "[1] [2] [3] [", "<", "Le pont « ", 'Le "'])
def test_llama_cpp_refuses_what_we_refuse(weights: ModelWeights, text: str) -> None:
    state = GrammarState(answer_grammar(5, style="redige"), weights.vocabulary)
    refused = False
    for token in weights.tokens(text, special=False):
        if not state.admits(token):
            refused = True
            break
        state.accept(token)

    assert refused
