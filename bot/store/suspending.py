"""What suspending, resuming and moving do to subscriptions and to what is still to be sent.

These functions are steps of their callers' transactions. A digest that was cut short is *held*:
if its subscription is resumed before the next one was due, the rest of it leaves; later, it is
dropped, and the one digest that catches up tells its news again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, select, update

from bot.digests.subscriptions import SubscriptionState, Suspension
from knowledge.store.delivery_schema import chats, outbox, subscriptions
from knowledge.store.reader_schema import access

_ACTIVE = subscriptions.c.state == SubscriptionState.ACTIVE
_BY_CHAT = (Suspension.BLOCKED, Suspension.REMOVED, Suspension.MUTED)


def suspend(
    connection: Connection, which: ColumnElement[bool], reason: Suspension, now: datetime
) -> int:
    """Suspend the active ones of the subscriptions that `which` selects; return how many."""
    ids = connection.execute(select(subscriptions.c.id).where(_ACTIVE, which)).scalars().all()
    if ids:
        connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id.in_(ids))
            .values(state=SubscriptionState.SUSPENDED.value, reason=reason.value)
        )
        hold(connection, outbox.c.subscription_id.in_(ids), now)
    return len(ids)


def hold(connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
    """Hold the parts of digests that wait, and drop everything else that does."""
    waiting = and_(outbox.c.state == "waiting", which)
    for state, kind in (
        ("held", outbox.c.window_end.is_not(None)),
        ("dropped", outbox.c.window_end.is_(None)),
    ):
        connection.execute(
            update(outbox).where(waiting, kind).values(state=state, open=False, settled_at=now)
        )


def resume(connection: Connection, which: ColumnElement[bool], now: datetime) -> int:
    """Make the suspended ones of those subscriptions active again; return how many."""
    suspended = subscriptions.c.state == SubscriptionState.SUSPENDED
    found = connection.execute(
        select(subscriptions.c.id, subscriptions.c.due_at).where(suspended, which)
    ).all()
    if not found:
        return 0
    in_time = [identifier for identifier, due_at in found if due_at > now]
    late = [identifier for identifier, due_at in found if due_at <= now]
    held = outbox.c.state == "held"
    connection.execute(
        update(outbox)
        .where(held, outbox.c.subscription_id.in_(in_time))
        .values(state="waiting", open=True, settled_at=None, not_before=now)
    )
    connection.execute(
        update(outbox).where(held, outbox.c.subscription_id.in_(late)).values(state="dropped")
    )
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id.in_([*in_time, *late]))
        .values(state=SubscriptionState.ACTIVE.value, reason=None)
    )
    return len(found)


def resume_chat(connection: Connection, chat_id: int, now: datetime) -> int:
    """Resume what was suspended because of the chat itself; return how many subscriptions."""
    which = and_(subscriptions.c.chat_id == chat_id, subscriptions.c.reason.in_(_BY_CHAT))
    return resume(connection, which, now)


def move_chat(connection: Connection, old: int, new: int, now: datetime) -> None:
    """Give everything that is a group's to the supergroup that it became.

    The ledger of what was shown stays with the old id: the supergroup counts its messages anew,
    and an old number would name another message there.
    """
    connection.execute(
        update(subscriptions).where(subscriptions.c.chat_id == old).values(chat_id=new)
    )
    unsent = outbox.c.state.in_(("waiting", "sending", "held"))
    connection.execute(
        update(outbox).where(outbox.c.chat_id == old, unsent).values(chat_id=new, reply_to=None)
    )
    taken = exists(select(1).where(access.c.subject == new))
    connection.execute(update(access).where(access.c.subject == old, ~taken).values(subject=new))
    connection.execute(delete(access).where(access.c.subject == old))
    _move_chat_row(connection, old, new, now)


def _move_chat_row(connection: Connection, old: int, new: int, now: datetime) -> None:
    """Note what became of a group, of one that was never heard of too: corrections follow it."""
    known = connection.execute(select(chats).where(chats.c.id == old)).one_or_none()
    moved = {"state": "migrated", "migrated_to": new, "changed_at": now}
    if known is None:
        row = {"id": old, "kind": "group", "title": "", "refusals": 0, **moved}
        connection.execute(chats.insert().values(row))
    else:
        connection.execute(update(chats).where(chats.c.id == old).values(moved))
    if not connection.execute(select(func.count()).where(chats.c.id == new)).scalar():
        connection.execute(
            chats.insert().values(
                id=new,
                kind="supergroup",
                title=known.title if known else "",
                state="present",
                refusals=0,
                added_by=known.added_by if known else None,
                changed_at=now,
            )
        )
