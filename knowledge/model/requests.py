"""One generation asked for: what the caller's thread and the engine's thread share."""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import (
    GenerationCancelledError,
    GenerationTimeoutError,
    ModelError,
)
from knowledge.model.sampling import Chooser
from knowledge.ports import FinishReason, Token

_POLL_SECONDS = 0.05  # how soon a caller notices that it should stop


@dataclass(eq=False, slots=True)
class GenerationRequest:
    """A prompt in tokens, its limits, and the way back to who asked.

    `chooser` belongs to the engine's thread once the request is submitted. `cancelled` is set by
    the caller and read by the engine.
    """

    tokens: NDArray[np.int32]
    max_tokens: int
    chooser: Chooser
    deadline: float | None = None
    cancelled: bool = False
    _replies: SimpleQueue[Token | ModelError] = field(default_factory=SimpleQueue)

    @property
    def capacity(self) -> int:
        """The most cells that prompt and answer may fill."""
        return len(self.tokens) + self.max_tokens

    def reply(self, item: Token | ModelError) -> None:
        """Hand the next piece, or the error that ends the generation, to the caller."""
        self._replies.put(item)

    def expired(self, now: float) -> bool:
        """Tell whether the deadline has passed."""
        return self.deadline is not None and now >= self.deadline

    def next_token(
        self, should_stop: Callable[[], bool] | None, engine_lives: Callable[[], bool]
    ) -> Token:
        """Wait for the next piece, in the caller's thread.

        Raises:
            GenerationTimeoutError, GenerationCancelledError, ModelError: and whatever the engine
                found.
        """
        while True:
            if should_stop is not None and should_stop():
                raise cancelled()
            alive = engine_lives()
            try:
                item = self._replies.get(timeout=_POLL_SECONDS)
            except Empty:
                if self.expired(time.monotonic()):
                    raise timed_out() from None
                if not alive:
                    raise ModelError("Le moteur du modèle s’est arrêté.") from None
                continue
            if isinstance(item, ModelError):
                raise item
            return item


class TextDecoder:
    """Bytes of tokens to text: a character may be spread over several tokens."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def token(self, piece: bytes) -> Token:
        """Return the text that is complete with `piece`, maybe empty."""
        return Token(self._decoder.decode(piece))

    def last(self, piece: bytes, finish: FinishReason) -> Token:
        """Return the rest of the text."""
        return Token(self._decoder.decode(piece, final=True), finish)


def cancelled() -> GenerationCancelledError:
    """Return the error of a generation that was stopped from outside."""
    return GenerationCancelledError("La réponse a été interrompue.")


def timed_out() -> GenerationTimeoutError:
    """Return the error of a generation whose deadline passed."""
    return GenerationTimeoutError(
        "Le modèle n’a pas répondu dans le temps imparti : réessayez, choisissez un modèle plus "
        "petit ou augmentez SOURCIER_ANSWER_SECONDS."
    )
