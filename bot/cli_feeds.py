"""The commands ``sourcier feeds``. Nothing slow is imported before it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal.options import Json, exit_with
from bot.terminal.usage import FrenchTyper

feeds_app = FrenchTyper(help="Sources suivies : flux (RSS, Atom, JSON Feed) et dossiers.")


@feeds_app.command("add")
def feeds_add(
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADRESSE", help="Un flux, une page web qui en nomme un, ou un dossier."
        ),
    ],
    outlet: Annotated[
        str | None, typer.Option(metavar="NOM", help="Nom du média de ses articles.")
    ] = None,
    every: Annotated[
        int | None, typer.Option(metavar="MINUTES", min=5, help="Délai entre deux visites.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="L’ajouter sans le lire d’abord (réseau absent).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Suivre un flux ou un dossier."""
    from bot.terminal.feeds import add

    exit_with(add(address, outlet=outlet, minutes=every, unchecked=force, as_json=as_json))


@feeds_app.command("list")
def feeds_list(as_json: Json = False) -> None:
    """Montrer les sources : dernier succès, dernière erreur, prochaine visite."""
    from bot.terminal.feeds import show

    exit_with(show(as_json=as_json))


@feeds_app.command("remove")
def feeds_remove(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Adresse, nom ou identifiant.")],
    as_json: Json = False,
) -> None:
    """Ne plus suivre une source ; ses articles restent."""
    from bot.terminal.feeds import remove

    exit_with(remove(source, as_json=as_json))


@feeds_app.command("check")
def feeds_check(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE…]", help="Celles-là ; sinon toutes.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Visiter les sources maintenant."""
    from bot.terminal.feeds import check

    exit_with(check(sources or [], as_json=as_json))


@feeds_app.command("import")
def feeds_import(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Liste de flux, au format OPML.")],
    as_json: Json = False,
) -> None:
    """Suivre les flux d’un fichier OPML."""
    from bot.terminal.feed_lists import import_opml

    exit_with(import_opml(file, as_json=as_json))


@feeds_app.command("export")
def feeds_export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FICHIER]", help="Sans fichier : sortie standard.")
    ] = None,
) -> None:
    """Écrire les flux suivis dans un fichier OPML."""
    from bot.terminal.feed_lists import export_opml

    exit_with(export_opml(file))
