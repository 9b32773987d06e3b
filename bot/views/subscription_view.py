"""The settings of a subscription as a message with buttons, changed in place. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.digests.subscription_changes import Press, Verb, token
from bot.digests.subscriptions import Subscription
from bot.texts import subscriptions as texts
from bot.views.messages import Button, EntityType, Keyboard, Message, Writer, inline
from bot.views.schedule_words import (
    DAY_NAMES,
    ZONES,
    enumeration,
    written_days,
    written_hour,
    written_hours,
    written_moment,
    written_zone,
)
from knowledge.digest.types import DigestStyle

_ITEMS_OFFERED = (1, 3, 5, 7, 10, 15, 20)
_MOST_CHOICES = 40  # outlets or feeds on one page
_LONGEST_NAME = 40  # characters of a name on a button
_LONGEST_LIST = 600  # characters of a list in the text


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a panel says besides the subscription itself.

    `where` is its place in words; `feeds` are pairs of id and title.
    """

    where: str
    now: datetime
    has_model: bool = False
    outlets: tuple[str, ...] = ()
    feeds: tuple[tuple[str, str], ...] = ()


def panel(
    subscription: Subscription, page: Verb, around: Surroundings, *, notice: str = ""
) -> Message:
    """Return the page of the panel, after `notice` if any; a page not known is the main one."""
    ask, keyboard = _PAGES.get(page, _main)(subscription, around)
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
        texts.WORDS.format(_listed(subjects.words)),
        texts.AVOID.format(_listed(subjects.avoid)) if subjects.avoid else "",
        texts.OUTLETS.format(_listed(subjects.outlets)),
        texts.FEEDS.format(_listed(feeds)),
        texts.ITEMS_ONE if chosen.most_items == 1 else texts.ITEMS_MANY.format(chosen.most_items),
        style,
        texts.SILENT if chosen.silent else texts.LOUD,
        texts.NOTHING_SAID if chosen.say_when_empty else texts.NOTHING_SILENT,
        texts.CORRECTIONS_YES if chosen.corrections else texts.CORRECTIONS_NO,
    ]
    return [line for line in lines if line]


def summary_line(subscription: Subscription, where: str) -> str:
    """Return one subscription in a line of a list."""
    chosen = subscription.preferences
    words = chosen.subjects.words
    line = texts.LIST_LINE.format(
        id=subscription.id,
        where=where,
        days=written_days(chosen.days),
        hours=written_hours(chosen.hours),
        subjects=texts.LIST_SUBJECTS.format(_listed(words, limit=120)) if words else "",
    )
    return line + (texts.LIST_SUSPENDED if subscription.reason else "")


def _listed(names: Sequence[str], *, limit: int = _LONGEST_LIST) -> str:
    if not names:
        return texts.WORDS_ALL
    return inline(enumeration([inline(name, limit=80) for name in names]), limit=limit)


Page = tuple[str, Keyboard]


def _main(subscription: Subscription, _around: Surroundings) -> Page:
    chosen, press = subscription.preferences, _Presses(subscription.id)
    return "", (
        (
            press.button(texts.BUTTON_HOURS, Verb.HOURS_PAGE),
            press.button(texts.BUTTON_DAYS, Verb.DAYS_PAGE),
            press.button(texts.BUTTON_ZONE, Verb.ZONES_PAGE),
        ),
        (
            press.button(texts.BUTTON_WORDS, Verb.WORDS_PAGE),
            press.button(texts.BUTTON_OUTLETS, Verb.OUTLETS_PAGE),
            press.button(texts.BUTTON_FEEDS, Verb.FEEDS_PAGE),
        ),
        (
            press.button(texts.BUTTON_ITEMS, Verb.ITEMS_PAGE),
            press.button(texts.BUTTON_STYLE[chosen.style], Verb.STYLE),
        ),
        (
            press.button(texts.BUTTON_SOUND[chosen.silent], Verb.SOUND),
            press.button(texts.BUTTON_EMPTY[chosen.say_when_empty], Verb.EMPTY),
        ),
        (press.button(texts.BUTTON_CORRECTIONS[chosen.corrections], Verb.CORRECTIONS),),
        (press.button(texts.BUTTON_CANCEL, Verb.CANCEL_PAGE),),
    )


def _hours(subscription: Subscription, _around: Surroundings) -> Page:
    chosen, press = subscription.preferences, _Presses(subscription.id)
    offered = sorted({time(hour) for hour in range(24)} | chosen.hours)
    buttons = [
        press.choice(written_hour(hour), Verb.HOUR, f"{hour:%H%M}", chosen=hour in chosen.hours)
        for hour in offered
    ]
    return texts.ASK_HOURS.format(zone=written_zone(chosen.zone)), (
        *_rows(buttons, 4),
        (press.button(texts.BUTTON_OTHER_HOUR, Verb.ASK, "hours"), press.back()),
    )


def _days(subscription: Subscription, _around: Surroundings) -> Page:
    chosen, press = subscription.preferences, _Presses(subscription.id)
    buttons = [
        press.choice(name, Verb.DAY, str(number), chosen=number in chosen.days)
        for number, name in enumerate(DAY_NAMES)
    ]
    return texts.ASK_DAYS, (*_rows(buttons, 4), (press.back(),))


