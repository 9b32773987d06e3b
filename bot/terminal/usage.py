"""The help pages and usage errors of Typer, which speaks English, in French.

Typer has no catalogue to fill: the words of its help pages are replaced where it writes them, and
its error messages are recognised by their patterns. One that is not recognised (another version
of Typer may word it differently) is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

USAGE_EXIT_CODE = 2

_HELP_WORDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile("^Usage: ", re.MULTILINE), "Usage : "),
    (re.compile("^Arguments:$", re.MULTILINE), "Arguments :"),
    (re.compile("^Options:$", re.MULTILINE), "Options :"),
    (re.compile("^Commands:$", re.MULTILINE), "Commandes :"),
    (re.compile(r"Show\s+this\s+message\s+and\s+exit\."), "Montrer cette aide."),
    (re.compile(r"\[default: "), "[par défaut : "),
    (re.compile(r"(?<=[\[ ])required\]"), "obligatoire]"),
    (re.compile(r"\[x>=(\d+)\]"), r"[au moins \1]"),
    (re.compile(r"; x>=(\d+)\]"), r" ; au moins \1]"),
    # Marks of Python's types and of Typer's around the names of arguments.
    (re.compile(r"\{([^{}\n]+)\}(?:\.\.\.)?"), r"\1"),
    (re.compile(r"\[\[([^\[\]\n]+)\]\](?:\.\.\.)?"), r"[\1]"),
    (re.compile(r" <[a-z]+(?:\[[a-z]+\])?>"), lambda found: " " * len(found[0])),
    (re.compile(r"\.\.\.$", re.MULTILINE), "…"),  # a description that was cut
)
_PROBLEMS = (
    (r"No such option: (\S+)", "l’option {} n’existe pas."),
    (
        r"No such option: (\S+) \(Possible options: (.*)\)",
        "l’option {} n’existe pas ; vouliez-vous dire {} ?",
    ),
    (r"No such command '(.*)'\.", "la commande « {} » n’existe pas."),
    (
        r"No such command '(.*)'\. Did you mean '(.*)'\?",
        "la commande « {} » n’existe pas ; vouliez-vous dire « {} » ?",
    ),
    (r"Missing command\.", "il manque une commande."),
    (r"Missing argument '(.*)'\.", "il manque {}."),
    (r"Option '(.*)' requires an argument\.", "l’option {} demande une valeur."),
    (r"Option '(.*)' does not take a value\.", "l’option {} ne prend pas de valeur."),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", "« {} » est en trop."),
    (r"Invalid value: (.*)", "{}"),
    (
        r"Invalid value for '(.*)': Input should be greater than or equal to (.*)",
        "l’option {} demande un nombre d’au moins {}.",
    ),
    (
        r"Invalid value for '(.*)': Input should be a valid integer.*",
        "l’option {} demande un nombre entier.",
    ),
    (
        r"Invalid value for '(.*)': .* does not match the formats? '%Y-%m-%d'\.",
        "l’option {} demande une date comme 2026-03-14.",
    ),
)


class FrenchCommand(TyperCommand):
    """A command whose help page is French."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        return _in_french(super().get_help(ctx))


class FrenchGroup(TyperGroup):
    """A group of commands whose help page is French."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        return _in_french(super().get_help(ctx))


class FrenchTyper(typer.Typer):
    """A Typer whose help pages are French and plain: rich would double the time they take."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            cls=FrenchGroup,
            no_args_is_help=True,
            add_completion=False,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            subcommand_metavar="COMMANDE …",
            context_settings={"help_option_names": ["-h", "--help"]},
            **options,
        )

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
        """Declare a command; see :meth:`typer.Typer.command`."""
        return super().command(name, cls=FrenchCommand, **options)


def explain(error: typer.TyperException) -> str:
    """Return what is wrong with a command line and where its help is, in French."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":  # no error to explain: it carries the help
        return error.message.rstrip()
    where = f"\nAide : {context.command_path} --help" if context else ""
    return _problem(error) + where


def _problem(error: typer.TyperException) -> str:
    message = error.format_message()
    for pattern, words in _PROBLEMS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return f"Erreur : {words.format(*found.groups())}"
    return f"Erreur : {message}"


def _in_french(page: str) -> str:
    for pattern, words in _HELP_WORDS:
        page = pattern.sub(words, page)
    return page
