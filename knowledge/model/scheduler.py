"""Several generations on one context: continuous batching with shared prefixes.

Each step reads one batch: the last token of every answer being written, then the next piece of
the oldest prompt not yet read (Orca, Yu et al. 2022; llama.cpp's server works alike). Requests are
admitted in the order they came, each with room reserved for its longest answer, so that nothing
that runs is ever thrown out for lack of cells. A prompt shares what it has in common with one that
is running, and takes up one that was kept: a question on passages read before costs only its own
tokens, whatever was asked in between.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import ContextTooSmallError, ModelError
from knowledge.model.cache import PromptCache, Tokens, common_prefix
from knowledge.model.context import ModelContext, NoRoomError, Piece
from knowledge.model.requests import GenerationRequest, TextDecoder, cancelled, timed_out
from knowledge.model.weights import ModelWeights
from knowledge.ports import FinishReason

logger = logging.getLogger(__name__)

# A prompt is read in pieces that take about this long, so that a deadline, a cancellation or a
# neighbour's next token waits no longer; shorter while others write. Small pieces read slower
# (108 tokens/s by 8 instead of 170 to 205 by 128 and more, measured).
_ALONE_SECONDS = 1.0
_SHARED_SECONDS = 0.3
_SMALLEST_PIECE = 64
_FIRST_PIECE = 256


@dataclass(eq=False, slots=True)
class _Run:
    """A generation in progress, in sequence `number` of the context.

    `length` tokens are read; `last` is the token chosen and not yet read.
    """

    request: GenerationRequest
    number: int
    length: int = 0
    decoder: TextDecoder = field(default_factory=TextDecoder)
    written: int = 0
    last: int | None = None

    @property
    def prompt_read(self) -> Tokens:
        """As much of the prompt as was read."""
        return self.request.tokens[: self.length]


class Scheduler:
    """Serves requests on one context of `slots` sequences. The engine's thread alone calls it.

    `cache_bytes` is how much memory prompts that were read may take beside the context.
    """

    def __init__(
        self,
        weights: ModelWeights,
        context: ModelContext,
        *,
        slots: int,
        batch: int,
        cache_bytes: int,
    ) -> None:
        self._weights = weights
        self._context = context
        self._cache = PromptCache(cache_bytes if weights.reusable_prefixes else 0)
        self._slots = slots
        self._most_read = batch
        self._piece = min(_FIRST_PIECE, self._most_read)
        self._waiting: deque[GenerationRequest] = deque()
        self._running: list[_Run] = []
        self.tokens_read = 0

    @property
    def busy(self) -> bool:
        """Whether a step has anything to do."""
        return bool(self._waiting or self._running)

    def submit(self, request: GenerationRequest) -> None:
        """Put `request` behind those that wait."""
        self._waiting.append(request)

    def step(self) -> None:
        """Read one batch and hand out the tokens it leads to."""
        self._drop_ended(time.monotonic())
        self._admit()
        planned = self._plan()
        if planned:
            self._read(planned)

    def fail_all(self, error: ModelError) -> None:
        """End every request, running or waiting, with `error`."""
        for run in list(self._running):
            self._fail(run, error)
        while self._waiting:
            _refuse(self._waiting.popleft(), error)

    def _drop_ended(self, now: float) -> None:
        for run in list(self._running):
            if run.request.cancelled or run.request.expired(now):
                run.request.reply(cancelled() if run.request.cancelled else timed_out())
                self._end(run)
        for request in list(self._waiting):
            if request.cancelled or request.expired(now):
                self._waiting.remove(request)
                _refuse(request, cancelled() if request.cancelled else timed_out())

    def _admit(self) -> None:
        while self._waiting and len(self._running) < self._slots:
            reserved = sum(run.request.capacity for run in self._running)
            if self._running and reserved + self._waiting[0].capacity > self._context.cells:
                return
            self._start(self._waiting.popleft())

    def _start(self, request: GenerationRequest) -> None:
        taken = {run.number for run in self._running}
        run = _Run(request, min(set(range(self._slots)) - taken))
        if self._weights.reusable_prefixes:
            run.length = self._take_up(run)
        self._running.append(run)

    def _take_up(self, run: _Run) -> int:
        """Put what is known of the prompt into its sequence; return how many tokens that is."""
        wanted = run.request.tokens[:-1]  # the last one is read in any case, for what follows it
        kept, length = self._cache.nearest(wanted)
        for other in self._running:
            shared = common_prefix(other.prompt_read, wanted)
            if shared >= length > 0 or shared > length:
                self._context.share(other.number, run.number, shared)
                return shared
        if kept is None:
            return 0
        self._cache.touch(kept)
        return length if self._context.restore(run.number, kept.state, length) else 0

    def _plan(self) -> list[tuple[_Run, Tokens]]:
        """Return what each run reads next, answers before prompts, older prompts first."""
        planned = [
            (run, np.array([run.last], dtype=np.int32))
            for run in self._running
            if run.last is not None
        ]
        budget = self._piece
        for run in self._running:
            if run.last is None and budget > 0:
                tokens = run.request.tokens[run.length : run.length + budget]
                budget -= len(tokens)
                planned.append((run, tokens))
        return planned

    def _read(self, planned: list[tuple[_Run, Tokens]]) -> None:
        pieces = [
            Piece(
                run.number,
                run.length,
                tokens,
                run.length + len(tokens) >= len(run.request.tokens),
            )
            for run, tokens in planned
        ]
        began = time.monotonic()
        try:
            logits = self._context.read(pieces)
        except NoRoomError:  # room was reserved: only a context cut to pieces comes here
            logger.warning("Le contexte n’a plus de place, alors qu’elle était réservée.")
            self._fail(planned[-1][0], _too_long())
            return
        except ModelError as error:
            for run, _ in planned:
                self._fail(run, error)
            return
        amount = sum(len(tokens) for _, tokens in planned)
        self.tokens_read += amount
        self._adapt(amount, time.monotonic() - began)
        for run, tokens in planned:
            run.length += len(tokens)
            if run.number in logits:
                self._write(run, logits[run.number])

    def _adapt(self, tokens: int, seconds: float) -> None:
        """Set how many prompt tokens the next step reads, from how fast this one was."""
        if tokens < _SMALLEST_PIECE:
            return
        writing = any(run.last is not None for run in self._running)
        aim = _SHARED_SECONDS if writing else _ALONE_SECONDS
        affordable = int(aim * tokens / max(seconds, 1e-6))
        self._piece = max(_SMALLEST_PIECE, min(self._most_read, affordable))

    def _write(self, run: _Run, logits: NDArray[np.float32]) -> None:
        chooser = run.request.chooser
        try:
            token = chooser.choose(logits)
        except ModelError as error:
            self._fail(run, error)
            return
        run.written += 1
        if self._weights.ends_generation(token):
            self._finish(run, b"", FinishReason.STOP)
            return
        chooser.accept(token)
        run.last = token
        piece = self._weights.piece(token)
        if run.written >= run.request.max_tokens:
            self._finish(run, piece, FinishReason.LENGTH)
        else:
            run.request.reply(run.decoder.token(piece))

    def _finish(self, run: _Run, piece: bytes, reason: FinishReason) -> None:
        run.request.reply(run.decoder.last(piece, reason))
        self._end(run)

    def _end(self, run: _Run) -> None:
        """Take `run` out and keep its prompt, as far as it was read, for the next question."""
        self._running.remove(run)
        run.request.chooser.close()
        tokens = run.prompt_read
        if self._cache.budget and len(tokens) and not self._cache.covers(tokens):
            self._keep(run, tokens)
        self._context.forget(run.number)

    def _keep(self, run: _Run, tokens: Tokens) -> None:
        if self._context.keep(run.number, len(tokens)):
            state = self._context.state(run.number)
            if state is not None:
                self._cache.keep(tokens, state)

    def _fail(self, run: _Run, error: ModelError) -> None:
        self._running.remove(run)
        self._context.forget(run.number)
        _refuse(run.request, error)


def _refuse(request: GenerationRequest, error: ModelError) -> None:
    request.chooser.close()
    request.reply(error)


def _too_long() -> ContextTooSmallError:
    return ContextTooSmallError(
        "Le contexte du modèle est trop petit pour cette question : augmentez "
        "SOURCIER_CONTEXT_TOKENS ou diminuez SOURCIER_PASSAGES."
    )
