"""Text with entities as a bot sent it: read, checked, brought to the form Telegram keeps."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.telegram_server import entities as rules
from tests.telegram_server.entities import Entity
from tests.telegram_server.errors import ApiError, bad_request, strict
from tests.telegram_server.leniency import Leniency
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.text import (
    MAX_RAW_TEXT_BYTES,
    first_replaced_character,
    is_invisible,
    trimmed_span,
    utf16_length,
)


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and its entities, as the chat shows them."""

    text: str
    entities: tuple[Entity, ...] = ()


def read_formatted_text(
    parameters: Parameters,
    *,
    lenient: Collection[Leniency],
    field: str = "text",
    entities_field: str = "entities",
    max_length: int,
    too_long: ApiError,
    may_be_empty: bool = False,
) -> FormattedText:
    """Read a text parameter with its entities and check both.

    Raises ``ApiError`` with Telegram's wording, or a ``strict:`` one where Telegram would change
    the text silently. ``may_be_empty`` holds for captions and drafts.
    """
    raw = parameters.text(field)
    if raw == "" and not may_be_empty:
        raise bad_request(f"message {field} is empty")
    if len(raw.encode()) > MAX_RAW_TEXT_BYTES:
        raise bad_request("text is too long")
    check_parse_mode(parameters, lenient)
    found = read_entities(parameters.json(entities_field, what="entities"), lenient)
    formatted = fix(raw, found, lenient)
    if is_invisible(formatted.text) and not (may_be_empty and raw == ""):
        raise bad_request("text must be non-empty")
    if len(formatted.text) > max_length:
        raise too_long
    rules.check_size(list(formatted.entities))
    return formatted


def check_parse_mode(parameters: Parameters, lenient: Collection[Leniency]) -> None:
    """Refuse parse modes: this project builds its messages from text and entities."""
    mode = parameters.text("parse_mode")
    if not mode:
        return
    if mode.lower() not in {"html", "markdown", "markdownv2"}:
        raise bad_request("unsupported parse_mode")
    if Leniency.PARSE_MODE not in lenient:
        raise strict("parse_mode is refused, send entities")


def read_entities(value: Any, lenient: Collection[Leniency]) -> list[Entity]:
    """Read an array of entities, without regard to the text."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise strict("entities must be an Array, Telegram would ignore them")
    parsed = [rules.parse_entity(each) for each in value]
    detected = [each for each in parsed if each["type"] in rules.DETECTED]
    if detected and Leniency.DETECTED_ENTITIES not in lenient:
        raise strict(f'Telegram ignores an entity "{detected[0]["type"]}" sent by a bot')
    parsed = [each for each in parsed if each["type"] not in rules.DETECTED]
    if len(parsed) > rules.MAX_ENTITIES:
        if Leniency.EXTRA_ENTITIES not in lenient:
            raise strict(
                f"Telegram drops entities after the first {rules.MAX_ENTITIES}, got {len(parsed)}"
            )
        parsed = sorted(parsed, key=lambda each: each["offset"])[: rules.MAX_ENTITIES]
    return parsed


def fix(text: str, found: list[Entity], lenient: Collection[Leniency]) -> FormattedText:
    """Check entities against the text, then trim the text as Telegram does, or refuse to."""
    for entity in found:
        rules.check_argument(entity)
    kept = [entity for entity in found if entity["length"] > 0]
    for entity in kept:
        rules.check_place(entity, text)
    if len(kept) < len(found) or any(rules.is_empty(entity, text) for entity in kept):
        if Leniency.EMPTY_ENTITIES not in lenient:
            raise strict("Telegram drops an entity without visible text")
        kept = [entity for entity in kept if not rules.is_empty(entity, text)]
    rules.check_nesting(kept)
    replaced = first_replaced_character(text)
    if replaced is not None and Leniency.REPLACED_CHARACTERS not in lenient:
        raise strict(f"Telegram replaces or removes U+{ord(replaced):04X}")
    return _trimmed(text, kept, lenient)


def _trimmed(text: str, found: list[Entity], lenient: Collection[Leniency]) -> FormattedText:
    start, end = trimmed_span(text)
    if (start, end) == (0, len(text)) or is_invisible(text):
        return FormattedText(text, tuple(found))
    if Leniency.UNTRIMMED_TEXT not in lenient:
        raise strict("Telegram trims the text and shifts its entities")
    cut = utf16_length(text[:start])
    if found:  # the beginning is never trimmed into an entity
        cut = min(cut, *(entity["offset"] for entity in found))
    limit = utf16_length(text[:end])
    shifted = tuple(
        entity
        | {
            "offset": entity["offset"] - cut,
            "length": min(entity["length"], limit - entity["offset"]),
        }
        for entity in found
        if entity["offset"] < limit
    )
    # What is cut at the start is blanks, so code units and code points agree there.
    return FormattedText(text[cut:end], shifted)
