"""What administrators are shown of the followed sources: text, entities and buttons. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from bot.texts import feeds as texts
from bot.views.fragment import article_link
from bot.views.messages import Button, EntityType, Message, Writer, inline, is_invisible
from bot.views.moments import clock, come_back, day
from bot.views.wording import number as french_number
from bot.views.wording import typeset
from knowledge.feeds.types import Feed, FeedId, FeedKind, FeedState

if TYPE_CHECKING:
    from knowledge.feeds.finding import AddedFeed

PAGE = 5
FEEDS_DATA = "flux"
LISTED, CHOSEN_FROM, ASKED, CONFIRMED, KEPT = "p", "c", "r", "o", "n"
_LONGEST_NAME, _LONGEST_ADDRESS, _LONGEST_ERROR = 80, 120, 300
_MOST_TOLD = 10  # sources named in one notice


@dataclass(frozen=True, slots=True)
class FeedList:
    """The sources by name, how many entries of each gave an article, and when it is asked.

    `followed`: whether this bot visits them.
    """

    feeds: tuple[Feed, ...]
    now: datetime
    zone: tzinfo
    counts: Mapping[FeedId, int] = field(default_factory=dict)
    followed: bool = True

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-len(self.feeds) // PAGE))

    def page(self, number: int) -> tuple[tuple[int, Feed], ...]:
        """Return the sources of a page, counted from 0, with their numbers from 1 on."""
        start = number * PAGE
        return tuple(enumerate(self.feeds[start : start + PAGE], start + 1))


def render_feeds(listed: FeedList, number: int = 0, *, choosing: bool = False) -> Message:
    """Return a page of the list; `choosing` one to remove, each has a button."""
    if not listed.feeds:
        return Message(texts.NONE)
    number = min(max(number, 0), listed.pages - 1)
    writer = Writer().write(texts.HEADING.format(french_number(len(listed.feeds))), EntityType.BOLD)
    if listed.pages > 1:
        place = texts.PAGE_OF.format(page=number + 1, pages=french_number(listed.pages))
        writer.write("\n" + place)
    page = listed.page(number)
    for position, feed in page:
        writer.write(f"\n\n{french_number(position)}. ")
        _write_feed(writer, feed, listed)
    writer.write("\n\n" + (texts.CHOOSE_REMOVED if choosing else texts.HINT))
    if not listed.followed:
        writer.write("\n" + texts.NOT_FOLLOWED)
    kind = CHOSEN_FROM if choosing else LISTED
    numbers = tuple(
        Button(french_number(position), f"{FEEDS_DATA}:{ASKED}:{feed.id}")
        for position, feed in page
    )
    rows = [numbers] if choosing else []
    return _message(writer).with_keyboard(*rows, *_turns(listed, number, kind))


def render_added_feed(added: AddedFeed, *, followed: bool) -> Message:
    """Return what came of adding a source."""
    writer = Writer().write(texts.AGAIN if added.already else texts.ADDED)
    _write_name(writer, added.feed)
    writer.write(".")
    if added.via_page:
        writer.write(" " + texts.VIA_PAGE)
    if added.announced is not None:
        told = {0: texts.ANNOUNCED_NONE, 1: texts.ANNOUNCED_ONE}.get(
            added.announced, texts.ANNOUNCED.format(french_number(added.announced))
        )
        writer.write("\n" + told)
        if added.announced and not added.already:
            writer.write(" " + (texts.FIRST_VISIT if followed else texts.FIRST_VISIT_LATER))
    return _message(writer)


def render_feed_not_added(reason: str) -> Message:
    """Return why no source was added; `reason` is French, and may repeat untrusted words."""
    return Message(texts.NOT_ADDED.format(reason=_reason(reason)))


def render_feed_refusal(reason: str) -> Message:
    """Return why nothing was done, as our error says it."""
    return Message(_reason(reason))


def render_feed_question(feed: Feed) -> Message:
    """Return the question before a source is removed."""
    writer = Writer().write(texts.REMOVE_QUESTION, EntityType.BOLD).write("\n")
    _write_name(writer, feed)
    writer.write("\n" + texts.REMOVE_MEANS)
    return _message(writer).with_keyboard(
        (
            Button(texts.REMOVE, f"{FEEDS_DATA}:{CONFIRMED}:{feed.id}"),
            Button(texts.CANCEL, f"{FEEDS_DATA}:{KEPT}"),
        )
    )


def render_feed_removed(feed: Feed) -> Message:
    """Return what is told once a source is removed."""
    writer = Writer().write(texts.REMOVED)
    _write_name(writer, feed)
    return _message(writer.write(". " + texts.REMOVE_MEANS))


def render_failing_feeds(feeds: Sequence[Feed], *, now: datetime, zone: tzinfo) -> Message:
    """Return what an administrator is told of sources that have failed for a day or stopped."""
    one = len(feeds) == 1
    heading = texts.FAILED_ONE if one else texts.FAILED_MANY.format(french_number(len(feeds)))
    writer = Writer().write(heading, EntityType.BOLD)
    for feed in feeds[:_MOST_TOLD]:
        writer.write("\n• ")
        _write_name(writer, feed)
        since = past(feed.failing_since or now, now=now, zone=zone)
        told = texts.FAILED_LINE.format(since=since, error=_reason(feed.error or ""))
        writer.write(", " + told.rstrip())
    if len(feeds) > _MOST_TOLD:
        writer.write("\n" + texts.FAILED_MORE.format(french_number(len(feeds) - _MOST_TOLD)))
    writer.write("\n" + (texts.FAILED_HINT_ONE if one else texts.FAILED_HINT))
    return _message(writer)


def past(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Return a moment that is over: ``aujourd’hui à 18 h 05``, ``hier à …``, ``le 1er mai à …``."""
    there, today = at.astimezone(zone), now.astimezone(zone).date()
    days = (today - there.date()).days
    near = {0: "aujourd’hui", 1: "hier"}.get(days)
    year = f" {there.year}" if there.year != today.year else ""
    return f"{near or f'le {day(there)}{year}'} {clock(there)}"


