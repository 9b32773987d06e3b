import pytest

from knowledge.index.embedding_families import (
    BGE_M3,
    E5,
    GEMMA,
    NOMIC,
    QWEN3,
    EmbeddingFamily,
    Pooling,
    family_of,
)


@pytest.mark.parametrize(
    ("architecture", "name", "file", "family"),
    [
        ("bert", "Multilingual E5 Small", "x", E5),
        ("bert", "multilingual-e5-base", "x", E5),
        ("bert", "", "multilingual-e5-large-q8_0", E5),
        ("bert", "Bge M3", "x", BGE_M3),
        ("bert", "", "bge-m3-q8_0", BGE_M3),
        ("nomic-bert-moe", "Nomic Embed Text v2 MoE", "x", NOMIC),
        ("nomic-bert", "", "x", NOMIC),
        ("qwen3", "Qwen3 Embedding 0.6B", "x", QWEN3),
        ("qwen3", "", "Qwen3-Embedding-0.6B-Q8_0", QWEN3),
        ("gemma-embedding", "", "x", GEMMA),
        ("gemma3", "embeddinggemma-300M", "x", GEMMA),
        ("llama", "Tiny Chat", "tiny-chat", None),
        ("qwen3", "Qwen3 0.6B", "Qwen3-0.6B-Q8_0", None),
    ],
)
def test_a_family_is_known_by_architecture_or_name(
    architecture: str, name: str, file: str, family: EmbeddingFamily | None
) -> None:
    assert family_of(architecture=architecture, name=name, file=file, pooling=None) == family


@pytest.mark.parametrize("name", ["multilingual-e5-large-instruct", "inconnu"])
def test_an_unknown_model_goes_by_its_own_pooling(name: str) -> None:
    family = family_of(architecture="bert", name=name, file="x", pooling=2)

    assert family == EmbeddingFamily("generic", Pooling.FIRST)
