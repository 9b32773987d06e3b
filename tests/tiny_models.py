"""Tiny GGUF models with random weights and a fixed seed, run by the tests through real llama.cpp.

Their words mean nothing; everything around the words is real: tokenizer with control tokens,
chat template, grammar, KV cache. Import the fixtures where they are needed::

    from tests.tiny_models import fixture_tiny_chat_path  # noqa: F401 - fixture tiny_chat_path

GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tiny_vocabulary import (
    END_TOKEN,
    Vocabulary,
    vocabulary,
    word_pieces,
)

Array = NDArray[np.float32]

CHATML_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] | trim + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


@dataclass(frozen=True, slots=True)
class ModelShape:
    """Sizes of a random model; `tokens` pads the vocabulary (0: no padding)."""

    layers: int = 2
    width: int = 64
    heads: int = 4
    key_value_heads: int = 2
    feed_forward: int = 128
    context: int = 4096
    tokens: int = 0
    seed: int = 7
    quantised: bool = False


TINY = ModelShape()
# For tests that generate by the hundred: attention is what a tiny model spends its time on.
TINIEST = ModelShape(layers=1, heads=1, key_value_heads=1)
# «30M» of the measurements: as wide and deep as those, vocabulary of 16,384.
THIRTY_MILLION = ModelShape(
    layers=8, width=512, heads=8, key_value_heads=8, feed_forward=1408, tokens=16_384, seed=30,
    quantised=True,
)  # fmt: skip


def _matrix(random: np.random.Generator, rows: int, columns: int, scale: float = 1.0) -> Array:
    values = random.standard_normal((rows, columns), dtype=np.float32)
    return values * np.float32(scale / np.sqrt(columns))


def _add(writer: Any, name: str, values: Array, *, quantised: bool = False) -> None:
    if quantised and values.ndim == 2:
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    else:
        writer.add_tensor(name, values.astype(np.float32))


def _write(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: Any, shape: ModelShape, *, name: str) -> None:
    writer.add_name(name)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)


def _add_byte_level_tokenizer(writer: Any, words: Vocabulary) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(list(words.tokens))
    writer.add_token_types(list(words.types))
    writer.add_token_merges(list(words.merges))
    writer.add_bos_token_id(words.id_of("<s>"))
    writer.add_eos_token_id(words.id_of(END_TOKEN))
    writer.add_pad_token_id(words.id_of("<|endoftext|>"))
    writer.add_add_bos_token(False)


def block_tensors(shape: ModelShape, matrix: Callable[[int, int], Array]) -> dict[str, Array]:
    """Return the weights of the layers by name, each made by `matrix` of rows and columns."""
    head = shape.width // shape.heads
    sizes = {
        "attn_q": (shape.width, shape.width),
        "attn_k": (shape.key_value_heads * head, shape.width),
        "attn_v": (shape.key_value_heads * head, shape.width),
        "attn_output": (shape.width, shape.width),
        "ffn_gate": (shape.feed_forward, shape.width),
        "ffn_up": (shape.feed_forward, shape.width),
        "ffn_down": (shape.width, shape.feed_forward),
    }
    tensors: dict[str, Array] = {}
    for layer in range(shape.layers):
        for norm in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{layer}.{norm}.weight"] = np.ones(shape.width, dtype=np.float32)
        for name, (rows, columns) in sizes.items():
            tensors[f"blk.{layer}.{name}.weight"] = matrix(rows, columns)
    return tensors


def write_llama(
    path: Path,
    shape: ModelShape,
    words: Vocabulary,
    tensors: Mapping[str, Array],
    *,
    template: str | None,
    name: str,
) -> Path:
    """Write a model of the llama architecture with those weights at `path` and return it."""
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer, shape, name=name)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(words.tokens))
    _add_byte_level_tokenizer(writer, words)
    if template is not None:
        writer.add_chat_template(template)
    for tensor, values in tensors.items():
        _add(writer, tensor, values, quantised=shape.quantised)
    _write(writer)
    return path


# How much likelier than a random piece the model finds these, so that random answers have words,
# labels and ends of usual lengths: a constant direction of the embeddings carries this bias.
_PREFERENCES = {"[": 0.8, "]": 0.8, ".": 0.5, "Ġ": 0.7, "Ċ": 0.7, END_TOKEN: 0.8}


def write_chat_model(
    path: Path,
    shape: ModelShape = TINY,
    *,
    template: str | None = CHATML_TEMPLATE,
    name: str = "Tiny Chat",
) -> Path:
    """Write a chat model of the llama architecture at `path` and return it.

    Without `template` it is a base model, which is no chat model.
    """
    random = np.random.default_rng(shape.seed)
    words = vocabulary(shape.tokens)
    embeddings = _matrix(random, len(words.tokens), shape.width, np.sqrt(shape.width))
    embeddings[:, 0] = 3.0
    output = _matrix(random, len(words.tokens), shape.width, scale=1.5)
    output[:, 0] = 0.0
    for token, preference in _PREFERENCES.items():
        output[words.id_of(token), 0] = preference
    tensors = {
        "token_embd.weight": embeddings,
        "output_norm.weight": np.ones(shape.width, dtype=np.float32),
        "output.weight": output,
        **block_tensors(shape, partial(_matrix, random)),
    }
    return write_llama(path, shape, words, tensors, template=template, name=name)


def write_vocabulary_only(path: Path) -> Path:
    """Write a GGUF that holds a tokenizer and no weights."""
    return write_llama(
        path, TINY, vocabulary(), {}, template=CHATML_TEMPLATE, name="Tiny Vocabulary"
    )


def write_bert_embedder(
    path: Path,
    *,
    name: str = "Tiny E5",
    pooling: gguf.PoolingType = gguf.PoolingType.MEAN,
    context: int = 128,
) -> Path:
    """Write an encoder of the BERT architecture at `path` and return it."""
    random = np.random.default_rng(11)
    pieces = word_pieces()
    width, forward, layers = 64, 128, 2
    writer = gguf.GGUFWriter(path, "bert")
    _describe(writer, ModelShape(layers, width, 4, 4, forward, context), name=name)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(pooling)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(pieces)
    kinds = [gguf.TokenType.CONTROL] * 5 + [gguf.TokenType.NORMAL] * (len(pieces) - 5)
    writer.add_token_types([int(kind) for kind in kinds])
    writer.add_token_type_count(2)
    for role, index in {"pad": 0, "unk": 1, "bos": 2, "sep": 3, "eos": 3, "mask": 4}.items():
        getattr(writer, f"add_{role}_token_id")(index)
    _add(writer, "token_embd.weight", _matrix(random, len(pieces), width, 4.0))
    _add(writer, "token_types.weight", _matrix(random, 2, width))
    _add(writer, "position_embd.weight", _matrix(random, context, width))
    _layer_norm(writer, "token_embd_norm", width)
    for layer in range(layers):
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            _linear(writer, random, f"blk.{layer}.{part}", width, width)
        _linear(writer, random, f"blk.{layer}.ffn_up", forward, width)
        _linear(writer, random, f"blk.{layer}.ffn_down", width, forward)
        _layer_norm(writer, f"blk.{layer}.attn_output_norm", width)
        _layer_norm(writer, f"blk.{layer}.layer_output_norm", width)
    _write(writer)
    return path


def _linear(writer: Any, random: np.random.Generator, name: str, rows: int, columns: int) -> None:
    _add(writer, f"{name}.weight", _matrix(random, rows, columns))
    _add(writer, f"{name}.bias", np.zeros(rows, dtype=np.float32))


def _layer_norm(writer: Any, name: str, width: int) -> None:
    _add(writer, f"{name}.weight", np.ones(width, dtype=np.float32))
    _add(writer, f"{name}.bias", np.zeros(width, dtype=np.float32))


def write_last_token_embedder(path: Path, *, name: str = "Tiny Qwen3 Embedding") -> Path:
    """Write a decoder of the qwen3 architecture with last-token pooling, and return its path."""
    random = np.random.default_rng(13)
    words = vocabulary()
    writer = gguf.GGUFWriter(path, "qwen3")
    _describe(writer, TINY, name=name)
    head = TINY.width // TINY.heads
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_pooling_type(gguf.PoolingType.LAST)
    _add_byte_level_tokenizer(writer, words)
    writer.add_add_eos_token(True)
    embeddings = _matrix(random, len(words.tokens), TINY.width, np.sqrt(TINY.width))
    _add(writer, "token_embd.weight", embeddings)
    _add(writer, "output_norm.weight", np.ones(TINY.width, dtype=np.float32))
    for layer in range(TINY.layers):
        for part in ("attn_q_norm", "attn_k_norm"):
            _add(writer, f"blk.{layer}.{part}.weight", np.ones(head, dtype=np.float32))
    for tensor, values in block_tensors(TINY, partial(_matrix, random)).items():
        _add(writer, tensor, values)
    _write(writer)
    return path


def corrupt_files(folder: Path, whole: Path) -> Sequence[Path]:
    """Write files that are no model after all, made from the GGUF at `whole`."""
    data = whole.read_bytes()
    cases = {
        "empty.gguf": b"",
        "not-a-model.gguf": b"%PDF-1.7 ceci n'est pas un modele" * 100,
        "truncated-weights.gguf": data[: len(data) // 2],
        "truncated-header.gguf": data[:5_000],
        "only-magic.gguf": data[:4],
        "broken-metadata.gguf": data[:64] + bytes(len(data[64:])),
    }
    paths = []
    for name, content in cases.items():
        (folder / name).write_bytes(content)
        paths.append(folder / name)
    return paths


@pytest.fixture(scope="session", name="tiny_chat_path")
def fixture_tiny_chat_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ChatML model of 2 layers of 64, random weights."""
    return write_chat_model(tmp_path_factory.mktemp("models") / "tiny-chat.gguf")


@pytest.fixture(scope="session", name="tiny_embedder_path")
def fixture_tiny_embedder_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder named like an e5 model, mean pooling, 64 dimensions, context of 128."""
    return write_bert_embedder(tmp_path_factory.mktemp("models") / "tiny-e5.gguf")
