"""The local model as a generator: many callers, one thread that owns llama.cpp's context."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from knowledge.errors import ContextTooSmallError, ModelError, ModelFileError
from knowledge.model.chat_template import ChatTemplate
from knowledge.model.context import ModelContext
from knowledge.model.requests import GenerationRequest, cancelled
from knowledge.model.sampling import Chooser, GrammarState
from knowledge.model.scheduler import Scheduler
from knowledge.model.weights import ModelWeights
from knowledge.ports import Token
from knowledge.types import Prompt

logger = logging.getLogger(__name__)

_SLOTS = 4  # answers written at once; more on two cores only makes each slower
_BATCH = 512  # prompt tokens read at once, at most
_CLOSE_SECONDS = 10.0
_FAILURES_SURVIVED = 3  # unexpected errors after which the engine is taken for broken
CACHE_MIB = 512


class LlamaGenerator:
    """A chat model in a GGUF file, through llama.cpp: a :class:`~knowledge.ports.Generator`.

    One prompt and its answer may have `context_tokens` together (no more than the model was
    trained for); several short questions share that room at the same time. Prompts that were read
    are kept in up to `cache_mib` MiB, as fresh as the context's own cells: a prompt of 1,500 tokens
    takes about 170 MiB with Qwen3 1.7B (28 layers, 8 KV heads of 128, 16 bits). 0 keeps none.

    Raises:
        ModelFileError: the file is missing, corrupt, or not a chat model.
        ContextTooSmallError: there is not memory enough for the context.
    """

    def __init__(
        self, path: Path, *, context_tokens: int, threads: int, cache_mib: int = CACHE_MIB
    ) -> None:
        self._weights = ModelWeights(path)
        try:
            self._template = _chat_template(self._weights)
            longest = min(context_tokens, self._weights.training_context)
            if longest < context_tokens:
                logger.info("Contexte réduit aux %d tokens que le modèle connaît.", longest)
            self._context = ModelContext(
                self._weights, cells=longest, sequences=_SLOTS, batch=_BATCH, threads=threads
            )
        except BaseException:
            self._weights.close()
            raise
        self._context_tokens = longest
        self._scheduler = Scheduler(
            self._weights, self._context, slots=_SLOTS, batch=_BATCH, cache_bytes=cache_mib * 2**20
        )
        self._inbox: SimpleQueue[GenerationRequest | None] = SimpleQueue()
        self._lock = threading.Lock()  # orders submissions and the end of the thread
        self._ended: ModelError | None = None
        self._failures = 0
        self._thread = threading.Thread(target=self._serve, name="llama.cpp", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._weights.name

    @property
    def context_tokens(self) -> int:
        """How many tokens a prompt and its answer may have together."""
        return self._context_tokens

    @property
    def tokens_read(self) -> int:
        """How many tokens of prompts and answers were read so far; kept prompts cost none."""
        return self._scheduler.tokens_read

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of untrusted `text`."""
        self._require_open()
        return len(self._weights.tokens(text, special=False))

    def prompt_tokens(self, prompt: Prompt) -> list[int]:
        """Return the tokens the model reads for `prompt`; control tokens come from trusted parts.

        Raises:
            ModelFileError: the model's chat template cannot lay this prompt out.
        """
        self._require_open()
        tokens: list[int] = []
        for part in self._template.render(prompt):
            tokens += self._weights.tokens(part.text, special=part.trusted)
        return self._weights.with_start_token(tokens)

    def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None,
        max_tokens: int,
        deadline: float | None = None,
        should_stop: Callable[[], bool] | None = None,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Iterator[Token]:
        """Yield the answer's pieces; see :class:`~knowledge.ports.Generator`.

        Prompt and grammar are checked at the call, the work starts with the first piece asked.
        `should_stop` runs in the caller's thread, about every 50 ms.
        """
        if max_tokens < 1:
            raise ValueError(f"an answer has room for a token, not {max_tokens}")
        tokens = self.prompt_tokens(prompt)
        if len(tokens) + max_tokens > self._context_tokens:
            raise ContextTooSmallError(
                f"La question et ses passages demandent {len(tokens) + max_tokens} tokens, le "
                f"contexte en a {self._context_tokens} : augmentez SOURCIER_CONTEXT_TOKENS ou "
                "diminuez SOURCIER_PASSAGES.",
                subject=self.name,
            )
        state = None if grammar is None else GrammarState(grammar, self._weights.vocabulary)
        chooser = Chooser(temperature=temperature, seed=seed, grammar=state)
        request = GenerationRequest(
            np.array(tokens, dtype=np.int32), max_tokens, chooser, deadline=deadline
        )
        return self._stream(request, should_stop)

    def close(self) -> None:
        """End the engine: running generations are cancelled, memory is freed.

        May be called again. Returns within 10 s; if llama.cpp is then still busy, the memory is
        left to the end of the process rather than taken from under it.
        """
        with self._lock:
            if self._ended is None:
                self._ended = ModelError("Le modèle est fermé.", subject=self.name)
                self._inbox.put(None)
        self._thread.join(_CLOSE_SECONDS)
        if self._thread.is_alive():
            logger.warning("llama.cpp travaille encore : sa mémoire n’est pas libérée.")
        else:
            self._weights.close()

    def __enter__(self) -> LlamaGenerator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _stream(
        self, request: GenerationRequest, should_stop: Callable[[], bool] | None
    ) -> Iterator[Token]:
        self._submit(request)
        try:
            while True:
                token = request.next_token(should_stop, self._thread.is_alive)
                yield token
                if token.finish is not None:
                    return
        finally:
            request.cancelled = True

    def _submit(self, request: GenerationRequest) -> None:
        with self._lock:
            if self._ended is not None:
                raise self._ended
            self._inbox.put(request)

    def _require_open(self) -> None:
        if self._ended is not None:
            raise self._ended

    def _serve(self) -> None:
        error: ModelError = cancelled()
        try:
            while self._collect():
                self._step()
        except BaseException:  # nobody must wait for a thread that has ended
            logger.exception("Le moteur du modèle s’est arrêté sur une erreur.")
            error = ModelError("Le moteur du modèle s’est arrêté sur une erreur : redémarrez.")
        with self._lock:
            self._ended = self._ended or error
        while not self._inbox.empty():
            request = self._inbox.get()
            if request is not None:
                self._scheduler.submit(request)
        self._scheduler.fail_all(error)
        self._context.close()

    def _step(self) -> None:
        """Let the scheduler work; what it fails at ends its requests, a few times not the engine.

        Failing a request also empties its sequence of the context: the next one starts clean.
        """
        try:
            self._scheduler.step()
        except Exception:
            self._failures += 1
            if self._failures > _FAILURES_SURVIVED:
                raise
            logger.exception("Le moteur du modèle a échoué ; il reprend.")
            self._scheduler.fail_all(
                ModelError("Le moteur du modèle a échoué : reposez la question.", subject=self.name)
            )

    def _collect(self) -> bool:
        """Take new requests in, waiting for one if there is nothing to do; False: end."""
        while not self._scheduler.busy or not self._inbox.empty():
            request = self._inbox.get()
            if request is None:
                return False
            self._scheduler.submit(request)
        return True


def _chat_template(weights: ModelWeights) -> ChatTemplate:
    if weights.pooling is not None:
        raise ModelFileError(
            f"{weights.path.name} est un modèle d’embeddings : il ne converse pas. Indiquez-le "
            "dans SOURCIER_EMBEDDER, et un modèle de conversation dans SOURCIER_MODEL.",
            subject=str(weights.path),
        )
    source = weights.chat_template
    if source is None:
        raise ModelFileError(
            f"{weights.path.name} n’est pas un modèle de conversation (il n’a pas de gabarit de "
            "conversation) : choisissez une variante « instruct » ou « it », ou un modèle de "
            "« sourcier models list ».",
            subject=str(weights.path),
        )
    return ChatTemplate(
        source,
        start=weights.special_text("bos"),
        end=weights.special_text("eos"),
        subject=str(weights.path),
    )
