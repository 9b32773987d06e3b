"""What the tests of feeding share: an article, how to add it, and how to ask and press."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.service import Knowledge
from knowledge.types import RawDocument
from tests.interface.running_bot import RunningBot
from tests.telegram_server import Message, TelegramServer, UserHandle

TITLE = "La halle de Morteval rouvre"
BODY = (
    "La halle de Morteval a rouvert samedi 7 mars après deux ans de travaux. "
    "Le chantier a coûté 840 000 euros.\n\n"
    "Douze commerçants y tiennent un étal."
)
QUESTION = "Combien a coûté le chantier de la halle de Morteval ?"
FIGURE = "840 000 euros"


def running(
    server: TelegramServer, base: Knowledge, folder: Path, chief: UserHandle, **values: Any
) -> RunningBot:
    return RunningBot(server, base, folder, administrators=frozenset({chief.id}), **values)


def reply_to(user: UserHandle, text: str, **values: Any) -> Message:
    """Say something and return the one answer to it."""
    said = user.say(text, **values)
    [answer] = user.private_chat().wait_for_messages()
    assert answer.reply_to == said
    return answer


def add(user: UserHandle) -> Message:
    return reply_to(user, f"/ajouter {TITLE}\n{BODY}")


def press(user: UserHandle, message: Message, button: str) -> None:
    edits = len(message.revisions)
    user.press(message, button)
    user.private_chat().wait_for_edit(message, edits + 1)


def send(user: UserHandle, name: str, content: bytes, kind: str = "text/plain") -> Message:
    user.send_document(name, content, kind)
    [offer] = user.private_chat().wait_for_messages()
    return offer


def numbered(base: Knowledge, count: int) -> None:
    for day in range(1, count + 1):
        text = f"---\ntitle: Article {day}\npublished: 2026-03-{day:02}\noutlet: La Gazette\n---\n"
        text += f"Le conseil a voté la mesure numéro {day}."
        base.library.add(replace(document(day), data=text.encode()))


def document(day: int) -> RawDocument:
    return RawDocument(b"", f"file:/{day}.txt", filename=f"{day}.txt")
