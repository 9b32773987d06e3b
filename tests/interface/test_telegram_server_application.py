"""An unmodified python-telegram-bot application against the local Bot API server."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from tests.telegram_server import Limit, Message, TelegramServer, UserHandle
from tests.waiting import PATIENCE

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def request() -> HTTPXRequest:
    return HTTPXRequest(httpx_kwargs={"trust_env": False})


def build(server: TelegramServer, token: str | None = None) -> AnyApplication:
    application = (
        ApplicationBuilder()
        .token(token or server.token)
        .base_url(server.base_url)
        .base_file_url(server.base_file_url)
        .request(request())
        .get_updates_request(request())
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(answer_button))
    return application


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.message
    assert message is not None
    await message.reply_chat_action("typing")
    text = f"« {message.text} »"
    quotation = MessageEntity(MessageEntity.BLOCKQUOTE, 0, len(text.encode("utf-16-le")) // 2)
    await message.reply_text(
        text,
        entities=[quotation],
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(message.message_id),
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Suite", callback_data="2")]]),
    )


async def answer_button(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("Voici")
    await query.edit_message_text("La suite")


@asynccontextmanager
async def polling(server: TelegramServer) -> AsyncIterator[AnyApplication]:
    application = build(server)
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(poll_interval=0.0, timeout=5)
        try:
            yield application
        finally:
            await application.updater.stop()
            await application.stop()


def run(scenario: Callable[[TelegramServer, UserHandle], Awaitable[None]]) -> None:
    with TelegramServer() as server:
        asyncio.run(asyncio.wait_for(_as_coroutine(scenario(server, server.user())), 3 * PATIENCE))


async def _as_coroutine(awaitable: Awaitable[None]) -> None:
    await awaitable


async def reply_to(alice: UserHandle, text: str) -> tuple[Message, Message]:
    question = alice.say(text)
    [answer] = await asyncio.to_thread(alice.private_chat().wait_for_messages)
    return question, answer


def test_an_echo_bot_answers_by_long_polling() -> None:
    async def scenario(server: TelegramServer, alice: UserHandle) -> None:
        async with polling(server):
            delays = []
            for text in ("Bonjour", "🙂 d’accord", "Merci"):
                question, answer = await reply_to(alice, text)
                assert answer.entity_texts("blockquote") == [f"« {text} »"]
                assert answer.reply_to is question
                assert answer.link_preview_options == {"is_disabled": True}
                delays.append(answer.sent_at - question.sent_at)
            assert min(delays) < 4  # well before the end of a poll
            query = alice.press(answer, "Suite")
            shown = await asyncio.to_thread(alice.wait_for_answer, query)
            assert shown == {"text": "Voici", "show_alert": False}
            await asyncio.to_thread(alice.private_chat().wait_for_edit, answer)
            assert (answer.text, answer.reply_markup) == ("La suite", None)
        assert [each.name for each in alice.private_chat().actions] == ["typing"] * 3
        assert server.refusals == []
        server.wait_until_confirmed()

    run(scenario)


def test_the_application_survives_an_outage_and_loses_no_message() -> None:
    async def scenario(server: TelegramServer, alice: UserHandle) -> None:
        async with polling(server):
            await reply_to(alice, "Avant")
            refused_at = time.monotonic()
            server.refuse_connections(seconds=0.5)
            _, answer = await reply_to(alice, "Pendant")
            assert answer.text == "« Pendant »"
            assert answer.sent_at - refused_at > 0.4
            server.drop_connections()
            _, answer = await reply_to(alice, "Après")
            assert answer.text == "« Après »"

    run(scenario)


def test_a_second_poller_is_told_of_the_conflict() -> None:
    async def scenario(server: TelegramServer, alice: UserHandle) -> None:
        first, second = build(server), build(server)
        async with first, second:
            waiting = asyncio.create_task(first.bot.get_updates(timeout=10))
            await asyncio.to_thread(server.wait_for_poll)
            other = asyncio.create_task(second.bot.get_updates(timeout=10))
            with pytest.raises(Conflict, match="terminated by other getUpdates request"):
                await waiting
            alice.say("Bonjour")
            assert len(await other) == 1

    run(scenario)


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # the library warns itself
def test_refusals_arrive_as_the_errors_of_the_library() -> None:
    async def scenario(server: TelegramServer, alice: UserHandle) -> None:
        alice.start()
        server.limits.private = Limit(rate=0.01, burst=1, retry_after=2)
        application = build(server)
        async with application:
            bot = application.bot
            with pytest.raises(BadRequest, match="Message is too long"):
                await bot.send_message(alice.id, "x" * 4097)
            with pytest.raises(BadRequest, match="Strict: telegram trims the text"):
                await bot.send_message(alice.id, "Bonjour ")
            server.faults.add(method="sendMessage", error=502)
            with pytest.raises(NetworkError, match="Bad Gateway"):
                await bot.send_message(alice.id, "Bonjour")
            await bot.send_message(alice.id, "Bonjour")
            with pytest.raises(RetryAfter) as flood:
                await bot.send_message(alice.id, "Bonjour")
            assert flood.value.retry_after == 2
            alice.block_bot()
            with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
                await bot.send_message(alice.id, "Bonjour")

    run(scenario)


@pytest.mark.parametrize("token", ["123456789:TEST_another-token-of-the-tests_00000", "1:x"])
def test_a_wrong_token_is_refused_at_the_start(token: str) -> None:
    async def scenario(server: TelegramServer, alice: UserHandle) -> None:
        application = build(server, token)
        with pytest.raises(InvalidToken):
            await application.initialize()
        # An application that never was initialised leaves its connections open by itself.
        await application.bot.request.shutdown()

    run(scenario)


def test_the_methods_a_bot_uses_take_what_the_library_sends() -> None:
    async def scenario(server: TelegramServer, alice: UserHandle) -> None:
        alice.start()
        document = alice.send_document("notes.txt", b"du texte", "text/plain")
        application = build(server)
        async with application:
            bot = application.bot
            await bot.set_my_commands([BotCommand("aide", "Ce que fait le bot")])
            assert [each.command for each in await bot.get_my_commands()] == ["aide"]
            await bot.set_my_short_description("Cite ses sources")
            assert (await bot.get_chat(alice.id)).first_name == "Alice"
            assert (await bot.get_chat_member(alice.id, alice.id)).status == "member"
            assert (await bot.get_webhook_info()).url == ""
            await bot.send_message_draft(alice.id, 1, "Je lis")
            await bot.send_message_draft(alice.id, 1, "")
            sent = await bot.send_document(alice.id, b"abc", filename="abc.txt", caption="Voici")
            assert sent.document is not None
            assert document.document is not None
            file = await bot.get_file(document.document.file_id)
            assert bytes(await file.download_as_bytearray()) == b"du texte"
            updates = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
            assert [each.message is not None for each in updates] == [True, True]
            await bot.delete_message(alice.id, sent.message_id)
        assert [each.text for each in alice.private_chat().drafts] == ["Je lis", ""]
        assert server.refusals == []

    run(scenario)
