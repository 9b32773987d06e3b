"""What is shown of access and its limits: text, entities and buttons. Pure.

Names come from Telegram, that is from anybody: they are cut, isolated and never markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.access import (
    CODE_LIFETIME,
    AccessRequest,
    AccessRules,
    AccessState,
    Verdict,
    Visitor,
)
from bot.quota import Refusal
from bot.texts import access as texts
from bot.views.messages import Button, EntityType, Message, Writer, inline, is_invisible
from bot.views.moments import come_back
from bot.views.wording import french_date
from bot.views.wording import number as french_number

PAGE = 8  # requests shown at once
_LONGEST_NAME = 64
DATA = "acces"  # what the buttons' data begin with


@dataclass(frozen=True, slots=True)
class Clock:
    """The time it is, and the zone in which hours are told."""

    now: datetime
    zone: tzinfo


def shown_name(*parts: str | None) -> str:
    """Return the name of a person or a group fit for one of our lines."""
    name = inline(" ".join(part for part in parts if part), limit=_LONGEST_NAME)
    return texts.NAMELESS if is_invisible(name) else name


def render_turned_away(visitor: Visitor, verdict: Verdict, *, listed: bool) -> Message:
    """Return the refusal of somebody who is not on the list, or was refused (`listed` False)."""
    if not listed or verdict is not Verdict.REFUSED:
        return Message(texts.TURNED_DOWN)
    words = texts.GROUP_NOT_LISTED if visitor.in_group else texts.NOT_LISTED
    writer = Writer().write(words)
    return _message(writer.write(str(visitor.subject), EntityType.BOLD).write("."))


def render_code(request: AccessRequest, clock: Clock) -> Message:
    """Return the message that shows the code of a pending request to whoever asked."""
    group = request.subject < 0
    expires = come_back(request.asked_at + CODE_LIFETIME, now=clock.now, zone=clock.zone)
    writer = Writer().write(texts.GROUP_PAIRING if group else texts.PAIRING)
    writer.write(request.code or "", EntityType.BOLD)
    return _message(writer.write("\n" + texts.CODE_EXPIRES.format(expires)))


def render_request(request: AccessRequest) -> Message:
    """Return what an administrator is asked, with two buttons."""
    code = request.code or ""
    group = request.subject < 0
    writer = Writer().write(texts.GROUP_REQUEST if group else texts.REQUEST)
    _write_subject(writer, request)
    writer.write("\n" + texts.REQUEST_CODE).write(code, EntityType.BOLD)
    return _message(writer).with_keyboard(_decision(code))


def render_decision(request: AccessRequest) -> Message:
    """Return what the administrator is told once a request is decided."""
    approved = request.state is AccessState.APPROVED
    writer = Writer().write(texts.APPROVED if approved else texts.REFUSED)
    _write_subject(writer, request)
    return _message(writer.write("."))


def render_outcome(request: AccessRequest) -> Message:
    """Return what the asker is told of the decision."""
    if request.state is not AccessState.APPROVED:
        return Message(texts.TURNED_DOWN)
    return Message(texts.GROUP_GRANTED if request.subject < 0 else texts.GRANTED)


def render_quota(refusal: Refusal, clock: Clock) -> Message:
    """Return the refusal of one question too many, with the time to come back."""
    words = texts.QUOTA if refusal.limit > 1 else texts.QUOTA_OF_ONE
    when = come_back(refusal.retry_at, now=clock.now, zone=clock.zone)
    limit = french_number(refusal.limit)
    return Message(words[refusal.window].format(limit=limit, when=when))


def render_list(requests: Sequence[AccessRequest], rules: AccessRules, page: int) -> Message:
    """Return a page (from 0; the nearest there is) of the requests, with buttons to change them."""
    pages = max(1, -(-len(requests) // PAGE))
    page = min(max(page, 0), pages - 1)
    first = page * PAGE
    writer = Writer().write(texts.LIST_HEADINGS[rules.mode], EntityType.BOLD)
    counts = (french_number(len(rules.allowed)), french_number(len(rules.administrators)))
    writer.write("\n" + texts.LISTED_IN_SETTINGS.format(*counts))
    rows = []
    for number, request in enumerate(requests[first : first + PAGE], first + 1):
        writer.write("\n\n" if number == first + 1 else "\n").write(f"{number}. ")
        _write_line(writer, request)
        rows.append(_row(request, number))
    if not requests:
        writer.write("\n\n" + texts.NO_REQUEST)
    turns = []
    if page > 0:
        turns.append(Button(texts.PREVIOUS, f"{DATA}:page:{page - 1}"))
    if page < pages - 1:
        turns.append(Button(texts.NEXT, f"{DATA}:page:{page + 1}"))
    if turns:
        rows.append(tuple(turns))
    return _message(writer).with_keyboard(*rows)


def render_revoke_question(request: AccessRequest) -> Message:
    """Return the question before an access or a refusal is taken back."""
    approved = request.state is AccessState.APPROVED
    writer = Writer().write(texts.REVOKE_QUESTION if approved else texts.FORGET_QUESTION)
    _write_subject(writer, request)
    writer.write("\u202f?")
    if not approved:
        writer.write(" " + texts.FORGET_MEANS)
    return _message(writer).with_keyboard(
        (
            Button(texts.CONFIRM, f"{DATA}:confirmer:{request.subject}"),
            Button(texts.CANCEL, f"{DATA}:page:0"),
        )
    )


def render_revoked(request: AccessRequest) -> Message:
    """Return what the administrator is told once a decision is taken back."""
    approved = request.state is AccessState.APPROVED
    writer = Writer().write(texts.REVOKED if approved else texts.REFUSAL_FORGOTTEN)
    _write_subject(writer, request)
    return _message(writer.write("."))


def _decision(code: str, suffix: str = "") -> tuple[Button, ...]:
    return (
        Button(texts.APPROVE + suffix, f"{DATA}:oui:{code}"),
        Button(texts.REFUSE + suffix, f"{DATA}:non:{code}"),
    )


def _row(request: AccessRequest, number: int) -> tuple[Button, ...]:
    if request.state is AccessState.PENDING:
        return _decision(request.code or "", f" {number}")
    approved = request.state is AccessState.APPROVED
    words = texts.REVOKE if approved else texts.FORGET_REFUSAL
    return (Button(f"{words} {number}", f"{DATA}:retirer:{request.subject}"),)


def _write_line(writer: Writer, request: AccessRequest) -> None:
    if request.subject < 0:
        writer.write(texts.GROUP_MARK)
    _write_subject(writer, request)
    writer.write(", " + texts.STATES[request.state])
    if request.state is AccessState.PENDING:
        writer.write(request.code or "", EntityType.BOLD)
    elif request.decided_at is not None:
        writer.write(" " + texts.SINCE.format(french_date(request.decided_at)))


def _write_subject(writer: Writer, request: AccessRequest) -> None:
    writer.write(request.name, EntityType.BOLD).write(f" ({request.subject})")


def _message(writer: Writer) -> Message:
    block = writer.block()
    return Message(block.text, block.entities)
