"""Corrects what was shown: a reply to each message whose quotation a newer version changed.

New versions are taken in the order in which they were saved, each once: the cursor moves in the
transaction that puts the replies into the outbox, under keys that name message and version.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.conversations import Place
from bot.digests.clock import Clock, sleep_unless
from bot.digests.parcels import Parcel
from bot.digests.subscriptions import SETTLING
from bot.shown import ShownCitation, ShownKind, ShownMessage
from bot.store.chats import ChatState, ChatStore
from bot.store.corrections import CorrectionStore, NewVersion
from bot.store.shown import ShownStore
from bot.store.subscriptions import SubscriptionStore
from bot.views.correction_view import render_corrections
from knowledge.articles import Article, Sentence
from knowledge.corrections import Correction, correction
from knowledge.errors import SourcierError
from knowledge.ports import ArticleStore
from knowledge.types import Citation

logger = logging.getLogger(__name__)

KEPT = timedelta(days=30)  # messages that are corrected
_AT_ONCE = 50  # versions of one round
_SECONDS = 60.0  # between rounds


class Corrections:
    """Looks for new versions until it is told to stop; `wake` is told of new parcels."""

    def __init__(
        self,
        *,
        store: CorrectionStore,
        shown: ShownStore,
        articles: ArticleStore,
        subscriptions: SubscriptionStore,
        chats: ChatStore,
        wake: Callable[[], None],
        of_answers: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self._store = store
        self._shown = shown
        self._articles = articles
        self._subscriptions = subscriptions
        self._chats = chats
        self._wake = wake
        self._of_answers = of_answers
        self._clock = clock or Clock()

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set; a database that refuses is asked again later."""
        while not stop.is_set():
            try:
                while await asyncio.to_thread(self.look) and not stop.is_set():
                    self._wake()
            except SourcierError as error:
                logger.warning("Corrections remises à un peu plus tard : %s", error.message)
            await sleep_unless(stop, self._clock, _SECONDS)

    def look(self) -> int:
        """Look at some new versions and put out what they correct; return how many there were.

        What was saved in the last two minutes is left for later: another one whose saving began
        before may not be there yet. Messages that were sent after what corrects them was saved,
        as a digest that had to wait, are looked at too.

        Raises:
            StoreError: the database refuses.
        """
        now = self._clock.now()
        versions = self._store.new_versions(since=now - KEPT, until=now - SETTLING, most=_AT_ONCE)
        for version in versions:
            self._store.looked_at(version, self._parcels(version, now), now=now)
        self._look_at_late_messages(now)
        return len(versions)

    def _look_at_late_messages(self, now: datetime) -> None:
        until = now - SETTLING
        parcels: list[Parcel] = []
        for each in self._store.overtaken(since=now - KEPT, until=until):
            newer = self._articles.article(each.article_id, each.version)
            message = self._shown.message(each.chat_id, each.message_id)
            if newer is not None and message is not None:
                parcels += self._corrections(message, newer, late=True)
        self._store.looked_at_messages(until, parcels, now=now)

    def _parcels(self, new: NewVersion, now: datetime) -> list[Parcel]:
        newer = self._articles.article(new.article_id, new.version)
        if newer is None:
            return []
        parcels: list[Parcel] = []
        for message in self._shown.quoting(new.article_id, since=now - KEPT):
            parcels += self._corrections(message, newer)
        return parcels

    def _corrections(
        self, message: ShownMessage, newer: Article, *, late: bool = False
    ) -> list[Parcel]:
        """Return the replies that correct a message; `late`: it was told of no version before."""
        place = self._place(message)
        if place is None:
            return []
        sentences = self._articles.sentences(newer.id, newer.version)
        # A sentence may be quoted twice in one message.
        quoted = {
            (each.version, each.span): each
            for each in message.citations
            if each.article_id == newer.id and each.version < newer.version
        }
        found = [
            changed
            for citation in quoted.values()
            if (changed := self._changed(citation, newer, sentences, late=late)) is not None
        ]
        return _replies(message, place, found, newer) if found else []

    def _changed(
        self,
        shown: ShownCitation,
        newer: Article,
        sentences: tuple[Sentence, ...],
        *,
        late: bool,
    ) -> Correction | None:
        """Return what this version changes; None if it, or the one before, leaves it as it was."""
        cited = self._articles.article(shown.article_id, shown.version)
        if cited is None:
            return None
        before = Citation(cited, shown.span, shown.span.of(cited.text))
        found = correction(before, newer, sentences)
        if found is None or late or newer.version - 1 == shown.version:
            return found
        previous = self._articles.article(newer.id, newer.version - 1)
        if previous is None:
            return found
        told = correction(before, previous, self._articles.sentences(newer.id, previous.version))
        return None if _says(told) == _says(found) else found

    def _place(self, message: ShownMessage) -> Place | None:
        """Return where a correction of the message goes, None if it is not wanted or possible."""
        chat_id, thread_id = message.place.chat_id, message.place.thread_id
        chat = self._chats.get(chat_id)
        if chat is not None and chat.migrated_to is not None:
            chat_id = chat.migrated_to
            chat = self._chats.get(chat_id)
        if chat is not None and chat.state is not ChatState.PRESENT:
            return None
        place = Place(chat_id, thread_id)
        if message.kind is ShownKind.DIGEST:
            own = self._subscriptions.of_place(place)
            return place if any(each.preferences.corrections for each in own) else None
        return place if self._of_answers else None


def _says(found: Correction | None) -> str | None:
    """Return what stands in the quotation's place: "" where nothing does."""
    if found is None:
        return None
    return "" if found.after is None else " ".join(found.after.quote.split())


def _replies(
    message: ShownMessage, place: Place, found: list[Correction], newer: Article
) -> list[Parcel]:
    moved = place.chat_id != message.place.chat_id
    messages = render_corrections(found, moved=moved)
    about = f"{message.place.chat_id}:{message.message_id}:{newer.id}:{newer.version}"
    return [
        Parcel(
            f"correction:{about}" if part == 1 else f"correction:{about}:{part}",
            place,
            text,
            silent=True,
            reply_to=None if moved else message.message_id,
            part=part,
            parts=len(messages),
        )
        for part, text in enumerate(messages, 1)
    ]
