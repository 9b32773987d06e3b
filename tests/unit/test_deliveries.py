"""Digests as the schedule asks for them: built once, in each reader's time, «rien» if wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.digests.clock import Clock
from bot.digests.deliveries import KnowledgeDigests
from bot.digests.schedule import Asked, BuiltDigest
from bot.views.digest_view import render_digest
from bot.views.window_words import render_nothing_new
from knowledge.digest.types import (
    Digest,
    DigestGroup,
    DigestItem,
    DigestRequest,
    Subjects,
    Window,
)
from knowledge.types import Claim
from tests.answers import POOL_OPENS, article, cite
from tests.interface.running_bot import ScriptedKnowledge

NOW = datetime(2026, 5, 5, 6, 30, tzinfo=UTC)
PARIS, MONTREAL = ZoneInfo("Europe/Paris"), ZoneInfo("America/Montreal")
WINDOW = Window(datetime(2026, 5, 4, 6, tzinfo=UTC), NOW)
ITEM = DigestItem(article(), (Claim("", (cite(article(), POOL_OPENS),)),))
DIGEST = Digest((DigestGroup((ITEM,)),), WINDOW)
NEWS, NOTHING = DigestRequest(WINDOW), DigestRequest(WINDOW, Subjects(words=("rien",)))


class Base(ScriptedKnowledge):
    """A base with one digest, which remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[DigestRequest] = []

    def digests(
        self, requests: Sequence[DigestRequest], *, now: datetime, should_stop: Callable[[], bool]
    ) -> tuple[Digest | None, ...]:
        assert (now, should_stop()) == (NOW, False)
        self.requests += requests
        return tuple(DIGEST if request == NEWS else None for request in requests)


def built(base: Base, *asked: Asked) -> list[BuiltDigest | None]:
    digests = KnowledgeDigests(base, Clock(now=lambda: NOW))
    return digests.build(asked, should_stop=lambda: False)


def test_a_digest_is_built_once_and_told_in_the_time_of_each_reader() -> None:
    base = Base()
    asked = [Asked(NEWS, zone) for zone in (PARIS, MONTREAL)]
    assert built(base, *asked) == [
        BuiltDigest(render_digest(DIGEST, zone=zone), "extract") for zone in (PARIS, MONTREAL)
    ]
    assert base.requests == [NEWS]
    headings = {render_digest(DIGEST, zone=zone)[0].message.text for zone in (PARIS, MONTREAL)}
    assert len(headings) == 2


def test_where_there_is_nothing_new_it_is_said_to_those_who_want_it() -> None:
    found = built(
        Base(),
        Asked(NOTHING, PARIS),
        Asked(NOTHING, PARIS, say_when_empty=True),
        Asked(NOTHING, MONTREAL, say_when_empty=True),
        Asked(NEWS, PARIS, say_when_empty=True),
    )
    assert found[0] is None
    said = [[part.message for part in each.parts] for each in found[1:] if each is not None]
    assert said[:2] == [[render_nothing_new(WINDOW, zone=zone)] for zone in (PARIS, MONTREAL)]
    assert POOL_OPENS in said[2][0].text
