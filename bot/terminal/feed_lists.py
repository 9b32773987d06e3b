"""``sourcier feeds import`` and ``export``: lists of feeds, in OPML."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.terminal.console import say, say_json, warn
from bot.terminal.feeds import LONGEST_CELL, feed_object, now, sources
from bot.views.messages import inline
from knowledge.errors import FeedError
from knowledge.failures import french_reason
from knowledge.feeds.opml import LARGEST_BYTES


def import_opml(file: Path, *, as_json: bool) -> int:
    """Follow the feeds of an OPML file; 1 if an address in it is none, or the file is broken."""
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise FeedError(
            f"{file} ne peut pas être lu, {french_reason(error)}. Vérifiez le chemin.",
            subject=str(file),
        ) from error
    with sources() as feeds:
        done = feeds.import_opml(data, now())
    if as_json:
        added = [feed_object(feed) for feed in done.added]
        say_json(
            {
                "added": added,
                "already": done.already,
                "refused": list(done.refused),
                "truncated": done.truncated,
                "broken": done.broken,
            }
        )
    else:
        say(
            f"{len(done.added)} ajoutée(s), {done.already} déjà suivie(s), {len(done.refused)} "
            "refusée(s)."
        )
        for address in done.refused:
            say(f"{inline(address, limit=LONGEST_CELL)} : ce n’est pas une adresse web.")
    if done.truncated:
        warn("Attention : cette liste est trop longue, ses 10 000 premiers flux ont été lus.")
    if done.broken:
        warn(_broken_line(len(done.added) + done.already))
    return int(bool(done.refused) or done.broken)


def export_opml(file: Path | None) -> int:
    """Write the followed feeds as OPML to `file`, or to standard output."""
    with sources() as feeds:
        data = feeds.export_opml(now())
    if file is None:
        sys.stdout.write(data.decode("utf-8"))
        return 0
    try:
        file.write_bytes(data)
    except OSError as error:
        raise FeedError(
            f"{file} ne peut pas être écrit, {french_reason(error)}. Choisissez un autre chemin.",
            subject=str(file),
        ) from error
    return 0


def _broken_line(read: int) -> str:
    few = {0: "aucune source n’a pu y être lue", 1: "une seule source a pu y être lue"}
    told = few.get(read, f"seules {read} sources ont pu y être lues")
    return (
        f"Attention : ce fichier OPML est coupé ou mal formé, {told}. Exportez-le de nouveau "
        "depuis votre lecteur de flux, puis importez-le encore."
    )
