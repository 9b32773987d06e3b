"""Message entities: what a bot may send, checked one by one and together.

Wording is that of ``Client::get_text_entity`` (Bot API server) and of TDLib's
``get_message_entities`` and ``clean_input_string_with_entities``; the nesting rules are those of
the section "Formatting options" of the Bot API's documentation. TDLib would split or drop entities
that overlap: the strict server refuses them.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_server.errors import ApiError, bad_request, strict
from tests.telegram_server.parameters import JsonFields
from tests.telegram_server.text import (
    byte_offset_after,
    is_invisible,
    splits_surrogate_pair,
    utf16_length,
    utf16_slice,
)

Entity = dict[str, Any]

MAX_ENTITIES = 100
MAX_ENTITIES_BYTES = 9500  # serialised, about: tdlib/telegram-bot-api issue 165
MAX_ENTITY_BOUND = 1_000_000

SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
BLOCKQUOTES = frozenset({"blockquote", "expandable_blockquote"})
CODES = frozenset({"code", "pre"})
DETECTED = frozenset(
    "mention hashtag cashtag bot_command url email phone_number bank_card_number".split()
)
_EXTRA_FIELDS: dict[str, dict[str, str]] = {
    "text_link": {"url": "String"},
    "text_mention": {"user": "Object"},
    "custom_emoji": {"custom_emoji_id": "String"},
    "date_time": {"unix_time": "Number"},
}
_OPTIONAL_FIELDS = {"pre": {"language": "String"}, "date_time": {"date_time_format": "String"}}
_KNOWN = SPLITTABLE | BLOCKQUOTES | CODES | DETECTED | set(_EXTRA_FIELDS)
_HOST = re.compile(r"[^\s/@]+\.[^\s/@.]+")


def parse_entity(value: object) -> Entity:
    """Read one entity, checking its fields and type but not its place in a text."""
    prefix = "can't parse MessageEntity: "
    if not isinstance(value, dict):
        raise bad_request(f"{prefix}expected an Object")
    fields = JsonFields(value, prefix=prefix)
    fields.required("offset", "Number")
    fields.required("length", "Number")
    kind = fields.required("type", "String")
    if kind == "":
        raise bad_request(f"{prefix}Type is not specified")
    if kind not in _KNOWN:
        raise bad_request(f"{prefix}Unsupported type specified")
    required = _EXTRA_FIELDS.get(kind, {})
    optional = _OPTIONAL_FIELDS.get(kind, {})
    for name, expected in required.items():
        fields.required(name, expected)
    for name, expected in optional.items():
        fields.optional(name, expected)
    fields.refuse_others({"offset", "length", "type", *required, *optional})
    if kind == "text_mention":
        JsonFields(value["user"], prefix=prefix).required("id", "Number")
    return dict(value)


def check_argument(entity: Entity) -> None:
    """Check the link, the bounds: what TDLib refuses before it looks at the text."""
    if entity["type"] == "text_link":
        error = link_error(entity["url"])
        if error is not None:
            raise error
    if not 0 <= entity["offset"] <= MAX_ENTITY_BOUND:
        raise bad_request(f"receive an entity with incorrect offset {entity['offset']}")
    if not 0 <= entity["length"] <= MAX_ENTITY_BOUND:
        raise bad_request(f"receive an entity with incorrect length {entity['length']}")


def link_error(url: str) -> ApiError | None:
    """Return why a link is refused, or None."""
    invalid = f"entity URL '{url}' is invalid: "
    if re.search(r"[\s\x00-\x1f\x7f]", url):
        return bad_request(f"{invalid}Wrong HTTP URL")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return bad_request(f"{invalid}Wrong HTTP URL")
    if parts.scheme in {"tg", "ton"}:
        return None if host else bad_request(f"{invalid}Wrong HTTP URL")
    if "://" not in url:
        return strict(f"{invalid}Telegram would add http:// by itself")
    if parts.scheme not in {"http", "https"}:
        return bad_request(f"{invalid}Unsupported URL protocol")
    return None if _HOST.fullmatch(host) else bad_request(f"{invalid}Wrong HTTP URL")


def check_place(entity: Entity, text: str) -> None:
    """Check that an entity lies in the text and cuts no character in two."""
    offset, end = entity["offset"], entity["offset"] + entity["length"]
    length = utf16_length(text)
    if offset >= length:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if end > length:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
            f"at UTF-16 offset {end}"
        )
    if splits_surrogate_pair(text, offset):
        raise bad_request(
            "entity begins in a middle of a UTF-16 symbol at byte offset "
            f"{byte_offset_after(text, offset)}"
        )
    if splits_surrogate_pair(text, end):
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol "
            f"at byte offset {byte_offset_after(text, end)}"
        )


def is_empty(entity: Entity, text: str) -> bool:
    """Say whether an entity covers no visible text, so that Telegram drops it."""
    return is_invisible(utf16_slice(text, entity["offset"], entity["length"]))


def check_nesting(entities: list[Entity]) -> None:
    """Refuse entities that overlap in part, and nestings the documentation excludes."""
    enclosing: list[Entity] = []
    for entity in sorted(entities, key=lambda each: (each["offset"], -each["length"])):
        end = entity["offset"] + entity["length"]
        while enclosing and enclosing[-1]["offset"] + enclosing[-1]["length"] <= entity["offset"]:
            enclosing.pop()
        if enclosing and end > enclosing[-1]["offset"] + enclosing[-1]["length"]:
            raise strict(f"{_named(entity)} overlaps {_named(enclosing[-1])} in part")
        for outer in enclosing:
            if not _may_nest(entity["type"], outer["type"]) and not (
                _same_span(entity, outer) and _may_nest(outer["type"], entity["type"])
            ):
                raise strict(f"{_named(entity)} can't be nested in {_named(outer)}")
        enclosing.append(entity)


def check_size(entities: list[Entity]) -> None:
    """Refuse entities whose serialised form is larger than Telegram takes in one message."""
    if sum(map(_serialised_size, entities)) > MAX_ENTITIES_BYTES:
        raise bad_request("ENTITIES_TOO_LONG")


def _may_nest(inner: str, outer: str) -> bool:
    if inner == outer or {inner, outer} <= BLOCKQUOTES:
        return False
    if CODES & {inner, outer}:
        return outer in BLOCKQUOTES
    return outer in SPLITTABLE | BLOCKQUOTES or inner in SPLITTABLE


def _same_span(one: Entity, other: Entity) -> bool:
    return (one["offset"], one["length"]) == (other["offset"], other["length"])


def _named(entity: Entity) -> str:
    start = entity["offset"]
    return f'entity "{entity["type"]}" at {start}..{start + entity["length"]}'


def _serialised_size(entity: Entity) -> int:
    """Return the size in bytes in MTProto's TL: constructor, offset, length, padded string."""
    extra = entity.get("url") or entity.get("language") or entity.get("custom_emoji_id") or ""
    size = len(extra.encode())
    header = 1 if size < 254 else 4
    return 12 + (-(-(size + header) // 4) * 4 if extra else 0)
