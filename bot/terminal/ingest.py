"""``sourcier ingest`` and ``sourcier reindex``: filling the base, rebuilding the indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing

from bot.terminal.configuration import configured
from bot.terminal.console import progress, say, say_json
from bot.terminal.opening import opened
from bot.views.wording import number
from knowledge.bootstrap import documents_from, open_for_rebuilding
from knowledge.errors import SourceError
from knowledge.ingest import IngestReport
from knowledge.service import Knowledge
from knowledge.types import RawDocument


def ingest(sources: Sequence[str], *, as_json: bool) -> int:
    """Add what is at `sources` (files, folders, addresses); 1 if anything could not be read."""
    settings = configured()
    with opened(settings, with_model=False) as knowledge:
        report = ingest_aloud(knowledge, documents_from(sources, settings))
    if as_json:
        say_json(_report_object(report))
    else:
        _print_report(report)
    return int(bool(report.failures))


def ingest_aloud(
    knowledge: Knowledge, documents: Iterable[RawDocument | SourceError]
) -> IngestReport:
    """Add `documents`, telling how far it is."""
    with (
        progress("Articles lus", unit="articles") as read,
        progress("Articles indexés", unit="articles") as indexed,
    ):
        return knowledge.ingest(
            documents, report=lambda done: read(done, None), report_index=indexed
        )


def _report_object(report: IngestReport) -> dict[str, object]:
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "failures": [
            {"subject": failure.subject, "message": failure.message} for failure in report.failures
        ],
    }


def _print_report(report: IngestReport) -> None:
    say(
        f"{report.added} ajouté(s), {report.updated} mis à jour, {report.unchanged} inchangé(s), "
        f"{len(report.failures)} refusé(s)."
    )
    for failure in report.failures:
        subject = failure.subject.removeprefix("file:")
        named = "" if subject in failure.message else f"{subject} : "
        say(f"✘ {named}{failure.message}")


def reindex() -> int:
    """Rebuild Chroma and the lexical index from the database."""
    with (
        closing(open_for_rebuilding(configured())) as knowledge,
        progress("Articles indexés", unit="articles") as indexed,
    ):
        passages = knowledge.reindex(report=indexed).indexed
    say(f"Index reconstruits : {number(passages)} passages.")
    return 0
