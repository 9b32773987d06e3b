"""The built-in French embedder: hashed stems and character n-grams, no weights to download.

Each content word adds four signed components for its stem and one for each of its character
n-grams (feature hashing, Weinberger et al. 2009), so that a word with a typing error keeps part
of its vector. A word weighs its rarity in French prose, its repetitions count by their
logarithm, and the sum is brought to unit length.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.chunks import chunks
from knowledge.text.french import content_terms, fold, stem
from knowledge.text.frequency import french_frequencies

DEFAULT_DIMENSION = 384

_VERSION = 3  # part of the name: raise it with every change of the output
_STEM_COMPONENTS = 4
_GRAMS = 8  # character n-grams kept of one word, spread over it
_GRAM_LENGTH = 4
_FEATURES = _STEM_COMPONENTS + _GRAMS
_GRAM_SHARE = 2.0  # squared length of a word's n-grams, against 1 for its stem
_KNOWN_WORDS = 100_000  # words whose components are kept: 10 MB
_BATCH = 256


class BuiltinEmbedder:
    """Implements :class:`knowledge.ports.Embedder`. The same on every machine and in every run."""

    def __init__(self, *, dimension: int = DEFAULT_DIMENSION) -> None:
        if dimension < 8:
            raise ValueError(f"at least 8 dimensions, not {dimension}")
        self._dimension = dimension
        self._frequencies = french_frequencies()
        self._words: dict[str, int] = {}
        self._places = np.zeros((1024, _FEATURES), np.int64)
        self._weights = np.zeros((1024, _FEATURES), np.float32)

    @property
    def name(self) -> str:
        """What identifies this embedder's output."""
        return f"builtin-fr-{_VERSION}-{self._dimension}"

    @property
    def dimension(self) -> int:
        """The length of its vectors."""
        return self._dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text; a text without words gives a fixed unit vector."""
        rows = [self._embed(part) for part in chunks(texts, _BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self._dimension), np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, shape ``(dimension,)``."""
        vector: NDArray[np.float32] = self._embed([text])[0]
        return vector

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self._words) > _KNOWN_WORDS:
            self._forget()
        rows, words = self._occurrences(texts)
        pairs, counts = np.unique(rows * (len(self._words) + 1) + words, return_counts=True)
        rows, words = np.divmod(pairs, len(self._words) + 1)
        weights = self._weights[words] * (1.0 + np.log(counts))[:, None]
        places = rows[:, None] * self._dimension + self._places[words]
        size = len(texts) * self._dimension
        sums = np.zeros(size)
        sums += np.bincount(places.ravel(), weights.ravel(), minlength=size)
        return _unit_rows(sums.reshape(len(texts), self._dimension))

    def _occurrences(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the row and the word number of each content word of `texts`."""
        words: list[int] = []
        lengths: list[int] = []
        for text in texts:
            terms = content_terms(text)
            words += [self._number(term) for term in terms]
            lengths.append(len(terms))
        rows = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
        return rows, np.array(words, dtype=np.int64)

    def _number(self, term: str) -> int:
        number = self._words.get(term)
        if number is None:
            number = self._words[term] = len(self._words)
            if number >= len(self._weights):
                self._grow()
            self._places[number], self._weights[number] = self._components(term)
        return number

    def _components(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the places and signed weights that one occurrence of `term` adds to."""
        root = stem(term) if not term[0].isdecimal() else term
        weight = self._frequencies.rarity(root)
        places = np.zeros(_FEATURES, np.int64)
        weights = np.zeros(_FEATURES, np.float32)
        digest = hashlib.blake2b(root.encode(), digest_size=4 * _STEM_COMPONENTS).digest()
        for slot in range(_STEM_COMPONENTS):
            places[slot], sign = self._place(digest[4 * slot : 4 * slot + 4])
            weights[slot] = sign * weight / math.sqrt(_STEM_COMPONENTS)
        grams = _grams(term)
        for slot, gram in enumerate(grams, _STEM_COMPONENTS):
            places[slot], sign = self._place(hashlib.blake2b(gram.encode(), digest_size=4).digest())
            weights[slot] = sign * weight * math.sqrt(_GRAM_SHARE / len(grams))
        return places, weights

    def _place(self, digest: bytes) -> tuple[int, int]:
        value = int.from_bytes(digest, "little")
        return (value >> 1) % self._dimension, 1 if value & 1 else -1

    def _grow(self) -> None:
        self._places = np.concatenate([self._places, np.zeros_like(self._places)])
        self._weights = np.concatenate([self._weights, np.zeros_like(self._weights)])

    def _forget(self) -> None:
        self._words.clear()


def _grams(term: str) -> list[str]:
    """Return at most `_GRAMS` n-grams of the unaccented word, its limits marked."""
    if term[0].isdecimal():
        return []
    word = f"<{fold(term)}>"
    grams = [word[i : i + _GRAM_LENGTH] for i in range(max(1, len(word) - _GRAM_LENGTH + 1))]
    if len(grams) > _GRAMS:
        grams = [grams[i * (len(grams) - 1) // (_GRAMS - 1)] for i in range(_GRAMS)]
    return grams


def _unit_rows(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1)
    rows[lengths == 0.0, 0] = 1.0
    lengths[lengths == 0.0] = 1.0
    unit: NDArray[np.float32] = (rows / lengths[:, None]).astype(np.float32)
    return unit
