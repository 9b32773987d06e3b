import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.errors import ModelFileError
from knowledge.model.weights import ModelWeights
from tests.tiny_models import (
    corrupt_files,
    fixture_tiny_chat_path,  # noqa: F401 - fixture
    write_vocabulary_only,
)
from tests.tiny_vocabulary import CONTROL_TOKENS, vocabulary
from tests.waiting import PATIENCE


@pytest.mark.parametrize("special", CONTROL_TOKENS)
def test_a_control_token_in_an_article_stays_text(tiny_chat_path: Path, special: str) -> None:
    weights = ModelWeights(tiny_chat_path)
    number = vocabulary().id_of(special)
    text = f"avant {special} après"

    assert number not in weights.tokens(text, special=False)
    assert b"".join(map(weights.piece, weights.tokens(text, special=False))).decode() == text
    assert number in weights.tokens(text, special=True)
    assert weights.ends_generation(vocabulary().id_of("<|im_end|>"))
    weights.close()


def test_odd_texts_survive_tokenisation(tiny_chat_path: Path) -> None:
    weights = ModelWeights(tiny_chat_path)
    for text in ("", "\x00", "🧀" * 300, "\u202eabc\u200b", "é" * 20_000, "\ud800"):
        tokens = weights.tokens(text, special=False)
        expected = text.encode("utf-8", "replace")
        assert b"".join(map(weights.piece, tokens)) == expected
    weights.close()


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="introuvable"):
        ModelWeights(tmp_path / "absent.gguf")


def test_a_folder_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="ne peut pas être lu"):
        ModelWeights(tmp_path)


def test_damaged_files_are_refused_and_do_not_end_the_process(
    tmp_path: Path, tiny_chat_path: Path
) -> None:
    """In a process of its own: a crash of llama.cpp would take the test run with it."""
    files = [*corrupt_files(tmp_path, tiny_chat_path), write_vocabulary_only(tmp_path / "v.gguf")]
    program = (
        "import sys\nfrom pathlib import Path\nfrom knowledge.errors import ModelFileError\n"
        "from knowledge.model.weights import ModelWeights\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n        ModelWeights(Path(name))\n"
        "    except ModelFileError as error:\n        print(error.subject)\n"
    )
    result = subprocess.run(  # noqa: S603 - our own program and files
        [sys.executable, "-c", program, *map(str, files)],
        capture_output=True, text=True, timeout=2 * PATIENCE, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip

    assert result.stdout.split() == [str(file) for file in files], result.stderr
    assert result.returncode == 0
    assert result.stderr == ""  # llama.cpp's own messages go to the log
