"""What the tests of access share: codes, groups, and the settings of pairing."""

import re
from typing import Any

from bot import texts as bot_texts
from bot.access import CODE_ALPHABET
from tests.telegram_server import GroupHandle, Message, TelegramServer, UserHandle

CODE = re.compile(rf"[{CODE_ALPHABET}]{{8}}")


def code_in(message: Message) -> str:
    [code] = [each for each in message.entity_texts("bold") if CODE.fullmatch(each)]
    return code


def group_of(server: TelegramServer, *members: UserHandle) -> GroupHandle:
    group = server.group("La rédaction")
    group.add(*members)
    group.seat_bot("member")
    return group


def pairing(*administrators: UserHandle, **values: object) -> dict[str, Any]:
    ids = frozenset(administrator.id for administrator in administrators)
    return {"access": "jumelage", "administrators": ids, **values}


def started(chief: UserHandle) -> None:
    """Open the private chat, so that the bot may write there first; its greeting is not awaited."""
    chief.start()
    chief.private_chat().wait_for_messages()


def answered(message: Message) -> bool:
    return message.text.startswith(bot_texts.ABSTENTION)
