"""The server's own count of what the bot sent, so that a test can say no limit was exceeded.

Only what was accepted counts: messages and edits, by the server's clock at their arrival. The most
in any window is exact: every event looks back from itself.
"""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field

SECOND, MINUTE = 1.0, 60.0


class Window:
    """Events of the last ``length`` seconds, and the most there ever were."""

    __slots__ = ("_length", "_times", "most")

    def __init__(self, length: float) -> None:
        self._length = length
        self._times: deque[float] = deque()
        self.most = 0

    def add(self, now: float) -> None:
        """Count an event; ``now`` never goes back."""
        times = self._times
        times.append(now)
        while now - times[0] >= self._length:
            times.popleft()
        if len(times) > self.most:
            self.most = len(times)


def _seconds() -> defaultdict[int, Window]:
    return defaultdict(lambda: Window(SECOND))


def _minutes() -> defaultdict[int, Window]:
    return defaultdict(lambda: Window(MINUTE))


@dataclass(frozen=True, slots=True)
class Violation:
    """A request refused by flood control: which limit, in which chat, when (monotonic seconds)."""

    limit: str
    chat_id: int
    at: float


@dataclass(slots=True)
class Tally:
    """What was accepted, and what flood control refused."""

    accepted: Counter[int] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    _overall: Window = field(default_factory=lambda: Window(SECOND))
    _chat_second: defaultdict[int, Window] = field(default_factory=_seconds)
    _chat_minute: defaultdict[int, Window] = field(default_factory=_minutes)
    _groups: set[int] = field(default_factory=set)

    def accept(self, chat_id: int, now: float, *, group: bool) -> None:
        """Count a message or an edit."""
        self.accepted[chat_id] += 1
        self._overall.add(now)
        self._chat_second[chat_id].add(now)
        self._chat_minute[chat_id].add(now)
        if group:
            self._groups.add(chat_id)

    @property
    def most_in_a_second(self) -> int:
        """Return the most accepted in any second, all chats together."""
        return self._overall.most

    @property
    def most_in_a_second_of_a_chat(self) -> int:
        """Return the most accepted in any second in one chat."""
        return max((window.most for window in self._chat_second.values()), default=0)

    @property
    def most_in_a_minute_of_a_group(self) -> int:
        """Return the most accepted in any minute in one group or channel."""
        return max((self._chat_minute[each].most for each in self._groups), default=0)

    def most_in_a_second_of(self, chat_id: int) -> int:
        """Return the most accepted in any second in a chat."""
        return self._chat_second[chat_id].most

    def most_in_a_minute_of(self, chat_id: int) -> int:
        """Return the most accepted in any minute in a chat."""
        return self._chat_minute[chat_id].most