def _write_feed(writer: Writer, feed: Feed, listed: FeedList) -> None:
    """Write a source and how its visits went, each on a line of its own."""
    _write_name(writer, feed)
    count = listed.counts.get(feed.id, 0)
    articles = texts.ARTICLE if count < 2 else texts.ARTICLES
    writer.write(f" ({articles.format(french_number(count))})")
    since = _told(feed.succeeded_at, listed)
    writer.write("\n" + texts.LAST_SUCCESS.format(since or texts.NEVER))
    if feed.error is not None:
        line = texts.LAST_ERROR
        if feed.state is FeedState.STOPPED:
            line = texts.STOPPED
        elif feed.failing_since is not None:
            line = texts.FAILING
        told = line.format(
            when=_told(feed.failed_at, listed),
            since=_told(feed.failing_since, listed),
            error=_reason(feed.error),
        )
        writer.write("\n" + told)
    writer.write("\n" + texts.NEXT_VISIT.format(_next_visit(feed, listed)))


def _told(moment: datetime | None, listed: FeedList) -> str:
    return past(moment, now=listed.now, zone=listed.zone) if moment else ""


def _next_visit(feed: Feed, listed: FeedList) -> str:
    if feed.state is FeedState.STOPPED:
        return texts.NO_VISIT
    if feed.next_visit_at <= listed.now:
        return texts.AT_ONCE
    return come_back(feed.next_visit_at, now=listed.now, zone=listed.zone)


def _write_name(writer: Writer, feed: Feed) -> None:
    """Write the name, a link where there is one, and the address where it is another."""
    link = article_link(feed.url)
    address = inline(feed.url, limit=_LONGEST_ADDRESS)
    name = inline(feed.name, limit=_LONGEST_NAME)
    named = not is_invisible(name) and feed.name != feed.url
    writer.write(
        name if named else address, EntityType.TEXT_LINK if link else EntityType.BOLD, link
    )
    if feed.kind is FeedKind.FOLDER:
        path = inline(feed.url.removeprefix("file:"), limit=_LONGEST_ADDRESS)
        writer.write(f", {texts.FOLDER.format(path)}")
    elif named and link is None:
        writer.write(f", {address}")


def _reason(text: str) -> str:
    return inline(typeset(text), limit=_LONGEST_ERROR)


def _turns(listed: FeedList, number: int, kind: str) -> list[tuple[Button, ...]]:
    turns = []
    if number > 0:
        turns.append(Button(texts.PREVIOUS, f"{FEEDS_DATA}:{kind}:{number - 1}"))
    if number < listed.pages - 1:
        turns.append(Button(texts.NEXT, f"{FEEDS_DATA}:{kind}:{number + 1}"))
    return [tuple(turns)] if turns else []


def _message(writer: Writer) -> Message:
    block = writer.block()
    return Message(block.text, block.entities)
