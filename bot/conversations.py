"""What was just said in each chat, so that a follow-up question is understood.

In memory only, and not for long: nothing here is ever written down.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from knowledge.types import Answer, Exchange

MAX_EXCHANGES = 3
LIFETIME = timedelta(minutes=30)
MAX_PLACES = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation takes place: a chat, or one topic of it."""

    chat_id: int
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Remembered:
    exchanges: tuple[Exchange, ...]
    at: datetime


class Conversations:
    """The last exchanges of the places heard from last. For use in one thread."""

    def __init__(
        self,
        *,
        max_exchanges: int = MAX_EXCHANGES,
        lifetime: timedelta = LIFETIME,
        max_places: int = MAX_PLACES,
    ) -> None:
        self._max_exchanges = max_exchanges
        self._lifetime = lifetime
        self._max_places = max_places
        self._places: OrderedDict[Place, _Remembered] = OrderedDict()

    def __len__(self) -> int:
        return len(self._places)

    def history(self, place: Place, *, now: datetime) -> tuple[Exchange, ...]:
        """Return the exchanges of the place, oldest first; none if they are too old."""
        self._forget_old(now)
        remembered = self._places.get(place)
        return remembered.exchanges if remembered else ()

    def remember(self, place: Place, answer: Answer, *, now: datetime) -> None:
        """Add an answered question to the place's exchanges, and drop what is one too many."""
        kept = extended(self.history(place, now=now), answer, limit=self._max_exchanges)
        self._places[place] = _Remembered(kept, now)
        self._places.move_to_end(place)
        while len(self._places) > self._max_places:
            self._places.popitem(last=False)

    def forget(self, place: Place) -> None:
        """Forget what was said in the place."""
        self._places.pop(place, None)

    def _forget_old(self, now: datetime) -> None:
        """Drop what is too old; places are kept in the order in which they last spoke."""
        while self._places:
            place, remembered = next(iter(self._places.items()))
            if now - remembered.at < self._lifetime:
                return
            del self._places[place]


def extended(
    history: tuple[Exchange, ...], answer: Answer, *, limit: int = MAX_EXCHANGES
) -> tuple[Exchange, ...]:
    """Return `history` with the answered question, without what is then one too many."""
    return (*history, Exchange.of(answer))[-limit:]
