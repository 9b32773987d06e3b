"""What each family of embedding models wants around a text. Pure.

Prefixes and pooling are part of how a model was trained; without them its vectors are of little
use. Sources: the models' own pages (intfloat/multilingual-e5-small, BAAI/bge-m3,
nomic-ai/nomic-embed-text-v2-moe, Qwen/Qwen3-Embedding-0.6B, google/embeddinggemma-300m).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class Pooling(IntEnum):
    """How token vectors become one; the numbers are llama.cpp's."""

    MEAN = 1
    FIRST = 2
    LAST = 3


@dataclass(frozen=True, slots=True)
class EmbeddingFamily:
    """`end` is a control token that must close each text, where files differ in adding it."""

    name: str
    pooling: Pooling
    query_prefix: str = ""
    passage_prefix: str = ""
    end: str | None = None


E5 = EmbeddingFamily("e5", Pooling.MEAN, "query: ", "passage: ")
BGE_M3 = EmbeddingFamily("bge-m3", Pooling.FIRST)
NOMIC = EmbeddingFamily("nomic", Pooling.MEAN, "search_query: ", "search_document: ")
QWEN3 = EmbeddingFamily(
    "qwen3-embedding",
    Pooling.LAST,
    "Instruct: Given a question about the news, retrieve passages that answer it\nQuery:",
    end="<|endoftext|>",
)
GEMMA = EmbeddingFamily(
    "embeddinggemma", Pooling.MEAN, "task: search result | query: ", "title: none | text: "
)

# The first pattern found in «architecture name file», lower case, words joined by hyphens.
_PATTERNS = (
    (r"qwen3-embedding", QWEN3),
    (r"gemma-embedding|embedding-?gemma", GEMMA),
    (r"nomic-bert|nomic-embed", NOMIC),
    (r"\bbge-m3\b", BGE_M3),
    (r"\be5-(small|base|large)\b(?!-instruct)|\be5$", E5),
)


def family_of(
    *, architecture: str, name: str, file: str, pooling: int | None
) -> EmbeddingFamily | None:
    """Return the family of a model, or None if nothing shows that it makes embeddings.

    A model of no known family that names its pooling is used without prefixes.
    """
    for described in (architecture, name, file):
        words = re.sub(r"[^a-z0-9]+", "-", described.lower()).strip("-")
        for pattern, family in _PATTERNS:
            if re.search(pattern, words):
                return family
    if pooling in set(Pooling):
        return EmbeddingFamily("generic", Pooling(pooling))
    return None
