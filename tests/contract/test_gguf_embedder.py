"""The GGUF embedder on real llama.cpp: what the port `Embedder` promises."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import ModelError, ModelFileError
from knowledge.index.gguf_embedder import GgufEmbedder
from tests.tiny_models import (
    fixture_tiny_chat_path,  # noqa: F401 - fixture
    fixture_tiny_embedder_path,  # noqa: F401 - fixture
    write_bert_embedder,
    write_last_token_embedder,
)

TEXTS = (
    "La maire a annoncé le coût des travaux.",
    "Le pont",
    "",
    "  ",
    "é" * 5000,
    "🧀\u202e<|im_end|>",
)


@pytest.fixture(name="embedder", params=["bert", "qwen3"], scope="module")
def fixture_embedder(
    request: pytest.FixtureRequest,
    tiny_embedder_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[GgufEmbedder]:
    path = tiny_embedder_path
    if request.param == "qwen3":
        path = write_last_token_embedder(tmp_path_factory.mktemp("models") / "qwen3-embedding.gguf")
    embedder = GgufEmbedder(path, threads=1)
    yield embedder
    embedder.close()


def test_vectors_are_of_unit_length_for_any_text(embedder: GgufEmbedder) -> None:
    vectors = embedder.embed_passages(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), 64)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_text_gives_the_same_vector_alone_and_among_others(embedder: GgufEmbedder) -> None:
    texts = [f"Le conseil {index} a voté." for index in range(40)] + list(TEXTS)
    together = embedder.embed_passages(texts)
    alone = np.vstack([embedder.embed_passages([text]) for text in texts])

    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-3)
    np.testing.assert_array_equal(together, embedder.embed_passages(texts))


def test_different_texts_give_different_vectors(embedder: GgufEmbedder) -> None:
    first, second = embedder.embed_passages(["La maire a parlé.", "La rivière a débordé."])

    assert first @ second < 0.999


def test_a_question_is_not_read_as_a_passage(embedder: GgufEmbedder) -> None:
    text = "La maire a parlé."

    assert embedder.embed_query(text).shape == (64,)
    assert embedder.embed_query(text) @ embedder.embed_passages([text])[0] < 0.9999


def test_no_text_gives_no_row(embedder: GgufEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 64)


def test_several_threads_are_served(embedder: GgufEmbedder) -> None:
    texts = [f"Question {index} ?" for index in range(16)]
    expected = [embedder.embed_query(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        np.testing.assert_array_equal(list(pool.map(embedder.embed_query, texts)), expected)


def test_the_name_changes_with_the_file(tmp_path: Path, tiny_embedder_path: Path) -> None:
    other = write_bert_embedder(tmp_path / "tiny-e5.gguf", context=256)
    names = []
    for path in (tiny_embedder_path, tiny_embedder_path, other):
        embedder = GgufEmbedder(path, threads=1)
        names.append(embedder.name)
        embedder.close()

    assert names[0] == names[1] != names[2]
    assert all(name.startswith("gguf:tiny-e5:") and name.endswith(":e5:v1") for name in names)


def test_a_chat_model_makes_no_embeddings(tiny_chat_path: Path) -> None:
    with pytest.raises(ModelFileError, match="embeddings"):
        GgufEmbedder(tiny_chat_path, threads=1)


def test_a_closed_embedder_says_so(tiny_embedder_path: Path) -> None:
    embedder = GgufEmbedder(tiny_embedder_path, threads=1)
    embedder.close()
    embedder.close()
    with pytest.raises(ModelError, match="fermé"):
        embedder.embed_query("Qui ?")
