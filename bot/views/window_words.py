"""The window of a digest in words: «du lundi 4 mai à 8 h au …». Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from bot.texts import digests as texts
from bot.views.messages import Message
from bot.views.schedule_words import written_hour, written_weekday
from knowledge.digest.types import Window

_ONE_DAY = timedelta(days=1)


def render_nothing_new(window: Window, *, zone: tzinfo) -> Message:
    """Return the one line that says that nothing is new."""
    of_day, of_whole_day = texts.NOTHING_NEW_OF_ONE_DAY, texts.NOTHING_NEW_OF_WHOLE_DAY
    return Message(_of_window(window, zone, texts.NOTHING_NEW, of_day, of_whole_day))


def window_heading(window: Window, zone: tzinfo) -> str:
    """Return the window in words: «Les nouvelles du lundi 4 mai à 8 h au …»."""
    of_day, of_whole_day = texts.WINDOW_OF_ONE_DAY, texts.WINDOW_OF_WHOLE_DAY
    return _of_window(window, zone, texts.WINDOW, of_day, of_whole_day)


def _of_window(
    window: Window, zone: tzinfo, several_days: str, one_day: str, whole_day: str
) -> str:
    since, until = window.since.astimezone(zone), window.until.astimezone(zone)
    if since.time() == until.time() == time() and until.date() - since.date() == _ONE_DAY:
        return whole_day.format(day=_day(since, year=True))
    hours = {"since": written_hour(since.time()), "until": written_hour(until.time())}
    if since.date() == until.date():
        return one_day.format(day=_day(until, year=True), **hours)
    year = since.year != until.year
    return several_days.format(
        since=texts.MOMENT.format(day=_day(since, year=year), hour=hours["since"]),
        until=texts.MOMENT.format(day=_day(until, year=True), hour=hours["until"]),
    )


def _day(moment: datetime, *, year: bool) -> str:
    return f"{written_weekday(moment)} {moment.year}" if year else written_weekday(moment)
