"""Whether a message speaks to this bot, and what it says. Pure.

In a private chat every text does. In a group only a command of the bot's, a mention of it or a
reply to it does; a command that is not the bot's only if it names the bot. Nobody speaks to the
bot by forwarding somebody else's words to a group, and neither do other bots or the channel linked
to the group; people who write as the group (anonymous administrators) or as a channel do.

A forwarded text in a private chat is a question, whatever it looks like: words of somebody else
are never a command. A caption is read like a text; `captioned` says that there is a picture or a
file beside it, which nobody reads.

Telegram marks commands of plain letters alone; one typed with its accents («/résumé») is found
here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.texts.menus import ALIASES, COMMAND_NAMES
from knowledge.text.characters import without_accents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message, MessageEntity, User

_GROUPS = frozenset({"group", "supergroup"})
_MEANT_TO_BE_READ = ("photo", "document", "voice", "audio", "video", "video_note")
_TYPED_COMMAND = re.compile(r"/[\w\u0300-\u036f]{1,64}(?:@\w{3,32})?")
_AFTER_NAME = " \t\n\u00a0\u202f,;:"  # what stands between a name and what is said to it


class Kind(Enum):
    """What a message that speaks to the bot is."""

    COMMAND = auto()
    QUESTION = auto()


@dataclass(frozen=True, slots=True)
class Addressed:
    """What was said to the bot.

    `text` is the question, or what follows the command, without mentions of the bot; it may be
    empty. `command` is a name in lower case without slash or accents, aliases resolved (``help``
    is ``aide``), known or not; one for another bot, which only a private chat lets through, keeps
    that bot's name. `quoted` says that `text` is that of the message replied to, this one having
    none of its own. `explicit` is False only for a text that neither names the bot nor begins
    with a command: in a private chat, or in reply to the bot.
    """

    kind: Kind
    text: str
    command: str | None = None
    captioned: bool = False
    quoted: bool = False
    explicit: bool = True

    def __post_init__(self) -> None:
        if (self.command is not None) != (self.kind is Kind.COMMAND):
            raise ValueError("a command, and nothing else, has a name")


def addressed(message: Message, me: User) -> Addressed | None:
    """Return what `message` says to the bot `me`, or None if it does not speak to it.

    `message` is that of an update of the kind ``message``. Edited messages are never read again;
    the caller leaves them out, since a message fetched late may say that it was edited before.
    """
    said = _Said.of(message)
    in_group = message.chat.type in _GROUPS
    if not (in_group or message.chat.type == "private") or not _by_a_person(message):
        return None
    if said is None:
        return _wordless(message, me) if in_group else None
    if message.forward_origin is not None:
        return None if in_group else _question(message, me, said, ())
    mentions = said.mentions(me)
    command = said.opening_command(mentions)
    if command is not None:
        return _command(message, me, said, command, mentions)
    if in_group and not mentions and not _replies_to(message, me):
        return None
    return _question(message, me, said, mentions)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a text, half-open, in UTF-16 code units."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Said:
    """A text or caption as Telegram counts it, with its entities."""

    units: bytes  # UTF-16, two a code unit
    entities: tuple[MessageEntity, ...]
    captioned: bool

    @classmethod
    def of(cls, message: Message) -> _Said | None:
        text, entities = message.text, message.entities
        if not text:
            text, entities = message.caption, message.caption_entities
        if not text:
            return None
        return cls(text.encode("utf-16-le", "replace"), tuple(entities), not message.text)

    def covered(self, start: int, end: int | None = None) -> str:
        part = self.units[2 * start : None if end is None else 2 * end]
        return part.decode("utf-16-le", "replace")

    def mentions(self, me: User) -> tuple[_Stretch, ...]:
        """Return where the bot is named, in order."""
        found = [_stretch(entity) for entity in self.entities if self._names(entity, me)]
        return tuple(sorted(found, key=lambda stretch: stretch.start))

    def opening_command(self, mentions: Sequence[_Stretch]) -> _Stretch | None:
        """Return the command that begins the text, or follows the name that does."""
        start = 0
        for mention in mentions:
            if self.covered(start, mention.start).strip(_AFTER_NAME):
                break
            start = mention.end
        accented = self._accented_command(start)
        if accented is not None:
            return accented
        for entity in self.entities:
            begins = entity.offset >= start and entity.type == "bot_command"
            if begins and not self.covered(start, entity.offset).strip(_AFTER_NAME):
                return _stretch(entity)
        return None

    def _accented_command(self, start: int) -> _Stretch | None:
        """Return the command that begins there and that Telegram does not mark for its accents."""
        said = self.covered(start)
        rest = said.lstrip(_AFTER_NAME)
        match = _TYPED_COMMAND.match(rest)
        if match is None or match[0].isascii() or rest[match.end() :].startswith("/"):
            return None
        begin = start + len(said) - len(rest)  # blanks and commas are one unit each
        return _Stretch(begin, begin + len(match[0].encode("utf-16-le")) // 2)

    def without(self, mentions: Sequence[_Stretch], *, after: int = 0) -> str:
        """Return what is said from unit `after` on, the mentions taken out."""
        text, position = "", after
        for mention in mentions:
            if mention.start >= after:
                text = _joined(text, self.covered(position, mention.start))
                position = mention.end
        rest = self.covered(position)
        return (_joined(text, rest) if position else rest).strip()

    def _names(self, entity: MessageEntity, me: User) -> bool:
        if entity.type == "text_mention":
            return entity.user is not None and entity.user.id == me.id
        name = self.covered(entity.offset, entity.offset + entity.length)
        return entity.type == "mention" and name.lower() == f"@{me.username}".lower()


def _stretch(entity: MessageEntity) -> _Stretch:
    return _Stretch(entity.offset, entity.offset + entity.length)


def _joined(before: str, after: str) -> str:
    """Return two parts without the name that stood between them and the commas around it."""
    before = before.rstrip().removesuffix(",")
    after = after.strip(_AFTER_NAME) if not before else after.lstrip(_AFTER_NAME)
    return f"{before} {after}" if before and after else before or after


def _by_a_person(message: Message) -> bool:
    if message.is_automatic_forward:
        return False
    if message.sender_chat is not None:
        return True
    return message.from_user is not None and not message.from_user.is_bot


def _replies_to(message: Message, me: User) -> bool:
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != me.id:
        return False
    # Telegram makes every message of a topic a reply to the notice that opened the topic.
    return replied.forum_topic_created is None


def _wordless(message: Message, me: User) -> Addressed | None:
    """Return what a voice or a picture says in reply to the bot: nothing that it can read.

    Stickers and animations are reactions, which expect nothing.
    """
    spoken = message.forward_origin is None and any(
        getattr(message, kind) for kind in _MEANT_TO_BE_READ
    )
    if not spoken or not _replies_to(message, me):
        return None
    return Addressed(Kind.QUESTION, "", captioned=True, explicit=False)


def _command(
    message: Message, me: User, said: _Said, stretch: _Stretch, mentions: Sequence[_Stretch]
) -> Addressed | None:
    name, _, bot = said.covered(stretch.start + 1, stretch.end).lower().partition("@")
    name = without_accents(name)
    name = ALIASES.get(name, name)
    for_another = bool(bot) and bot != str(me.username).lower()
    named = bool(bot) or bool(mentions)
    in_group = message.chat.type in _GROUPS
    if in_group and (for_another or not (named or name in COMMAND_NAMES)):
        return None
    text = said.without(mentions, after=stretch.end)
    quoted = "" if text else _quoted(message, me)
    return Addressed(
        Kind.COMMAND,
        text or quoted,
        f"{name}@{bot}" if for_another else name,
        captioned=said.captioned,
        quoted=bool(quoted),
    )


def _question(message: Message, me: User, said: _Said, mentions: Sequence[_Stretch]) -> Addressed:
    text = said.without(mentions)
    quoted = "" if text else _quoted(message, me)
    return Addressed(
        Kind.QUESTION,
        text or quoted,
        captioned=said.captioned,
        quoted=bool(quoted),
        explicit=bool(mentions),
    )


def _quoted(message: Message, me: User) -> str:
    """Return what somebody else said that the message points to: the part chosen, or all of it."""
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == me.id:
        return ""
    if message.quote is not None:
        return message.quote.text.strip()
    said = _Said.of(replied) if replied is not None else None
    return said.without(said.mentions(me)) if said is not None else ""