def _zones(subscription: Subscription, _around: Surroundings) -> Page:
    chosen, press = subscription.preferences, _Presses(subscription.id)
    buttons = [
        press.choice(city, Verb.ZONE, name, chosen=chosen.zone.key == name)
        for city, name in ZONES.items()
    ]
    other = press.button(texts.BUTTON_OTHER_ZONE, Verb.ASK, "zone")
    return texts.ASK_ZONE, (*_rows(buttons, 3), (other, press.back()))


def _items(subscription: Subscription, _around: Surroundings) -> Page:
    chosen, press = subscription.preferences, _Presses(subscription.id)
    offered = sorted({*_ITEMS_OFFERED, chosen.most_items})
    buttons = [
        press.choice(str(count), Verb.ITEMS, str(count), chosen=count == chosen.most_items)
        for count in offered
    ]
    return texts.ASK_ITEMS, (*_rows(buttons, 4), (press.back(),))


def _words(subscription: Subscription, _around: Surroundings) -> Page:
    subjects, press = subscription.preferences.subjects, _Presses(subscription.id)
    buttons = [
        press.button(template.format(_name(word)), verb, token(word))
        for words, verb, template in (
            (subjects.words, Verb.WORD, texts.REMOVE),
            (subjects.avoid, Verb.AVOID, texts.REMOVE_AVOID),
        )
        for word in words
    ]
    ask = texts.ASK_WORDS
    if not subjects.words:
        ask = texts.ASK_WORDS_ONLY_AVOID if subjects.avoid else texts.ASK_FIRST_WORDS
    return ask, (
        *_rows(buttons, 2),
        (press.button(texts.BUTTON_ADD_WORDS, Verb.ASK, "words"),),
        (press.button(texts.BUTTON_ADD_AVOID, Verb.ASK, "avoid"), press.back()),
    )


def _outlets(subscription: Subscription, around: Surroundings) -> Page:
    chosen = subscription.preferences.subjects.outlets
    names = {name.casefold(): (token(name), name) for name in (*chosen, *around.outlets)}
    on = {token(name) for name in chosen}
    ask = texts.ASK_OUTLETS if names else texts.NO_OUTLETS
    return ask, _chosen_from(subscription, Verb.OUTLET, list(names.values()), on)


def _feeds(subscription: Subscription, around: Surroundings) -> Page:
    chosen, titles = subscription.preferences.subjects.feeds, dict(around.feeds)
    known = [(feed, titles.get(feed, feed[:8])) for feed in dict.fromkeys((*chosen, *titles))]
    ask = texts.ASK_FEEDS if known else texts.NO_FEEDS
    return ask, _chosen_from(subscription, Verb.FEED, known, set(chosen))


def _chosen_from(
    subscription: Subscription, verb: Verb, names: Sequence[tuple[str, str]], on: set[str]
) -> Keyboard:
    press = _Presses(subscription.id)
    buttons = [
        press.choice(_name(name), verb, value, chosen=value in on)
        for value, name in names[:_MOST_CHOICES]
    ]
    return (*_rows(buttons, 2), (press.back(),))


def _cancel(subscription: Subscription, _around: Surroundings) -> Page:
    press = _Presses(subscription.id)
    sure = press.button(texts.BUTTON_CANCEL_SURE, Verb.CANCEL)
    return texts.ASK_CANCEL, ((sure, press.back()),)


_PAGES: Mapping[Verb, Callable[[Subscription, Surroundings], Page]] = {
    Verb.HOURS_PAGE: _hours,
    Verb.DAYS_PAGE: _days,
    Verb.ZONES_PAGE: _zones,
    Verb.ITEMS_PAGE: _items,
    Verb.WORDS_PAGE: _words,
    Verb.OUTLETS_PAGE: _outlets,
    Verb.FEEDS_PAGE: _feeds,
    Verb.CANCEL_PAGE: _cancel,
}
# After a change, the page it was made on is shown again.
PAGE_AFTER: Mapping[Verb, Verb] = {
    Verb.HOUR: Verb.HOURS_PAGE,
    Verb.DAY: Verb.DAYS_PAGE,
    Verb.ZONE: Verb.ZONES_PAGE,
    Verb.ITEMS: Verb.ITEMS_PAGE,
    Verb.WORD: Verb.WORDS_PAGE,
    Verb.AVOID: Verb.WORDS_PAGE,
    Verb.OUTLET: Verb.OUTLETS_PAGE,
    Verb.FEED: Verb.FEEDS_PAGE,
}


@dataclass(frozen=True, slots=True)
class _Presses:
    """Makes the buttons of one subscription's panel."""

    id: int

    def button(self, text: str, verb: Verb, value: str = "") -> Button:
        return Button(text, str(Press(self.id, verb, value)))

    def choice(self, text: str, verb: Verb, value: str, *, chosen: bool) -> Button:
        return self.button(texts.CHOSEN.format(text) if chosen else text, verb, value)

    def back(self) -> Button:
        return self.button(texts.BUTTON_BACK, Verb.MAIN)


def _name(name: str) -> str:
    return inline(name, limit=_LONGEST_NAME) or "…"


def _rows(buttons: Sequence[Button], width: int) -> Keyboard:
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))
