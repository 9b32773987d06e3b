"""A sender that speaks to the strict server, and what it sends and edits."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.conversations import Place
from bot.sending.sender import Delivery, Sender, Sent
from bot.views.messages import Button, Message
from tests.telegram_server import Message as Received
from tests.telegram_server import TelegramServer

Result = TypeVar("Result")
KEYBOARD = ((Button("Contexte", "ctx:1"), Button("La page", url="https://gazette.example/")),)


def with_sender(
    server: TelegramServer, use: Callable[[Sender], Awaitable[Result]], *, patience: float = 10.0
) -> Result:
    """Return what `use` returns, given a sender."""
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})

    async def using() -> Result:
        bot = ExtBot(server.state.token, server.base_url, request=request)
        try:
            await request.initialize()
            return await use(Sender(bot, patience=patience))
        finally:
            await request.shutdown()

    return asyncio.run(using())


def send(
    server: TelegramServer, place: Place, texts: list[str], *, patience: float = 10.0
) -> Delivery:
    messages = [Message(text) for text in texts]
    return with_sender(
        server, lambda sender: sender.send(place, messages), patience=patience
    ).delivery


def known_place(server: TelegramServer) -> Place:
    alice = server.user("Alice")
    alice.start()
    return Place(alice.private_chat().id)


def sent_to(server: TelegramServer, place: Place, message: Message, **options: object) -> Sent:
    return with_sender(server, lambda sender: sender.send(place, [message], **options))  # type: ignore[arg-type]  # a test's own options


def edited(
    server: TelegramServer, place: Place, message: Received, text: str, *, patience: float = 10.0
) -> Delivery:
    return with_sender(
        server,
        lambda sender: sender.edit(place, message.message_id, Message(text)),
        patience=patience,
    )


def first_message(server: TelegramServer) -> tuple[Place, Received]:
    """Have the bot write to Alice; return where, and what she received."""
    place = known_place(server)
    assert send(server, place, ["avant"]) is Delivery.DELIVERED
    [*_, message] = server.state.chats[place.chat_id].messages.values()
    return place, message
