"""Tiny GGUF models that write one given answer, through real llama.cpp and under any grammar.

The random models of :mod:`tests.tiny_models` never write a claim that its sentences bear out; these
are automata that do. The answer is cut into pieces that are tokens of their own, which no other
text is cut into. An embedding says which piece was read last (one direction a piece, one for all
other tokens), attention and feed-forward add nothing to it, and the output finds the next piece in
that direction alone. So the answer begins after whatever prompt, and goes on from piece to piece
to the token that ends it, unless a grammar refuses one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np

from tests.tiny_models import (
    CHATML_TEMPLATE,
    Array,
    ModelShape,
    block_tensors,
    write_llama,
)
from tests.tiny_vocabulary import END_TOKEN, Vocabulary, byte_characters, vocabulary

_HEAD = 64
# A logit of 32 and more against 0: certain at any temperature that a test asks for.
_CERTAIN = 4.0


def write_scripted_model(path: Path, answer: str, *, name: str = "Tiny Script") -> Path:
    """Write a ChatML model at `path` whose answer to anything is `answer`, and return the path.

    Raises:
        ValueError: `answer` has no word, or cannot be cut into pieces that all differ.
    """
    words = vocabulary()
    pieces = _pieces(answer, taken=set(words.tokens))
    normal = [int(gguf.TokenType.NORMAL)] * len(pieces)
    words = Vocabulary((*words.tokens, *pieces), (*words.types, *normal), words.merges)
    width = _HEAD * -(-(len(pieces) + 1) // _HEAD)
    heads = width // _HEAD
    shape = ModelShape(1, width, heads, heads, feed_forward=_HEAD)
    tensors = {
        **_chain(words, [words.id_of(piece) for piece in pieces], width),
        "output_norm.weight": np.ones(width, dtype=np.float32),
        **block_tensors(shape, lambda rows, columns: np.zeros((rows, columns), dtype=np.float32)),
    }
    return write_llama(path, shape, words, tensors, template=CHATML_TEMPLATE, name=name)


def _pieces(answer: str, *, taken: set[str]) -> list[str]:
    """Return the answer's words with the blanks before them, joined where one would come again."""
    stand_in = byte_characters()
    pieces: list[str] = []
    begun = ""
    for word in re.findall(r"\s*\S+", answer):
        begun += "".join(stand_in[byte] for byte in word.encode())
        if begun not in taken:
            taken.add(begun)
            pieces.append(begun)
            begun = ""
    if begun or not pieces or answer != answer.rstrip():
        raise ValueError("the answer has no word, or ends with a blank or a piece that it has had")
    return pieces


def _chain(words: Vocabulary, script: list[int], width: int) -> dict[str, Array]:
    """Return embeddings and output by which each token of `script` leads to the next.

    Direction 0 is that of all other tokens: it leads to the first.
    """
    embeddings = np.zeros((len(words.tokens), width), dtype=np.float32)
    embeddings[:, 0] = 1.0
    output = np.zeros_like(embeddings)
    output[script[0], 0] = _CERTAIN
    for direction, (token, following) in enumerate(
        pairwise([*script, words.id_of(END_TOKEN)]), start=1
    ):
        embeddings[token] = 0.0
        embeddings[token, direction] = 1.0
        output[following, direction] = _CERTAIN
    return {"token_embd.weight": embeddings, "output.weight": output}
