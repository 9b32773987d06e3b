"""``sourcier subscriptions``: write the subscriptions to a file, and take them from one."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.digests.subscription_file import MOST_BYTES, MovedChat, read_house, write_house
from bot.store.chats import ChatStore
from bot.store.subscriptions import SubscriptionStore
from bot.terminal.configuration import configured
from bot.terminal.console import say
from knowledge.bootstrap import open_base
from knowledge.errors import SubscriptionError
from knowledge.failures import french_reason


def export_subscriptions(file: Path | None) -> int:
    """Write every subscription to `file`, or to standard output."""
    with closing(open_base(configured())) as base:
        subscriptions = SubscriptionStore(base.database).all()
        chats = ChatStore(base.database)
        wanted = dict.fromkeys(each.place.chat_id for each in subscriptions)
        known = [chat for chat in map(chats.get, wanted) if chat is not None]
    moved = [MovedChat(chat.id, chat.kind, chat.title, chat.added_by) for chat in known]
    text = write_house(subscriptions, moved)
    if file is None:
        sys.stdout.write(text + "\n")
        return 0
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SubscriptionError(
            f"{file} ne peut pas être écrit, {french_reason(error)}. Choisissez un autre chemin.",
            subject=str(file),
        ) from error
    say(f"{len(subscriptions)} abonnement(s) dans {file}.")
    return 0


def import_subscriptions(file: Path) -> int:
    """Add the subscriptions of a file to those there are; what is there already stays as it is."""
    house = read_house(_text(file))
    now = datetime.now(UTC)
    with closing(open_base(configured())) as base:
        added = SubscriptionStore(base.database).restore(house.subscriptions, now=now)
        chats = ChatStore(base.database)
        for chat in house.chats:
            if chats.get(chat.id) is None:
                chats.note(chat.id, chat.kind, chat.title, now=now, added_by=chat.added_by)
    known = len(house.subscriptions) - added
    say(f"{added} abonnement(s) ajouté(s), {known} déjà là.")
    return 0


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SubscriptionError(
                f"{file} est trop grand pour un fichier d’abonnements.", subject=str(file)
            )
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubscriptionError(
            f"{file} n’est pas en UTF-8 : donnez le fichier d’origine.", subject=str(file)
        ) from error
    except OSError as error:
        raise SubscriptionError(
            f"{file} ne peut pas être lu, {french_reason(error)}. Vérifiez le chemin.",
            subject=str(file),
        ) from error
