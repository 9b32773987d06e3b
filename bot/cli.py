"""The command line: its commands and options. Nothing slow is imported before it is needed."""

from __future__ import annotations

import errno
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_feeds import feeds_app
from bot.cli_subscriptions import subscriptions_app
from bot.terminal.options import Json, exit_with
from bot.terminal.usage import USAGE_EXIT_CODE, FrenchTyper, explain
from knowledge import __version__

app = FrenchTyper(
    name="sourcier",
    help="Répond en français, à partir d’articles, et prouve chaque réponse par la phrase exacte.",
)
models_app = FrenchTyper(help="Modèles de langue : en voir la liste, en télécharger un.")
app.add_typer(models_app, name="models")
app.add_typer(feeds_app, name="feeds")
app.add_typer(subscriptions_app, name="subscriptions")

DATE_FORMATS, DAY = ["%Y-%m-%d"], "AAAA-MM-JJ"
INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it
WRONG_SETTINGS = 78  # EX_CONFIG of sysexits.h: starting again is of no use, see deploy/


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"sourcier {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Montrer la version."
        ),
    ] = False,
) -> None:
    """Take the options that need no command; each acts by its callback."""


@app.command()
def run() -> None:
    """Démarrer le bot ; sans jeton, converser dans le terminal."""
    from bot.terminal.run import run as start

    exit_with(start())


@app.command()
def chat() -> None:
    """Poser des questions dans le terminal."""
    from bot.terminal.chat import chat as converse

    exit_with(converse())


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="La question, entre guillemets.")
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FICHIER", help="Fichier JSONL de questions (id, question, conversation)."
        ),
    ] = None,
    as_json: Json = False,
    outlet: Annotated[
        list[str] | None, typer.Option(metavar="NOM", help="Seulement ce média (option répétable).")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(metavar=DAY, formats=DATE_FORMATS, help="Publié ce jour-là ou après."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(metavar=DAY, formats=DATE_FORMATS, help="Publié ce jour-là ou avant."),
    ] = None,
) -> None:
    """Répondre à une question, ou à un fichier de questions."""
    from bot.terminal.ask import ask_batch, ask_one, search_filter

    if (question is None) == (batch is None):
        raise typer.BadParameter("donnez une question, ou --batch FICHIER.jsonl.")
    where = search_filter(outlet, since, until)
    if batch is not None:
        exit_with(ask_batch(batch, where=where))
    else:
        exit_with(ask_one(question or "", as_json=as_json, where=where))


@app.command()
def ingest(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE…", help="Fichiers, dossiers ou adresses web.")
    ],
    as_json: Json = False,
) -> None:
    """Ajouter des articles à la base."""
    from bot.terminal.ingest import ingest as add

    if not all(source.strip() for source in sources):
        raise typer.BadParameter("une source est vide.")
    exit_with(add(sources, as_json=as_json))


@app.command()
def articles(
    as_json: Json = False,
    limit: Annotated[
        int, typer.Option(metavar="NOMBRE", min=1, help="Nombre d’articles à montrer.")
    ] = 50,
    offset: Annotated[
        int, typer.Option(metavar="NOMBRE", min=0, help="Nombre d’articles à passer.")
    ] = 0,
) -> None:
    """Montrer les articles de la base, les plus récents d’abord."""
    from bot.terminal.articles import articles as show

    exit_with(show(limit=limit, offset=offset, as_json=as_json))


@app.command()
def reindex() -> None:
    """Reconstruire Chroma et l’index des mots à partir de la base."""
    from bot.terminal.ingest import reindex as rebuild

    exit_with(rebuild())


@app.command()
def doctor(as_json: Json = False) -> None:
    """Vérifier l’installation ; dire comment la réparer."""
    from bot.terminal.doctor import doctor as examine

    exit_with(examine(as_json=as_json))


@models_app.command("list")
def models_list(as_json: Json = False) -> None:
    """Montrer le catalogue des modèles et ceux qui sont déjà là."""
    from bot.terminal.models import list_models

    exit_with(list_models(as_json=as_json))


@models_app.command("download")
def models_download(
    name: Annotated[
        str, typer.Argument(metavar="NOM", help="Un nom du catalogue, ou dépôt:fichier.gguf.")
    ],
) -> None:
    """Télécharger un modèle (un téléchargement interrompu reprend où il en était)."""
    from bot.terminal.models import download

    exit_with(download(name))


def main() -> None:
    """Run the command line and exit.

    0 is success, 1 an error, 2 a wrong command line, 78 a wrong setting.

    An error raised on purpose is a message in French, not a traceback.
    """
    from bot.terminal.console import accept_any_text

    accept_any_text()
    sys.exit(execute(sys.argv[1:]))


def execute(arguments: list[str]) -> int:
    """Run the command line of `arguments`, which do not name the program; return its exit code."""
    from bot.terminal.console import discard_output, warn
    from knowledge.errors import SettingsError, SourcierError

    try:
        return int(app(arguments, prog_name="sourcier", standalone_mode=False) or 0)
    except typer.TyperException as error:
        warn(explain(error))
        return USAGE_EXIT_CODE
    except SourcierError as error:
        warn(f"Erreur : {error.message}")
        return WRONG_SETTINGS if isinstance(error, SettingsError) else 1
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except OSError as error:  # of standard output: all else has its own error
        if error.errno != errno.ENOSPC:
            raise
        discard_output()
        warn("Erreur : le disque où va la sortie est plein.")
    return 1
