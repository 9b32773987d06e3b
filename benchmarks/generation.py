"""What the engine costs beside plain llama-cpp-python: ``python -m benchmarks.generation``.

A random-weight model of 30M parameters (8 layers of 512, vocabulary of 16,384) is written for the
run. Figures are ratios to plain ``Llama.create_completion`` with the same tokens and grammar, runs
interleaved, medians: on a shared machine only ratios mean something.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.figures import print_figures
from knowledge.model.engine import LlamaGenerator
from knowledge.model.grammar import answer_grammar
from knowledge.types import Prompt, PromptMessage, PromptPart
from tests.tiny_models import THIRTY_MILLION, write_chat_model

PROMPT_TOKENS = 880
ANSWER_TOKENS = 48
GRAMMAR = answer_grammar(12, style="redige")
_WORDS = "Le conseil municipal a voté la rénovation de la piscine mardi soir. "


def prompt(subject: str, question: str, repeats: int) -> Prompt:
    """Return a prompt on passages about `subject`, the question last."""
    passages = f"Article sur {subject}. " + _WORDS * repeats
    parts = (
        PromptPart("Articles :\n", trusted=True),
        PromptPart(passages, trusted=False),
        PromptPart(f"\nQuestion : {question}", trusted=False),
    )
    system = PromptMessage("system", (PromptPart("Réponds en français.", trusted=True),))
    return Prompt((system, PromptMessage("user", parts)), "benchmark")


def repeats_for(generator: LlamaGenerator) -> int:
    """Return how many sentences make a prompt of about 880 tokens."""
    empty = len(generator.prompt_tokens(prompt("le pont", "Qui ?", 0)))
    one = len(generator.prompt_tokens(prompt("le pont", "Qui ?", 1))) - empty
    return max(1, (PROMPT_TOKENS - empty) // one)


def timed(
    generator: LlamaGenerator, asked: Prompt, *, tokens: int = ANSWER_TOKENS
) -> tuple[float, float, int]:
    """Return seconds to the first token, seconds in all, and how many tokens came."""
    began = time.perf_counter()
    first = 0.0
    count = 0
    for count, _ in enumerate(
        generator.complete(asked, grammar=GRAMMAR, max_tokens=tokens, temperature=0.8, seed=1), 1
    ):
        if count == 1:
            first = time.perf_counter() - began
    return first, time.perf_counter() - began, count


def plain_first_token(model: Any, grammar: Any, tokens: list[int]) -> float:
    """Return the seconds that llama-cpp-python takes to its first token, from an empty cache."""
    model.reset()
    began = time.perf_counter()
    for _ in model.create_completion(
        tokens, max_tokens=4, temperature=0.8, seed=1, grammar=grammar, stream=True
    ):
        break
    return time.perf_counter() - began


def against_plain(
    generator: LlamaGenerator, path: Path, repeats: int, rounds: int, threads: int
) -> dict[str, float]:
    """Return times to the first token, the engine's and the plain library's, and their ratio."""
    import llama_cpp

    model = llama_cpp.Llama(
        str(path), n_ctx=4096, n_threads=threads, n_threads_batch=threads, verbose=False
    )
    grammar = llama_cpp.LlamaGrammar.from_string(GRAMMAR, verbose=False)
    ours, theirs = [], []
    for number in range(rounds):
        asked = prompt(f"le sujet {number}", "Qui a voté ?", repeats)
        tokens = generator.prompt_tokens(asked)
        pair: list[Callable[[], None]] = [
            lambda asked=asked: ours.append(timed(generator, asked, tokens=4)[0]),  # type: ignore[misc]  # bound at once
            lambda tokens=tokens: theirs.append(plain_first_token(model, grammar, tokens)),  # type: ignore[misc]  # as above
        ]
        for run in pair if number % 2 else reversed(pair):
            run()
    model.close()
    ratios = [mine / plain for mine, plain in zip(ours, theirs, strict=True)]
    return {
        "engine_first_token_s": statistics.median(ours),
        "plain_first_token_s": statistics.median(theirs),
        "ratio": statistics.median(ratios),
    }


def second_questions(generator: LlamaGenerator, repeats: int, rounds: int) -> dict[str, float]:
    """Return how a second question on the same passages compares with the first one."""
    at_once, after_another = [], []
    for number in range(rounds):
        first = timed(generator, prompt(f"la crue {number}", "Qui a voté ?", repeats), tokens=4)[0]
        again = timed(generator, prompt(f"la crue {number}", "Et quand ?", repeats), tokens=4)[0]
        timed(generator, prompt(f"un autre sujet {number}", "Où donc ?", repeats), tokens=4)
        later = timed(generator, prompt(f"la crue {number}", "Combien ?", repeats), tokens=4)[0]
        at_once.append(again / first)
        after_another.append(later / first)
    return {
        "second_over_first": statistics.median(at_once),
        "after_another_conversation_over_first": statistics.median(after_another),
    }


def throughput(generator: LlamaGenerator, repeats: int) -> dict[str, float]:
    """Return tokens a second of one answer, and questions a second of eight on one passage."""
    first, whole, count = timed(generator, prompt("la gare", "Qui ?", repeats))
    questions = [prompt("la gare", f"Question {number} ?", repeats) for number in range(8)]
    began = time.perf_counter()
    for asked in questions:
        timed(generator, asked)
    in_turn = time.perf_counter() - began
    questions = [prompt("la halle", f"Question {number} ?", repeats) for number in range(8)]
    timed(generator, prompt("la halle", "Qui ?", repeats))
    began = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda asked: timed(generator, asked), questions))
    return {
        "tokens_per_s": (count - 1) / max(whole - first, 1e-9),
        "eight_in_turn_questions_per_s": 8 / in_turn,
        "eight_at_once_questions_per_s": 8 / (time.perf_counter() - began),
    }


def main() -> None:
    """Run all and print a table, or one JSON object with ``--json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = write_chat_model(Path(folder) / "30m.gguf", THIRTY_MILLION)
        with LlamaGenerator(path, context_tokens=4096, threads=options.threads) as generator:
            repeats = repeats_for(generator)
            tokens = len(generator.prompt_tokens(prompt("le pont", "Qui ?", repeats)))
            timed(generator, prompt("rien", "Qui ?", 1))  # the file's pages are read once
            result: dict[str, float] = {"prompt_tokens": tokens, "threads": options.threads}
            result |= against_plain(generator, path, repeats, options.rounds, options.threads)
            result |= second_questions(generator, repeats, options.rounds)
            result |= throughput(generator, repeats)
    print_figures(result, as_json=options.json)


if __name__ == "__main__":
    main()
