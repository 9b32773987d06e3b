"""The commands ``sourcier subscriptions``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal.options import exit_with
from bot.terminal.usage import FrenchTyper

subscriptions_app = FrenchTyper(
    help="Abonnements aux résumés : les emporter dans une autre installation."
)


@subscriptions_app.command("export")
def subscriptions_export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FICHIER]", help="Sans fichier : sortie standard.")
    ] = None,
) -> None:
    """Écrire les abonnements dans un fichier JSON."""
    from bot.terminal.subscriptions import export_subscriptions

    exit_with(export_subscriptions(file))


@subscriptions_app.command("import")
def subscriptions_import(
    file: Annotated[
        Path, typer.Argument(metavar="FICHIER", help="Fichier de « subscriptions export ».")
    ],
) -> None:
    """Reprendre les abonnements d’un fichier JSON ; ceux qui sont déjà là restent."""
    from bot.terminal.subscriptions import import_subscriptions

    exit_with(import_subscriptions(file))
