"""The pages of a subscription's panel: what each asks, and its buttons. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.digests.subscription_changes import Press, Verb, token
from bot.digests.subscriptions import Subscription
from bot.texts import subscriptions as texts
from bot.views.messages import Button, Keyboard, inline
from bot.views.schedule_words import DAY_NAMES, ZONES, written_hour, written_zone
from knowledge.chunks import chunks

_ITEMS_OFFERED = (1, 3, 5, 7, 10, 15, 20)
_MOST_CHOICES = 40  # outlets or feeds on one page
_LONGEST_NAME = 40  # characters of a name on a button

Page = tuple[str, Keyboard]
"""The question above the buttons, empty on the main page, and the buttons."""


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


def page_of(verb: Verb, subscription: Subscription, around: Surroundings) -> Page:
    """Return the page that `verb` shows; one that shows none has the main one."""
    return _PAGES.get(verb, _main)(subscription, around)


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
    return tuple(map(tuple, chunks(buttons, width)))
