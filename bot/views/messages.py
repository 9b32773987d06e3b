"""Messages as text and entities, measured as Telegram measures them.

Offsets and lengths are UTF-16 code units (core.telegram.org/api/entities). Pure: the edge
(:mod:`bot.sending.sender`) turns them into what the library sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.views.telegram_text import carriable, inline, is_invisible, split_words, utf16_length

__all__ = [
    "Block",
    "Button",
    "Entity",
    "EntityType",
    "Keyboard",
    "Message",
    "Packed",
    "Piece",
    "Writer",
    "carriable",
    "inline",
    "is_invisible",
    "pack",
    "pack_numbered",
    "split_words",
    "utf16_length",
]

MAX_UNITS = 4096  # Telegram counts code points; UTF-16 units are safe either way
MAX_ENTITIES = 100
MAX_ENTITY_BYTES = 8000  # Telegram refuses about 9,500 (tdlib/telegram-bot-api issue 165)
MAX_BUTTON_DATA_BYTES = 64
MAX_BUTTONS, MAX_BUTTONS_IN_ROW = 100, 8

SEPARATOR = "\n\n"

_ZERO_WIDTH_SPACE = "\u200b"


class EntityType(StrEnum):
    """The kinds of entity the bot uses, by Telegram's names."""

    BLOCKQUOTE = "blockquote"
    EXPANDABLE_BLOCKQUOTE = "expandable_blockquote"
    BOLD = "bold"
    ITALIC = "italic"
    TEXT_LINK = "text_link"


@dataclass(frozen=True, slots=True)
class Entity:
    """A mark on a stretch of text, in UTF-16 units; `url` for a link only."""

    type: EntityType
    offset: int
    length: int
    url: str | None = None

    def __post_init__(self) -> None:
        if self.offset < 0 or self.length < 1:
            raise ValueError(f"not a stretch of text: {self.offset}+{self.length}")
        if (self.url is not None) != (self.type is EntityType.TEXT_LINK):
            raise ValueError("a link, and nothing else, has an address")

    @property
    def end(self) -> int:
        """The first UTF-16 unit after the entity."""
        return self.offset + self.length

    @property
    def payload(self) -> int:
        """Its size in bytes as Telegram counts it: MTProto's TL, strings padded to four."""
        if self.url is None:
            return 12
        size = len(self.url.encode("utf-8"))
        return 12 + -(-(size + (1 if size < 254 else 4)) // 4) * 4

    def moved(self, units: int) -> Entity:
        """Return the entity `units` further."""
        return Entity(self.type, self.offset + units, self.length, self.url)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a message that is never split: text and the entities in it."""

    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def units(self) -> int:
        """Its length in UTF-16 units."""
        return utf16_length(self.text)

    def then(self, other: Block, separator: str = SEPARATOR) -> Block:
        """Return this block followed by another."""
        shift = self.units + utf16_length(separator)
        moved = tuple(entity.moved(shift) for entity in other.entities)
        return Block(self.text + separator + other.text, self.entities + moved)

    def fits(self) -> bool:
        """Whether one message can carry it."""
        return (
            self.units <= MAX_UNITS
            and len(self.entities) <= MAX_ENTITIES
            and sum(entity.payload for entity in self.entities) <= MAX_ENTITY_BYTES
        )


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it sends `data` to the bot (1 to 64 bytes), or opens `url`."""

    text: str
    data: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if is_invisible(self.text):
            raise ValueError("a button has a visible text")
        if (self.data is None) == (self.url is None):
            raise ValueError("a button sends data or opens an address, not both")
        if self.data is not None and not 0 < len(self.data.encode()) <= MAX_BUTTON_DATA_BYTES:
            raise ValueError("a button's data are 1 to 64 bytes")


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent at once: non-empty text within Telegram's limits, its entities, its buttons."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = ()

    def __post_init__(self) -> None:
        if is_invisible(self.text):
            raise ValueError("a message has a visible text")
        if not Block(self.text, self.entities).fits():
            raise ValueError("a message is within Telegram's limits")
        if any(entity.end > utf16_length(self.text) for entity in self.entities):
            raise ValueError("entities lie within the text")
        if any(not 0 < len(row) <= MAX_BUTTONS_IN_ROW for row in self.keyboard):
            raise ValueError("a row has one to eight buttons")
        if sum(map(len, self.keyboard)) > MAX_BUTTONS:
            raise ValueError("a message has at most 100 buttons")

    def with_keyboard(self, *rows: tuple[Button, ...]) -> Message:
        """Return the message with these rows of buttons under it."""
        return Message(self.text, self.entities, rows)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block; `number` is that of the quotation which ends in it, None if none does."""

    block: Block
    number: int | None = None


class Writer:
    """Builds a block: text is appended, and marked while or after it is written."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._marks: list[Entity] = []
        self._units = 0

    @property
    def position(self) -> int:
        """UTF-16 units written so far."""
        return self._units

    def write(self, text: str, mark: EntityType | None = None, url: str | None = None) -> Writer:
        """Append `text`, marked as `mark` if anything of it is visible."""
        start = self._units
        self._parts.append(text)
        self._units += utf16_length(text)
        if mark is not None and not is_invisible(text):
            self._marks.append(Entity(mark, start, self._units - start, url))
        return self

    def mark(self, kind: EntityType, start: int) -> None:
        """Mark everything visible written from `start` (UTF-16 units) on."""
        text = "".join(self._parts).encode("utf-16-le")[2 * start :].decode("utf-16-le")
        if not is_invisible(text):
            self._marks.append(Entity(kind, start, self._units - start))

    def block(self) -> Block:
        """Return what was written; entities by offset, the outer ones first."""
        ordered = sorted(self._marks, key=lambda entity: (entity.offset, -entity.length))
        return Block("".join(self._parts), tuple(ordered))


@dataclass(frozen=True, slots=True)
class Packed:
    """A message, and the numbers of the quotations in it."""

    message: Message
    numbers: tuple[int, ...]


def pack(pieces: Iterable[Piece]) -> tuple[Message, ...]:
    """Return the pieces in order in as few messages as a greedy filling gives.

    Raises:
        ValueError: a piece alone is more than one message can carry.
    """
    return tuple(packed.message for packed in pack_numbered(pieces))


def pack_numbered(pieces: Iterable[Piece]) -> tuple[Packed, ...]:
    """Return what :func:`pack` does, each message with its quotations."""
    found = []
    for block, numbers in _fill(pieces):
        carried = _sendable(block)
        found.append(Packed(Message(carried.text, carried.entities), numbers))
    return tuple(found)


def _fill(pieces: Iterable[Piece]) -> Iterator[tuple[Block, tuple[int, ...]]]:
    current: Block | None = None
    numbers: tuple[int, ...] = ()
    for piece in pieces:
        longer = current.then(piece.block) if current else piece.block
        own = () if piece.number is None else (piece.number,)
        if current is None or _sendable(longer).fits():
            current, numbers = longer, numbers + own
            continue
        yield current, numbers
        current, numbers = piece.block, own
    if current is not None:
        yield current, numbers


def _sendable(block: Block) -> Block:
    """Protect blanks at the start, which Telegram would trim away; the end is always ours."""
    if block.text[:1] not in (" ", "\n"):
        return block
    return Block(_ZERO_WIDTH_SPACE).then(block, separator="")
