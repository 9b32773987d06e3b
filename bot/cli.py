"""The command line: its commands and options. Nothing slow is imported before it is needed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="sourcier",
    help="Répond en français, à partir d’articles, et prouve chaque réponse par la phrase exacte.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(
    help="Modèles de langue : en voir la liste, en télécharger un.", no_args_is_help=True
)
app.add_typer(models_app, name="models")

Json = Annotated[bool, typer.Option("--json", help="Écrire du JSON, pour un programme.")]
DATE_FORMATS = ["%Y-%m-%d"]


@app.command()
def run() -> None:
    """Démarrer le bot Telegram, ou sans jeton une conversation dans le terminal."""
    from bot.terminal.run import run as start

    _exit(start())


@app.command()
def chat() -> None:
    """Poser des questions dans le terminal."""
    from bot.terminal.chat import chat as converse

    _exit(converse())


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="La question, entre guillemets.")] = None,
    batch: Annotated[
        Path | None,
        typer.Option(help="Fichier JSONL de questions (id, question, conversation)."),
    ] = None,
    as_json: Json = False,
    outlet: Annotated[
        list[str] | None, typer.Option(help="Seulement ce média (option répétable).")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DATE_FORMATS, help="Publié ce jour-là ou après.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=DATE_FORMATS, help="Publié ce jour-là ou avant.")
    ] = None,
) -> None:
    """Répondre à une question, ou à un fichier de questions."""
    from bot.terminal.ask import ask_batch, ask_one, search_filter

    if (question is None) == (batch is None):
        raise typer.BadParameter("donnez une question, ou --batch FICHIER.jsonl")
    where = search_filter(outlet, since, until)
    if batch is not None:
        _exit(ask_batch(batch, where=where))
    else:
        _exit(ask_one(question or "", as_json=as_json, where=where))


@app.command()
def ingest(
    sources: Annotated[list[str], typer.Argument(help="Fichiers, dossiers ou adresses web.")],
    as_json: Json = False,
) -> None:
    """Ajouter des articles à la base."""
    from bot.terminal.ingest import ingest as add

    _exit(add(sources, as_json=as_json))


@app.command()
def articles(
    as_json: Json = False,
    limit: Annotated[int, typer.Option(min=1, help="Nombre d’articles à montrer.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="Nombre d’articles à passer.")] = 0,
) -> None:
    """Montrer les articles de la base, les plus récents d’abord."""
    from bot.terminal.articles import articles as show

    _exit(show(limit=limit, offset=offset, as_json=as_json))


@app.command()
def reindex() -> None:
    """Reconstruire Chroma et l’index des mots à partir de la base."""
    from bot.terminal.ingest import reindex as rebuild

    _exit(rebuild())


@app.command()
def doctor(as_json: Json = False) -> None:
    """Vérifier l’installation et dire comment réparer ce qui ne va pas."""
    from bot.terminal.doctor import doctor as examine

    _exit(examine(as_json=as_json))


@models_app.command("list")
def models_list(as_json: Json = False) -> None:
    """Montrer le catalogue des modèles et ceux qui sont déjà là."""
    from bot.terminal.models import list_models

    _exit(list_models(as_json=as_json))


@models_app.command("download")
def models_download(
    name: Annotated[str, typer.Argument(help="Un nom du catalogue, ou dépôt:fichier.gguf.")],
) -> None:
    """Télécharger un modèle (un téléchargement interrompu reprend où il en était)."""
    from bot.terminal.models import download

    _exit(download(name))


def _exit(code: int) -> None:
    if code:
        raise typer.Exit(code)


def main() -> None:
    """Run the command line; an error raised on purpose is a message, not a traceback."""
    from knowledge.errors import SourcierError

    try:
        app()
    except SourcierError as error:
        print(f"Erreur : {error.message}", file=sys.stderr)  # noqa: T201 - the terminal is our reader
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
