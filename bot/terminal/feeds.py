"""``sourcier feeds``: the sources that are followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from bot.settings import BotSettings
from bot.terminal.configuration import configured
from bot.terminal.console import console, say, say_json
from bot.terminal.opening import opened
from bot.views.messages import inline
from knowledge.errors import FeedError, SourceError, SourcierError
from knowledge.feeds.bootstrap import open_feeds
from knowledge.feeds.finding import AddedFeed
from knowledge.feeds.service import Feeds
from knowledge.feeds.types import Feed, FeedState, VisitReport, VisitStatus
from knowledge.ingest import IngestReport
from knowledge.service import Knowledge
from knowledge.types import ArticleDraft, RawDocument

LONGEST_CELL = 300
_STATUS = {
    VisitStatus.DONE: "visité",
    VisitStatus.UNCHANGED: "inchangé",
    VisitStatus.FAILED: "en échec",
    VisitStatus.GONE: "arrêté",
    VisitStatus.INTERRUPTED: "interrompu",
}


def add(
    address: str,
    *,
    outlet: str | None,
    minutes: int | None,
    unchecked: bool,
    as_json: bool,
) -> int:
    """Follow a feed or a folder; 1 with the reason if it cannot be read, and is not `unchecked`."""
    with sources() as feeds:
        try:
            added = feeds.add(
                address, now=now(), outlet=outlet, minutes=minutes, unchecked=unchecked
            )
        except SourceError as error:
            raise FeedError(
                f"{error.message} (Pour l’ajouter sans le lire d’abord : --force.)",
                subject=error.subject,
            ) from error
    if as_json:
        found = {"already": added.already, "announced": added.announced, "via": added.via_page}
        say_json({**feed_object(added.feed), **found})
    else:
        say(_added_line(added))
    return 0


def show(*, as_json: bool) -> int:
    """Print the sources, their last success and failure, and their next visit."""
    with sources() as feeds:
        every, counts = feeds.all(), feeds.counts()
    if as_json:
        say_json(
            [{**feed_object(feed), "articles": counts.get(feed.id, (0, 0))[0]} for feed in every]
        )
    elif not every:
        say("Aucune source suivie. Pour en ajouter une : sourcier feeds add ADRESSE")
    else:
        _print_table(every, counts)
        _print_errors(every)
    return 0


def remove(wanted: str, *, as_json: bool) -> int:
    """Follow a source no more."""
    with sources() as feeds:
        gone = feeds.remove(wanted)
    if as_json:
        say_json(feed_object(gone))
    else:
        say(f"Source retirée : {_name(gone)}. Ses articles restent dans la base.")
    return 0


def check(wanted: Sequence[str], *, as_json: bool) -> int:
    """Visit those sources now, or all that are not stopped; 1 if one of them fails."""
    settings = configured()
    with opened(settings, with_model=False) as knowledge, _feeds_of(settings, knowledge) as feeds:
        every = [feeds.find(one) for one in wanted] or [
            feed for feed in feeds.all() if feed.state is FeedState.ACTIVE
        ]
        reports = feeds.visit_now(every, now())
    if as_json:
        say_json([report_object(report) for report in reports])
    elif not every:
        say("Aucune source à visiter. Pour en ajouter une : sourcier feeds add ADRESSE")
    else:
        for report in reports:
            _print_report(report)
    good = {VisitStatus.DONE, VisitStatus.UNCHANGED}
    return int(len(reports) < len(every) or any(one.status not in good for one in reports))


def feed_object(feed: Feed) -> dict[str, Any]:
    """Return a source as JSON has it; times are ISO 8601 in UTC."""
    return {
        "id": feed.id,
        "url": feed.url,
        "kind": feed.kind.value,
        "state": feed.state.value,
        "title": feed.title,
        "outlet": feed.outlet,
        "last_success": _stamp(feed.succeeded_at),
        "last_error": feed.error,
        "last_error_at": _stamp(feed.failed_at),
        "failing_since": _stamp(feed.failing_since),
        "next_visit": _stamp(feed.next_visit_at) if feed.state is FeedState.ACTIVE else None,
    }


def report_object(report: VisitReport) -> dict[str, Any]:
    """Return what a visit found, as JSON has it."""
    failures = [{"subject": one.subject, "message": one.message} for one in report.failures]
    return {
        **feed_object(report.feed),
        "status": report.status.value,
        "announced": report.announced,
        "added": report.added,
        "updated": report.updated,
        "summaries": report.summaries,
        "failures": failures,
        "pending": report.pending,
        "moved_from": report.moved_from,
    }


@contextmanager
def sources() -> Iterator[Feeds]:
    """Yield the sources alone, with neither indexes nor model: what is asked needs no article."""
    from knowledge.bootstrap import open_base

    settings = configured()
    store = open_base(settings)
    try:
        feeds = open_feeds(settings, store.database, ingest=_no_ingestion, read=_no_reading)
        try:
            yield feeds
        finally:
            feeds.stop()
    finally:
        store.close()


@contextmanager
def _feeds_of(settings: BotSettings, knowledge: Knowledge) -> Iterator[Feeds]:
    feeds = open_feeds(
        settings, knowledge.store.database, ingest=knowledge.ingest, read=knowledge.read
    )
    try:
        yield feeds
    finally:
        feeds.stop()


def _no_ingestion(_drafts: Sequence[ArticleDraft]) -> IngestReport:
    raise SourcierError("Les sources ne sont pas visitées ici.")


def _no_reading(_document: RawDocument) -> ArticleDraft:
    raise SourcierError("Les sources ne sont pas visitées ici.")


def _added_line(added: AddedFeed) -> str:
    if added.already:
        return f"Déjà suivie : {_name(added.feed)} ({_address(added.feed)})."
    via = ", que cette page nomme" if added.via_page else ""
    count = "" if added.announced is None else f" {added.announced} article(s) annoncé(s)."
    return (
        f"Source ajoutée : {_name(added.feed)} ({_address(added.feed)}{via}).{count} Elle sera lue "
        "à la prochaine visite ; tout de suite par : sourcier feeds check"
    )


def _print_table(every: Sequence[Feed], counts: Any) -> None:
    from rich.table import Column, Table
    from rich.text import Text

    address = Column("Adresse", overflow="fold")  # whole, so that it can be copied
    table = Table("Source", address, "Articles", "Dernier succès", "Prochaine visite", box=None)
    for feed in every:
        stopped = feed.state is FeedState.STOPPED
        table.add_row(
            Text(_name(feed)),
            Text(_address(feed)),
            str(counts.get(feed.id, (0, 0))[0]),
            _moment(feed.succeeded_at) or "jamais",
            "arrêtée" if stopped else _moment(feed.next_visit_at) or "",
        )
    console().print(table)


def _print_errors(every: Sequence[Feed]) -> None:
    for feed in every:
        if feed.error is not None:
            when = _moment(feed.failed_at) or ""
            state = "en échec" if feed.failing_since is not None else "rétablie"
            say(f"{_name(feed)}, dernière erreur le {when} ({state}) : {feed.error}")


def _print_report(report: VisitReport) -> None:
    feed = report.feed
    told = f"{_name(feed)} : {_STATUS[report.status]}"
    if report.status in {VisitStatus.FAILED, VisitStatus.GONE}:
        say(f"{told}. {feed.error}")
        return
    more = ", la suite à la prochaine visite" if report.pending else ""
    summaries = f", dont {report.summaries} résumé(s) seul(s)" if report.summaries else ""
    say(f"{told}, {report.added} ajouté(s), {report.updated} mis à jour{summaries}{more}.")
    if report.moved_from is not None:
        say(f"  déménagé, suivi désormais à {_address(feed)}")
    for failure in report.failures:
        say(f"  {inline(failure.subject, limit=LONGEST_CELL)} : {failure.message}")


def _name(feed: Feed) -> str:
    return inline(feed.name, limit=LONGEST_CELL)


def _address(feed: Feed) -> str:
    return inline(feed.url, limit=LONGEST_CELL)


def now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(moment: datetime | None) -> str | None:
    with suppress(OverflowError, OSError):
        return None if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"
    return None
