"""A GGUF file as loaded weights with their vocabulary, or an error that says what is wrong.

GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.errors import ModelError, ModelFileError
from knowledge.failures import french_reason
from knowledge.model.native import native

_MAGIC = b"GGUF"
_SMALLEST_FILE = 1024  # bytes; a header with a tokenizer never fits in less
_LONGEST_TEXT = 4 * 1024 * 1024  # bytes tokenised at once


class ModelWeights:
    """Weights in memory (mapped from the file), their metadata and vocabulary.

    Reading the vocabulary is safe from any thread; `close` frees everything, after the contexts
    made from it.

    Raises:
        ModelFileError: the file is missing, unreadable, not a GGUF, cut short or without weights.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_file(path)
        library = native()
        parameters = library.llama_model_default_params()
        pointer = library.llama_model_load_from_file(str(path).encode(), parameters)
        if not pointer:
            raise ModelFileError(
                f"Le fichier {path.name} n’est pas un modèle GGUF complet que llama.cpp sache "
                "lire : téléchargez-le de nouveau (« sourcier models download ») ou choisissez-en "
                "un autre.",
                subject=str(path),
            )
        self.pointer: Any = pointer
        self._vocabulary = library.llama_model_get_vocab(pointer)
        self.metadata: Mapping[str, str] = _metadata(pointer)

    @property
    def name(self) -> str:
        """The model's own name, or that of its file."""
        return self.metadata.get("general.name", "").strip() or self.path.stem

    @property
    def architecture(self) -> str:
        """What llama.cpp calls this kind of network (``llama``, ``qwen3``, ``bert``…)."""
        return self.metadata.get("general.architecture", "")

    @property
    def pooling(self) -> int | None:
        """How token vectors become one (llama.cpp's enumeration), or None for a text model."""
        value = self.metadata.get(f"{self.architecture}.pooling_type")
        return int(value) if value is not None and value.isdecimal() and int(value) > 0 else None

    @property
    def training_context(self) -> int:
        """The longest text, in tokens, that the model was trained on."""
        return int(native().llama_model_n_ctx_train(self.pointer))

    @property
    def reusable_prefixes(self) -> bool:
        """Whether a part of a sequence can be kept: not with a recurrent state."""
        library = native()
        return not (
            library.llama_model_is_recurrent(self.pointer)
            or library.llama_model_is_hybrid(self.pointer)
        )

    @property
    def chat_template(self) -> str | None:
        """The Jinja chat template, or None for a model that was not made to converse."""
        template = native().llama_model_chat_template(self.pointer, None)
        return template.decode("utf-8", "replace") if template else None

    @property
    def vocabulary(self) -> Any:
        """llama.cpp's pointer to the vocabulary."""
        return self._vocabulary

    @property
    def vocabulary_size(self) -> int:
        """How many tokens there are."""
        return int(native().llama_vocab_n_tokens(self._vocabulary))

    def tokens(self, text: str, *, special: bool, wrap: bool = False) -> list[int]:
        """Return the tokens of `text`.

        `special` recognises control tokens written in the text: for trusted text only. `wrap`
        adds what the model wants around a whole text (such as a first and a last token).
        """
        data = text.encode("utf-8", "replace")
        if len(data) > _LONGEST_TEXT:
            raise ModelError("Ce texte est trop long pour le modèle.", subject=self.name)
        capacity = len(data) + 8
        library = native()
        buffer = (library.llama_token * capacity)()
        count = library.llama_tokenize(
            self._vocabulary, data, len(data), buffer, capacity, wrap, special
        )
        if count < 0:
            buffer = (library.llama_token * -count)()
            count = library.llama_tokenize(
                self._vocabulary, data, len(data), buffer, -count, wrap, special
            )
        if count < 0:
            raise ModelError("Le modèle ne sait pas découper ce texte.", subject=self.name)
        return list(buffer[:count])

    def piece(self, token: int) -> bytes:
        """Return the bytes of `token`; none for a control token."""
        size = 64
        library = native()
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = library.llama_token_to_piece(
                self._vocabulary,
                token,
                buffer,
                size,
                0,
                False,
            )
            if length >= 0:
                return buffer.raw[:length]
            size = -length

    def ends_generation(self, token: int) -> bool:
        """Tell whether `token` is one by which the model ends its answer."""
        return bool(native().llama_vocab_is_eog(self._vocabulary, token))

    def with_start_token(self, tokens: Sequence[int]) -> list[int]:
        """Return `tokens` with the model's start token in front, once, if it wants one."""
        library = native()
        start = int(library.llama_vocab_bos(self._vocabulary))
        if library.llama_vocab_get_add_bos(self._vocabulary) and list(tokens[:1]) != [start]:
            return [start, *tokens]
        return list(tokens)

    def special_text(self, role: str) -> str:
        """Return the text of the `role` token (``bos``, ``eos``), empty if there is none."""
        library = native()
        token = getattr(library, f"llama_vocab_{role}")(self._vocabulary)
        if token < 0:
            return ""
        return str(library.llama_vocab_get_text(self._vocabulary, token).decode("utf-8", "replace"))

    def close(self) -> None:
        """Free the weights. Contexts made from them must be freed before."""
        pointer, self.pointer = self.pointer, None
        if pointer:
            native().llama_model_free(pointer)


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise ModelFileError(
            f"Le modèle {path} est introuvable : vérifiez le chemin, ou lancez « sourcier models "
            "download ».",
            subject=str(path),
        ) from error
    except OSError as error:
        raise ModelFileError(
            f"Le modèle {path} ne peut pas être lu : {french_reason(error)}.", subject=str(path)
        ) from error
    if magic != _MAGIC or size < _SMALLEST_FILE:
        raise ModelFileError(
            f"{path.name} n’est pas un fichier GGUF : il faut un modèle à ce format.",
            subject=str(path),
        )


def _metadata(pointer: Any) -> dict[str, str]:
    library = native()
    entries = {}
    for index in range(library.llama_model_meta_count(pointer)):
        key = _text(library.llama_model_meta_key_by_index, pointer, index)
        entries[key] = _text(library.llama_model_meta_val_str_by_index, pointer, index)
    return entries


def _text(read: Any, pointer: Any, index: int) -> str:
    length = read(pointer, index, None, 0)
    buffer = ctypes.create_string_buffer(length + 1)
    read(pointer, index, buffer, length + 1)
    return buffer.value.decode("utf-8", "replace")
