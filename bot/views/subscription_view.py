"""The settings of a subscription as a message with buttons, changed in place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.digests.subscription_changes import Verb
from bot.digests.subscriptions import Subscription
from bot.texts import subscriptions as texts
from bot.views.messages import EntityType, Message, Writer, inline
from bot.views.schedule_words import (
    enumeration,
    written_days,
    written_hours,
    written_moment,
    written_zone,
)
from bot.views.subscription_pages import Surroundings, page_of
from knowledge.digest.types import DigestStyle

_LONGEST_LIST = 400  # characters of a list in the text: four of two units a character fit


def panel(
    subscription: Subscription, page: Verb, around: Surroundings, *, notice: str = ""
) -> Message:
    """Return the page of the panel, after `notice` if any; a page not known is the main one."""
    ask, keyboard = page_of(page, subscription, around)
    writer = Writer().write(f"{notice}\n\n" if notice else "")
    writer.write(texts.TITLE.format(id=subscription.id), EntityType.BOLD)
    writer.write(f", {around.where}\n")
    writer.write(ask or "\n".join(settings_lines(subscription, around)))
    writer.write("\n\n" + next_sending(subscription, now=around.now))
    block = writer.block()
    return Message(block.text, block.entities, keyboard)


def prompt(subscription_id: int, field: str) -> Message:
    """Return the message that asks for a typed value; see :func:`prompted`."""
    first = texts.PROMPT.format(id=subscription_id, field=texts.PROMPT_FIELDS[field])
    return Message(f"{first}\n{texts.PROMPT_HELP[field]}")


def prompted(text: str) -> tuple[int, str] | None:
    """Return the subscription and the field that a message of :func:`prompt` asks for."""
    first = text.partition("\n")[0]
    for field, name in texts.PROMPT_FIELDS.items():
        before, after = texts.PROMPT.format(id="\0", field=name).split("\0")
        if first.startswith(before) and first.endswith(after):
            number = first[len(before) : len(first) - len(after)]
            if number.isdecimal() and len(number) <= 10:
                return int(number), field
    return None


def next_sending(subscription: Subscription, *, now: datetime) -> str:
    """Return the line that says when the next digest leaves, or why none does."""
    if subscription.reason is not None:
        return texts.SUSPENDED[subscription.reason]
    return texts.NEXT.format(
        written_moment(subscription.due_at, subscription.preferences.zone, now=now)
    )


def settings_lines(subscription: Subscription, around: Surroundings) -> list[str]:
    """Return the settings, a line each."""
    chosen = subscription.preferences
    subjects, titles = chosen.subjects, dict(around.feeds)
    feeds = [titles.get(feed, feed[:8]) for feed in subjects.feeds]
    style = texts.STYLE_BRIEFS
    if chosen.style is DigestStyle.SYNTHESIS:
        style = texts.STYLE_SYNTHESIS if around.has_model else texts.STYLE_SYNTHESIS_NO_MODEL
    lines = [
        texts.HOURS.format(f"{written_hours(chosen.hours)} ({written_zone(chosen.zone)})"),
        texts.DAYS.format(written_days(chosen.days)),
        texts.WORDS.format(in_words(subjects.words)),
        texts.AVOID.format(in_words(subjects.avoid)) if subjects.avoid else "",
        texts.OUTLETS.format(in_words(subjects.outlets)),
        texts.FEEDS.format(in_words(feeds)),
        texts.ITEMS_ONE if chosen.most_items == 1 else texts.ITEMS_MANY.format(chosen.most_items),
        style,
        texts.SILENT if chosen.silent else texts.LOUD,
        texts.NOTHING_SAID if chosen.say_when_empty else texts.NOTHING_SILENT,
        texts.CORRECTIONS_YES if chosen.corrections else texts.CORRECTIONS_NO,
    ]
    return [line for line in lines if line]


def in_words(names: Sequence[str], *, limit: int = _LONGEST_LIST) -> str:
    """Return the names of a filter in at most `limit` characters; of none, that it takes all."""
    if not names:
        return texts.WORDS_ALL
    return inline(enumeration([inline(name, limit=80) for name in names]), limit=limit)
