"""What was shown is corrected: once, in reply, by setting, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversations import Place
from bot.digests.clock import Clock
from bot.digests.corrections import Corrections
from bot.digests.subscriptions import Preferences
from bot.shown import ShownCitation, ShownKind, ShownMessage
from bot.store.chats import ChatStore
from bot.store.corrections import CorrectionStore
from bot.store.outbox import OutboxStore
from bot.store.settling import Delivered
from bot.store.shown import ShownStore
from bot.store.subscriptions import SubscriptionStore
from bot.texts import deliveries as texts
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.types import Article, Span
from tests.bases import TEXT, draft, segmented

SAVED = datetime(2026, 3, 1, 8, tzinfo=UTC)
SENT = SAVED + timedelta(hours=1)
CHANGED = SENT + timedelta(hours=1)
LOOKED = CHANGED + timedelta(minutes=10)
PRIVATE, GROUP, SUPERGROUP = Place(77), Place(-5), Place(-1005)

DEARER = TEXT.replace("1,5 million", "2,1 millions")
MOVED = DEARER.replace("lundi 4 mai", "mardi 5 mai")
WITHOUT_COST = TEXT.replace(" Les travaux ont coûté 1,5 million d’euros.", "")


@dataclass(slots=True)
class World:
    """A base, what was shown of it, and what the outbox holds; `at` is the time."""

    articles: SqlArticleStore
    at: datetime = LOOKED
    of_answers: bool = True

    def save(self, text: str, at: datetime) -> Article:
        return self.articles.save(draft(text=text), segmented(text), now=at).article

    def cited(self, article: Article, *sentences: int) -> tuple[ShownCitation, ...]:
        """Return the citations of sentences, without the blanks around them."""
        spans = [segmented(article.text).sentences[index] for index in sentences]
        tight = [Span(each.start + (each.start > 0), each.end) for each in spans]
        return tuple(
            ShownCitation(number, article.id, article.version, span)
            for number, span in enumerate(tight, 1)
        )

    def show(
        self,
        article: Article,
        *sentences: int,
        place: Place = PRIVATE,
        kind: ShownKind = ShownKind.DIGEST,
        at: datetime = SENT,
    ) -> None:
        """Enter message 900, which quotes those sentences, into the ledger."""
        cited = self.cited(article, *sentences)
        shown = ShownMessage(place, 900, 900, kind, "extract", None, at, cited, len(cited))
        ShownStore(self.articles.database).record([shown])

    def subscribe(self, place: Place = PRIVATE, *, corrections: bool = True) -> None:
        wanted = replace(Preferences(), corrections=corrections)
        store = SubscriptionStore(self.articles.database)
        store.create(place, wanted, created_by=None, now=SAVED)

    def corrected(self) -> list[tuple[Place, int | None, str]]:
        """Look, deliver what that put out, and return place, message replied to and text."""
        database = self.articles.database
        corrections = Corrections(
            store=CorrectionStore(database),
            shown=ShownStore(database),
            articles=self.articles,
            subscriptions=SubscriptionStore(database),
            chats=ChatStore(database),
            wake=lambda: None,
            of_answers=self.of_answers,
            clock=Clock(now=lambda: self.at),
        )
        while corrections.look():
            pass
        outbox, told = OutboxStore(database), []
        while ready := outbox.ready(most=10, skip=(), now=self.at):
            for each in outbox.claim([one.number for one in ready]):
                parcel = each.parcel
                told.append((parcel.place, parcel.reply_to, parcel.message.text))
                outbox.settle([Delivered(each, 5000 + each.id, self.at)])
        return told


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    articles = open_store(tmp_path / "sourcier.sqlite3")
    yield World(articles)
    articles.close()


def test_a_changed_sentence_is_corrected_once_with_before_and_after(world: World) -> None:
    world.subscribe()
    world.show(world.save(TEXT, SAVED), 0, 1)
    world.save(DEARER, CHANGED)
    [(place, reply_to, text)] = world.corrected()
    assert (place, reply_to) == (PRIVATE, 900)
    assert text.startswith(texts.CORRECTION_ONE)
    before, after = text.split(texts.AFTER)
    assert "1,5 million" in before
    assert "2,1 millions" in after
    assert world.corrected() == []
    world.save(DEARER + " Le bassin est chauffé.", CHANGED + timedelta(hours=1))
    world.at += timedelta(hours=2)
    assert world.corrected() == []  # the same correction is not told twice


def test_a_message_with_two_changed_quotations_gets_one_reply(world: World) -> None:
    world.subscribe()
    world.show(world.save(TEXT, SAVED), 0, 1)
    world.save(MOVED, CHANGED)
    [(_, _, text)] = world.corrected()
    assert text.startswith(texts.CORRECTION_SEVERAL)
    assert text.count(texts.AFTER) == 2


def test_a_sentence_that_is_gone_is_said_to_be(world: World) -> None:
    world.subscribe()
    world.show(world.save(TEXT, SAVED), 1)
    world.save(WITHOUT_COST, CHANGED)
    [(_, _, text)] = world.corrected()
    assert texts.LOST in text


def test_what_was_quoted_and_stands_still_is_not_corrected(world: World) -> None:
    world.subscribe()
    world.show(world.save(TEXT, SAVED), 0)
    world.save(DEARER, CHANGED)
    assert world.corrected() == []


def test_a_version_saved_while_a_digest_waited_to_be_sent_corrects_it(world: World) -> None:
    world.subscribe()
    told = world.save(TEXT, SAVED)
    world.save(DEARER, SENT)
    assert world.corrected() == []  # there is no message yet
    world.at = LOOKED + timedelta(hours=5)
    world.show(told, 1, at=world.at)
    world.at += timedelta(minutes=10)
    [(_, reply_to, text)] = world.corrected()
    assert reply_to == 900
    assert "2,1 millions" in text
    assert world.corrected() == []
    world.save(DEARER.replace("2,1", "2,4"), world.at)
    world.at += timedelta(minutes=10)
    [(_, _, text)] = world.corrected()
    assert "2,4 millions" in text


@pytest.mark.parametrize(("days", "corrected"), [(29, 1), (31, 0)])
def test_only_the_last_thirty_days_are_corrected(world: World, days: int, corrected: int) -> None:
    world.subscribe()
    world.show(world.save(TEXT, SAVED), 1)
    world.at = SENT + timedelta(days=days)
    world.save(DEARER, world.at - timedelta(minutes=4))
    assert len(world.corrected()) == corrected


def test_a_digest_is_corrected_by_the_setting_of_its_subscription(world: World) -> None:
    world.subscribe(corrections=False)
    world.show(world.save(TEXT, SAVED), 1)
    world.save(DEARER, CHANGED)
    assert world.corrected() == []


@pytest.mark.parametrize("wanted", [True, False])
def test_an_answer_is_corrected_by_the_general_setting(world: World, wanted: bool) -> None:
    world.of_answers = wanted
    world.show(world.save(TEXT, SAVED), 1, kind=ShownKind.ANSWER)
    world.save(DEARER, CHANGED)
    assert len(world.corrected()) == wanted


@pytest.mark.parametrize("known", [True, False])
def test_a_group_that_became_a_supergroup_is_told_there_without_a_reply(
    world: World, known: bool
) -> None:
    chats = ChatStore(world.articles.database)
    world.subscribe(GROUP)
    if known:
        chats.note(GROUP.chat_id, "group", "La rédaction", now=SAVED)
    world.show(world.save(TEXT, SAVED), 1, place=GROUP)
    chats.migrated(GROUP.chat_id, SUPERGROUP.chat_id, now=SENT)
    world.save(DEARER, CHANGED)
    [(place, reply_to, text)] = world.corrected()
    assert (place, reply_to) == (SUPERGROUP, None)  # the old number is another message there
    assert text.startswith(texts.CORRECTION_MOVED)


def test_a_chat_that_the_bot_left_is_not_told(world: World) -> None:
    world.subscribe(GROUP)
    world.show(world.save(TEXT, SAVED), 1, place=GROUP)
    ChatStore(world.articles.database).gone(GROUP.chat_id, now=SENT)
    world.save(DEARER, CHANGED)
    assert world.corrected() == []


def test_an_article_taken_out_of_the_base_corrects_nothing(world: World) -> None:
    """That is the administrator's choice, not the source's: no version changes the sentence."""
    world.subscribe()
    told = world.save(TEXT, SAVED)
    world.show(told, 1)
    world.articles.remove(told.id, now=CHANGED)
    assert world.corrected() == []
    world.save(DEARER, CHANGED + timedelta(hours=1))  # brought back, and changed meanwhile
    world.at = LOOKED + timedelta(hours=1)
    [(_, _, text)] = world.corrected()
    assert "2,1 millions" in text
