"""``sourcier chat``: a conversation in the terminal, on the very pipeline of the bot."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.plain import render_plain
from bot.terminal.ask import exchange_of
from bot.terminal.console import console, interactive, say, warn
from bot.terminal.opening import opened
from knowledge.errors import SourcierError
from knowledge.service import Knowledge
from knowledge.types import Exchange, Question

_HISTORY = 3
_FAREWELLS = frozenset({"q", "quit", "quitter", "exit", "fin", "/q", "/quitter"})
SHOWN_QUESTIONS: tuple[str, ...] = (
    "Combien de manifestants étaient présents ?",
    "Qui dirige le chantier ?",
    "Quelle est la capitale de l’Australie ?",
)


def chat() -> int:
    """Answer what is typed until the end of input."""
    with opened() as knowledge:
        return converse(knowledge)


def converse(knowledge: Knowledge) -> int:
    """Answer what is typed in `knowledge`'s base; return 0 at the end of input."""
    say("Posez votre question (« quitter » pour finir).")
    history: tuple[Exchange, ...] = ()
    while (question := _read_question()) is not None:
        if question:
            exchange = answer_aloud(knowledge, Question(question, history))
            if exchange:
                history = (*history, exchange)[-_HISTORY:]
    return 0


def show_examples(knowledge: Knowledge) -> int:
    """Answer the shown questions, for a start without a terminal."""
    for text in SHOWN_QUESTIONS:
        say(f"› {text}")
        answer_aloud(knowledge, Question(text))
    return 0


def answer_aloud(knowledge: Knowledge, question: Question) -> Exchange | None:
    """Print the answer, or the error's message; return the exchange for what follows."""
    try:
        answer = knowledge.ask(question, now=datetime.now(UTC))
    except SourcierError as error:
        warn(f"Erreur : {error.message}")
        return None
    say(f"\n{render_plain(answer)}\n")
    return exchange_of(answer, question.text)


def _read_question() -> str | None:
    try:
        line = console().input("› ") if interactive() else input()
    except (EOFError, KeyboardInterrupt):
        return None
    text = line.strip()
    return None if text.casefold() in _FAREWELLS else text
