"""Several generations on one context: continuous batching with shared prefixes.

Each step reads one batch: the last token of every answer being written, then the next piece of
the oldest prompt not yet read (Orca, Yu et al. 2022; llama.cpp's server works alike). Requests are
admitted in the order they came, each with room reserved for its longest answer, so that nothing
that runs is ever thrown out for lack of cells. Prompts that were read stay in the context until
their room is needed, the least recently used going first: a question on passages read before
costs only its own tokens.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import ContextTooSmallError, ModelError
from knowledge.model.cache import CachedSequence, SequenceCache, distinct_cells
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
    """A generation in progress. `last` is the token chosen and not yet read."""

    request: GenerationRequest
    sequence: CachedSequence
    decoder: TextDecoder = field(default_factory=TextDecoder)
    written: int = 0
    last: int | None = None

    @property
    def still_to_come(self) -> int:
        """How many cells it may yet fill."""
        return self.request.capacity - self.sequence.length


class Scheduler:
    """Serves requests on one context. The engine's thread alone calls it."""

    def __init__(
        self,
        weights: ModelWeights,
        context: ModelContext,
        *,
        slots: int,
        sequences: int,
        batch: int,
    ) -> None:
        self._weights = weights
        self._context = context
        self._cache = SequenceCache(context.cells, sequences)
        self._slots = slots
        self._most_read = batch - slots
        self._piece = min(_FIRST_PIECE, self._most_read)
        self._waiting: deque[GenerationRequest] = deque()
        self._running: list[_Run] = []

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
            if not self._room_can_be_made(self._waiting[0]):
                return
            self._start(self._waiting.popleft())

    def _room_can_be_made(self, request: GenerationRequest) -> bool:
        """Tell whether `request` fits beside what runs, whatever else has to go."""
        if not self._running:
            return True
        running = distinct_cells(run.sequence for run in self._running)
        reserved = sum(run.still_to_come for run in self._running)
        source, shared = self._nearest(request)
        if source is None or not source.in_use:
            shared = 0
        return running + reserved + request.capacity - shared <= self._cache.cells

    def _start(self, request: GenerationRequest) -> None:
        reserved = sum(run.still_to_come for run in self._running)
        while True:
            source, shared = self._nearest(request)
            number = self._cache.free_number()
            needed = self._cache.used() + reserved + request.capacity - shared
            if number is not None and needed <= self._cache.cells:
                break
            if not self._evict(spare=source):
                _refuse(request, _too_long())
                return
        sequence = self._cache.open(number, request.capacity, source, shared)
        if source is not None:
            self._context.share(source.number, number, shared)
        self._running.append(_Run(request, sequence))

    def _nearest(self, request: GenerationRequest) -> tuple[CachedSequence | None, int]:
        """Return where the longest known prefix lies; the last token is read in any case."""
        if not self._weights.reusable_prefixes:
            return None, 0
        return self._cache.nearest(request.tokens[:-1])

    def _evict(self, *, spare: CachedSequence | None = None) -> bool:
        number = self._cache.oldest_retained(spare=spare)
        if number is None:
            return False
        self._cache.forget(number)
        self._context.forget(number)
        return True

    def _plan(self) -> list[tuple[_Run, NDArray[np.int32]]]:
        """Return what each run reads next, answers before prompts, older prompts first."""
        planned = [
            (run, np.array([run.last], dtype=np.int32))
            for run in self._running
            if run.last is not None
        ]
        budget = self._piece
        for run in self._running:
            if run.last is None and budget > 0:
                start = run.sequence.length
                tokens = run.request.tokens[start : start + budget]
                budget -= len(tokens)
                planned.append((run, tokens))
        return planned

    def _read(self, planned: list[tuple[_Run, NDArray[np.int32]]]) -> None:
        pieces = [
            Piece(
                run.sequence.number,
                run.sequence.length,
                tokens,
                run.sequence.length + len(tokens) >= len(run.request.tokens),
            )
            for run, tokens in planned
        ]
        began = time.monotonic()
        try:
            logits = self._context.read(pieces)
        except NoRoomError:
            self._make_way(planned)
            return
        except ModelError as error:
            for run, _ in planned:
                self._fail(run, error)
            return
        self._adapt(sum(len(tokens) for _, tokens in planned), time.monotonic() - began)
        for run, tokens in planned:
            self._cache.extend(run.sequence, tokens)
            if run.sequence.number in logits:
                self._write(run, logits[run.sequence.number])

    def _make_way(self, planned: list[tuple[_Run, NDArray[np.int32]]]) -> None:
        """Free cells, for the next step to try again. Reservations should make this needless."""
        if not self._evict():
            logger.warning("the context is full although room was reserved")
            self._fail(planned[-1][0], _too_long())

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
        sequence = run.sequence
        length = min(sequence.length, len(run.request.tokens))
        if not self._weights.reusable_prefixes or not self._context.keep(sequence.number, length):
            self._cache.forget(sequence.number)
            self._context.forget(sequence.number)
            return
        for number in self._cache.retain(sequence, length):
            self._context.forget(number)

    def _fail(self, run: _Run, error: ModelError) -> None:
        self._running.remove(run)
        self._cache.forget(run.sequence.number)
        self._context.forget(run.sequence.number)
        _refuse(run.request, error)


def _refuse(request: GenerationRequest, error: ModelError) -> None:
    request.chooser.close()
    request.reply(error)


def _too_long() -> ContextTooSmallError:
    return ContextTooSmallError(
        "Le contexte du modèle est trop petit pour cette question : augmentez "
        "SOURCIER_CONTEXT_TOKENS ou diminuez SOURCIER_PASSAGES."
    )
