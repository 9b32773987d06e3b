"""``sourcier articles``: what the base holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing

from bot.settings import BotSettings
from bot.terminal.answer_json import article_object
from bot.terminal.console import console, say
from knowledge.bootstrap import open_base
from knowledge.settings import load_settings
from knowledge.types import Article


def articles(*, limit: int, offset: int, as_json: bool) -> int:
    """Print a page of the articles, the newest publication first."""
    with closing(open_base(load_settings(BotSettings))) as store:
        page = store.list_articles(limit=limit, offset=offset)
        total = store.summary().articles
    if as_json:
        objects = [{**article_object(article), "version": article.version} for article in page]
        say(json.dumps({"total": total, "articles": objects}, ensure_ascii=False))
    elif not total:
        say("La base est vide. Pour la remplir : sourcier ingest FICHIER|DOSSIER|ADRESSE")
    else:
        _print_table(page)
        say(f"{len(page)} article(s) sur {total}.")
    return 0


def _print_table(page: Sequence[Article]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("Publié", "Titre", "Média", "Version", box=None)
    for article in page:
        published = article.published.date().isoformat() if article.published else "inconnu"
        cells = (published, article.title, article.outlet or "", str(article.version))
        table.add_row(*map(Text, cells))
    console().print(table)
