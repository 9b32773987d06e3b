"""An embedding model in a GGUF file, through llama.cpp."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import ContextTooSmallError, ModelError, ModelFileError
from knowledge.index.embedding_families import EmbeddingFamily, family_of
from knowledge.model.native import native
from knowledge.model.weights import ModelWeights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ALGORITHM = 1  # part of the name: raise it whenever the same text would give another vector
_LONGEST_TEXT = 1024  # tokens; passages are far shorter
_CHARACTERS_A_TOKEN = 16  # more than any text has; what is beyond is not even tokenised
# Passages are read one by one and only short texts together: that is the fastest (measured).
_TOGETHER_TOKENS = 128
_TOGETHER_TEXTS = 16
_FINGERPRINT_BYTES = 1024 * 1024


class GgufEmbedder:
    """Text to unit vectors by a GGUF model: an :class:`~knowledge.ports.Embedder`.

    Prefixes, pooling and end token follow the model's family. A text that is longer than the model
    can read is cut. What is read together may change the last digits of a vector (by less than
    1e-3).
    Safe to use from several threads: one is served at a time.

    Raises:
        ModelFileError: the file is missing, corrupt, or not an embedding model.
        ContextTooSmallError: there is not memory enough.
    """

    def __init__(self, path: Path, *, threads: int) -> None:
        self._weights = ModelWeights(path)
        try:
            self._family = _family(self._weights)
            self._longest = min(_LONGEST_TEXT, self._weights.training_context)
            self._context = _context(self._weights, self._family, self._longest, threads)
        except BaseException:
            self._weights.close()
            raise
        library = native()
        self._memory = library.llama_get_memory(self._context)
        self._batch = library.llama_batch_init(self._longest, 0, 1)
        self._end = self._end_token()
        self._dimension = int(library.llama_model_n_embd_out(self._weights.pointer))
        self._name = f"gguf:{path.stem}:{_fingerprint(path)}:{self._family.name}:v{_ALGORITHM}"
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """File, its fingerprint, family and version of this algorithm."""
        return self._name

    @property
    def dimension(self) -> int:
        """The length of the vectors."""
        return self._dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text."""
        return self._embed([self._family.passage_prefix + self._shortened(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, shape ``(dimension,)``."""
        vector: NDArray[np.float32] = self._embed(
            [self._family.query_prefix + self._shortened(text)]
        )[0]
        return vector

    def close(self) -> None:
        """Free the memory; it may be called again."""
        with self._lock:
            context, self._context = self._context, None
            if context:
                native().llama_batch_free(self._batch)
                native().llama_free(context)
                self._weights.close()

    def _shortened(self, text: str) -> str:
        return text[: self._longest * _CHARACTERS_A_TOKEN]

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        with self._lock:
            if not self._context:
                raise ModelError("Le modèle d’embeddings est fermé.", subject=self._name)
            for group in _groups(enumerate(map(self._tokens, texts))):
                self._read([tokens for _, tokens in group])
                for sequence, (row, tokens) in enumerate(group):
                    if tokens:
                        vectors[row] = self._vector(sequence)
        return _normalised(vectors)

    def _tokens(self, text: str) -> list[int]:
        tokens = self._weights.tokens(text, special=False, wrap=True)
        if self._end is not None and tokens[-1:] != [self._end]:
            tokens.append(self._end)
        if len(tokens) > self._longest:  # whatever closes a text still does
            tokens = [*tokens[: self._longest - 1], tokens[-1]]
        return tokens

    def _end_token(self) -> int | None:
        if self._family.end is None:
            return None
        tokens = self._weights.tokens(self._family.end, special=True)
        return tokens[0] if len(tokens) == 1 else None

    def _read(self, group: Sequence[list[int]]) -> None:
        library = native()
        if self._memory:
            library.llama_memory_clear(self._memory, False)
        row = 0
        for sequence, tokens in enumerate(group):
            for position, token in enumerate(tokens):
                self._batch.token[row] = token
                self._batch.pos[row] = position
                self._batch.n_seq_id[row] = 1
                self._batch.seq_id[row][0] = sequence
                self._batch.logits[row] = 1  # every token takes part in pooling
                row += 1
        self._batch.n_tokens = row
        if row and library.llama_decode(self._context, self._batch) != 0:
            raise ModelError("llama.cpp n’a pas pu lire ce texte.", subject=self._name)

    def _vector(self, sequence: int) -> NDArray[np.float32]:
        import numpy as np

        pointer = native().llama_get_embeddings_seq(self._context, sequence)
        if not pointer:
            raise ModelError("llama.cpp n’a pas donné de vecteur.", subject=self._name)
        return np.ctypeslib.as_array(pointer, shape=(self._dimension,))


def _groups(
    numbered: Iterable[tuple[int, list[int]]],
) -> Iterator[list[tuple[int, list[int]]]]:
    """Yield texts to read together: short ones by the dozen, others alone, in order."""
    group: list[tuple[int, list[int]]] = []
    total = 0
    for item in numbered:
        size = len(item[1])
        if group and (total + size > _TOGETHER_TOKENS or len(group) == _TOGETHER_TEXTS):
            yield group
            group, total = [], 0
        group.append(item)
        total += size
    if group:
        yield group


def _normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return unit rows; one that has no direction becomes the first axis."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    lost = ~np.isfinite(lengths[:, 0]) | (lengths[:, 0] == 0)
    vectors[lost] = np.eye(1, vectors.shape[1], dtype=np.float32)
    lengths[lost] = 1.0
    result: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
    return result


def _family(weights: ModelWeights) -> EmbeddingFamily:
    family = family_of(
        architecture=weights.architecture,
        name=weights.name,
        file=weights.path.stem,
        pooling=weights.pooling,
    )
    if family is None:
        raise ModelFileError(
            f"{weights.path.name} n’est pas un modèle d’embeddings : choisissez-en un dans "
            "« sourcier models list », ou laissez SOURCIER_EMBEDDER à builtin.",
            subject=str(weights.path),
        )
    return family


def _context(weights: ModelWeights, family: EmbeddingFamily, longest: int, threads: int) -> Any:
    library = native()
    parameters = library.llama_context_default_params()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = longest
    parameters.n_seq_max = _TOGETHER_TEXTS
    parameters.n_threads = parameters.n_threads_batch = threads
    parameters.embeddings = True
    parameters.pooling_type = int(family.pooling)
    parameters.kv_unified = True
    parameters.flash_attn_type = library.LLAMA_FLASH_ATTN_TYPE_ENABLED
    context = library.llama_init_from_model(weights.pointer, parameters)
    if not context:
        raise ContextTooSmallError(
            "La mémoire ne suffit pas à ce modèle d’embeddings : choisissez-en un plus petit.",
            subject=str(weights.path),
        )
    return context


def _fingerprint(path: Path) -> str:
    """Return 12 hexadecimal digits of the file's size, beginning (metadata) and end (weights)."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(_FINGERPRINT_BYTES))
        file.seek(max(0, size - _FINGERPRINT_BYTES))
        digest.update(file.read(_FINGERPRINT_BYTES))
    return digest.hexdigest()[:12]
