"""``sourcier articles``: what the base holds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from bot.terminal.answer_json import article_object
from bot.terminal.configuration import configured
from bot.terminal.console import console, say, say_json
from bot.views.messages import inline
from knowledge.bootstrap import open_base
from knowledge.types import Article

_LONGEST_CELL = 300


def articles(*, limit: int, offset: int, as_json: bool) -> int:
    """Print a page of the articles, the newest publication first."""
    with closing(open_base(configured())) as store:
        page = store.list_articles(limit=limit, offset=offset)
        total = store.summary().articles
    if as_json:
        objects = [
            {
                **article_object(article),
                "version": article.version,
                "summary_only": article.summary_only,
            }
            for article in page
        ]
        say_json({"total": total, "articles": objects})
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
        named = (
            inline(words, limit=_LONGEST_CELL) for words in (article.title, article.outlet or "")
        )
        version = f"{article.version} (résumé seul)" if article.summary_only else article.version
        table.add_row(*map(Text, (published, *named, str(version))))
    console().print(table)
