"""What decides whether a subscription's chat may still use the bot, read from several tables.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from bot.access import AccessState
from bot.digests.subscriptions import SubscriptionState, Suspension
from knowledge.store.delivery_schema import chats, subscriptions
from knowledge.store.engine import Database
from knowledge.store.reader_schema import access


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whose a subscription is; `suspended`: because the chat may not use the bot."""

    subscription_id: int
    chat_id: int
    created_by: int | None
    suspended: bool
    kind: str | None  # of the chat, if it is known
    added_by: int | None


class AdmissionStore:
    """Subscriptions that are active, or suspended for want of access."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def subscribers(self) -> tuple[Subscriber, ...]:
        """Return whose those subscriptions are, the oldest first."""
        wanted = or_(
            subscriptions.c.state == SubscriptionState.ACTIVE,
            subscriptions.c.reason == Suspension.ACCESS,
        )
        query = (
            select(
                subscriptions.c.id,
                subscriptions.c.chat_id,
                subscriptions.c.created_by,
                subscriptions.c.reason.is_not(None),
                chats.c.kind,
                chats.c.added_by,
            )
            .join(chats, chats.c.id == subscriptions.c.chat_id, isouter=True)
            .where(wanted)
            .order_by(subscriptions.c.id)
        )
        with self._database.reading() as connection:
            return tuple(Subscriber(*row) for row in connection.execute(query))

    def states(self) -> Mapping[int, AccessState]:
        """Return what was decided of each subject."""
        query = select(access.c.subject, access.c.state)
        with self._database.reading() as connection:
            return {subject: AccessState(state) for subject, state in connection.execute(query)}
