"""What an outbox must never do: forget a setting, go back, lose what was shown, wait for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversations import Place
from bot.digests.clock import Clock
from bot.digests.parcels import Claimed, DigestPart, Parcel, digest_parcels
from bot.digests.schedule import Asked, BuiltDigest, Schedule
from bot.digests.subscriptions import SETTLING, Preferences, Subscription, due_digest
from bot.shown import ShownCitation, ShownKind, ShownMessage
from bot.store.outbox import OutboxStore, SentTo
from bot.store.settling import Deferred, Delivered, Dropped
from bot.store.shown import ShownStore
from bot.store.subscriptions import SubscriptionStore
from bot.views.messages import Message
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.types import Span
from tests.bases import TEXT, draft, segmented

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 08:00 in Paris
TOPIC = Place(-1005, 12)


@pytest.fixture
def articles(tmp_path: Path) -> Iterator[SqlArticleStore]:
    store = open_store(tmp_path / "sourcier.sqlite3")
    yield store
    store.close()


@pytest.fixture
def outbox(articles: SqlArticleStore) -> OutboxStore:
    return OutboxStore(articles.database)


@pytest.fixture
def subscriptions(articles: SqlArticleStore) -> SubscriptionStore:
    return SubscriptionStore(articles.database)


@pytest.fixture
def subscription(subscriptions: SubscriptionStore) -> Subscription:
    quiet = replace(Preferences(), silent=True)
    return subscriptions.create(TOPIC, quiet, created_by=1, now=NOW)


def take(outbox: OutboxStore, now: datetime = DUE) -> tuple[Claimed, ...]:
    return outbox.claim([each.number for each in outbox.ready(most=9, skip=(), now=now)])


def of_window(subscription: Subscription, end: datetime) -> Parcel:
    return Parcel(
        f"{end}", TOPIC, Message("Du neuf"), subscription_id=subscription.id, window_end=end
    )


def test_each_part_goes_where_and_as_its_subscription_says(subscription: Subscription) -> None:
    due = due_digest(subscription, now=DUE)
    assert due is not None
    quotes = (("a" * 20, 1, 0, 9),)
    parts = [DigestPart(Message("Un"), quotes), DigestPart(Message("Deux"))]
    first = Parcel(
        f"digest:{subscription.id}:20260302T065800000000:1",
        TOPIC,
        Message("Un"),
        quotes,
        mode="model",
        silent=True,
        subscription_id=subscription.id,
        window_end=DUE - SETTLING,
        part=1,
        parts=2,
    )
    second = replace(first, key=first.key[:-1] + "2", message=Message("Deux"), quotes=(), part=2)
    assert digest_parcels(due, parts, mode="model") == (first, second)


def test_a_watermark_never_goes_back(
    outbox: OutboxStore, subscriptions: SubscriptionStore, subscription: Subscription
) -> None:
    for end in (DUE, DUE - timedelta(hours=1)):  # the later window was delivered first
        outbox.put([of_window(subscription, end)], now=NOW)
        outbox.settle([Delivered(each, 900, DUE) for each in take(outbox)])
    assert subscriptions.get(subscription.id) == replace(subscription, watermark=DUE)


def test_what_was_sent_stays_sent(outbox: OutboxStore, subscription: Subscription) -> None:
    outbox.put([of_window(subscription, DUE)], now=NOW)
    [claimed] = take(outbox)
    outbox.settle([Delivered(claimed, 900, DUE)])
    outbox.settle([Dropped(claimed, DUE), Deferred(claimed, DUE)])
    assert outbox.sent_since(NOW) == (SentTo(TOPIC.chat_id, DUE),)
    assert take(outbox) == ()


def test_a_delivery_enters_the_ledger_with_message_sentence_and_version(
    articles: SqlArticleStore, outbox: OutboxStore, subscription: Subscription
) -> None:
    article = articles.save(draft(text=TEXT), segmented(TEXT), now=NOW).article
    parcel = replace(of_window(subscription, DUE), quotes=((article.id, 1, 0, 9),), mode="model")
    outbox.put([parcel], now=NOW)
    outbox.settle([Delivered(each, 900, DUE) for each in take(outbox)])
    cited = (ShownCitation(1, article.id, 1, Span(0, 9)),)
    assert ShownStore(articles.database).message(TOPIC.chat_id, 900) == ShownMessage(
        TOPIC, 900, 900, ShownKind.DIGEST, "model", None, DUE, cited, 1
    )


class _Nothing:
    """Has no news for anybody."""

    def build(self, asked: Sequence[Asked], *, should_stop: object) -> list[BuiltDigest | None]:
        return [None for _ in asked]


def test_a_clock_that_was_a_year_ahead_makes_nothing_wait_for_a_year(
    outbox: OutboxStore, subscriptions: SubscriptionStore, subscription: Subscription
) -> None:
    year = timedelta(days=365)
    outbox.put([of_window(subscription, DUE + year)], now=NOW + year)
    others = [
        Parcel("a", Place(8), Message("Bientôt")),
        Parcel("b", Place(9), Message("Assez tôt")),
    ]
    outbox.put(others, now=NOW)
    claimed = {each.parcel.key: each for each in take(outbox)}
    outbox.settle([Deferred(claimed["a"], DUE + timedelta(days=1))])  # as Telegram asked for
    schedule = Schedule(
        subscriptions=subscriptions,
        outbox=outbox,
        builder=_Nothing(),
        wake=lambda: None,
        clock=Clock(now=lambda: NOW),
    )
    assert take(outbox, NOW) == ()
    asyncio.run(schedule.tick())
    [freed] = take(outbox, NOW)
    assert freed.parcel.window_end == DUE + year
