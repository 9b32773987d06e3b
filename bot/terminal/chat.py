"""``sourcier chat``: a conversation in the terminal, on the very pipeline of the bot."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import FrameType

from bot.conversations import extended
from bot.courtesies import Courtesy, courtesy
from bot.settings import BotSettings
from bot.terminal.answer_view import show_answer
from bot.terminal.asking import readable_question
from bot.terminal.configuration import configured
from bot.terminal.console import ask_person, interactive, say, warn
from bot.terminal.opening import opened
from knowledge.errors import GenerationCancelledError, SourcierError
from knowledge.service import Knowledge
from knowledge.types import Answer, Exchange, Question

_FAREWELLS = frozenset({"q", "quit", "quitter", "exit", "fin", "/q", "/quitter"})
_INVITATION = "Posez votre question (« quitter » pour finir)."
_POLITE = {Courtesy.GREETING: "Bonjour ! ", Courtesy.THANKS: "Avec plaisir. "}
SHOWN_QUESTIONS: tuple[str, ...] = (
    "Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?",
    "Combien de signatures compte la pétition pour la maternité ?",
    "Quelle est la capitale de l’Australie ?",
)


def chat() -> int:
    """Answer what is typed until the end of input."""
    settings = configured()
    with opened(settings) as knowledge:
        return converse(knowledge, settings)


def converse(knowledge: Knowledge, settings: BotSettings) -> int:
    """Answer what is typed in `knowledge`'s base; return 0 at the end of input."""
    _edit_lines()
    say(_INVITATION)
    history: tuple[Exchange, ...] = ()
    while (typed := _read_line()) is not None:
        if (invited := _invitation(typed)) is not None:
            say(invited)
        elif typed:
            answer = _answer_aloud(knowledge, typed, history, settings.max_question_characters)
            if answer:
                history = extended(history, answer)
    return 0


def _invitation(typed: str) -> str | None:
    """Return what is said to a courtesy, or to a command of the bot's; None to a question."""
    polite = courtesy(typed)
    if polite is None and not typed.startswith("/"):
        return None
    return (_POLITE.get(polite, "") if polite else "") + _INVITATION


def show_examples(knowledge: Knowledge, settings: BotSettings) -> int:
    """Answer the shown questions, for a start without a terminal."""
    for text in SHOWN_QUESTIONS:
        say(f"› {text}")
        _answer_aloud(knowledge, text, (), settings.max_question_characters)
    return 0


def _answer_aloud(
    knowledge: Knowledge, typed: str, history: tuple[Exchange, ...], limit: int
) -> Answer | None:
    """Print the answer and return it; print the message instead if there is none."""
    try:
        question = Question(readable_question(typed, limit=limit), history)
        with _stopped_by_ctrl_c() as should_stop:
            answer = knowledge.ask(question, now=datetime.now(UTC), should_stop=should_stop)
    except GenerationCancelledError:
        say("\nRéponse interrompue.\n")
        return None
    except SourcierError as error:
        warn(f"Erreur : {error.message}")
        return None
    say()
    show_answer(answer)
    say()
    return answer


@contextmanager
def _stopped_by_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Yield whether Ctrl-C was pressed meanwhile; pressed twice, it interrupts as usual."""
    pressed = threading.Event()

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            signal.default_int_handler(number, frame)
        pressed.set()

    if threading.current_thread() is not threading.main_thread():
        yield pressed.is_set
        return
    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _edit_lines() -> None:
    """Give `input` arrow keys, a history, and pasted text as one line."""
    if interactive():
        with suppress(ImportError):
            import readline  # noqa: F401 - importing it is what changes `input`


def _read_line() -> str | None:
    try:
        text = ask_person("› " if interactive() else "")
    except KeyboardInterrupt:
        say()
        return None
    return None if text is None or text.casefold() in _FAREWELLS else text
