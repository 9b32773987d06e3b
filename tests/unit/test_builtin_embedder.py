"""The built-in embedder: deterministic, of unit length, kind to typing errors."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.index.builtin_embedder import BuiltinEmbedder

EMBEDDER = BuiltinEmbedder()


@settings(max_examples=50)
@given(st.lists(st.text(), min_size=1, max_size=4))
def test_rows_have_unit_length_and_do_not_depend_on_their_neighbours(texts: list[str]) -> None:
    rows = EMBEDDER.embed_passages(texts)
    assert rows.shape == (len(texts), EMBEDDER.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    alone = np.array([EMBEDDER.embed_query(text) for text in texts])
    assert np.allclose(rows, alone, atol=1e-6)


def test_a_text_without_words_gives_a_fixed_vector() -> None:
    assert np.array_equal(EMBEDDER.embed_query(""), EMBEDDER.embed_query("… et à la ?"))


def test_no_text_gives_no_row() -> None:
    assert EMBEDDER.embed_passages([]).shape == (0, EMBEDDER.dimension)


def test_the_passage_about_the_same_thing_is_nearest_despite_typing_errors() -> None:
    passages = [
        "La piscine des Tanneurs sera reconstruite pour 18 millions d’euros.",
        "Le festival de théâtre a réuni 31 000 spectateurs.",
        "La ligne ferroviaire rouvrira en décembre.",
    ]
    rows = EMBEDDER.embed_passages(passages)
    nearest = [
        int(np.argmax(rows @ EMBEDDER.embed_query(query)))
        for query in ("reconstruction de la picsine", "festivale de teatre", "lignes feroviaires")
    ]
    assert nearest == [0, 1, 2]


def test_vectors_do_not_depend_on_the_process_or_its_hash_seed() -> None:
    program = (
        "import hashlib;from knowledge.index.builtin_embedder import BuiltinEmbedder;"
        "v=BuiltinEmbedder().embed_query('Le maire de Valmorin a inauguré 3 écoles en 2026');"
        "print(hashlib.sha256(v.round(5).tobytes()).hexdigest())"
    )
    outputs = {
        subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("0", "7")
    }
    vector = EMBEDDER.embed_query("Le maire de Valmorin a inauguré 3 écoles en 2026")
    assert outputs == {hashlib.sha256(vector.round(5).tobytes()).hexdigest()}


def test_the_name_tells_the_dimension() -> None:
    assert BuiltinEmbedder(dimension=96).name != EMBEDDER.name


def test_too_few_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="8 dimensions"):
        BuiltinEmbedder(dimension=4)
