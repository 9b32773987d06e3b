"""What a reader sees of a message, to compare it with what was rendered."""

from typing import Any

from bot.views.messages import Message as Rendered
from tests.telegram_server import Message

Seen = tuple[str, list[dict[str, Any]]]


def shown(message: Message) -> Seen:
    """Return a message's text and its entities, the commands Telegram finds itself left out."""
    entities = [each for each in message.entities if each["type"] != "bot_command"]
    return message.text, sorted(entities, key=lambda each: (each["offset"], -each["length"]))


def expected(message: Rendered) -> Seen:
    """Return the same of a rendered message."""
    return message.text, [
        {"type": each.type.value, "offset": each.offset, "length": each.length}
        | ({"url": each.url} if each.url else {})
        for each in message.entities
    ]


def buttons(message: Message) -> list[tuple[str, str]]:
    """Return the text and the data of each button of a message."""
    return [(each["text"], each["callback_data"]) for each in message.buttons()]


def expected_buttons(message: Rendered) -> list[tuple[str, str]]:
    """Return the same of a rendered message."""
    return [(each.text, each.data or "") for row in message.keyboard for each in row]
