"""The webhook's end: what it answers, what it registers again, what it tells."""

import asyncio
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from telegram import Update, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TimedOut
from telegram.ext import ExtBot

from bot.receiving.registration import Webhook
from bot.settings import BotSettings
from knowledge.errors import SettingsError
from knowledge.settings import load_settings
from tests.waiting import until

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz_-12345"


class FakeIntake:
    def __init__(self) -> None:
        self.room = True
        self.took: list[int] = []

    def has_room(self) -> bool:
        return self.room

    async def take(self, updates: Sequence[Update]) -> None:
        self.took += [update.update_id for update in updates]


class FakeBot(ExtBot[None]):
    """Answers what a test wrote down, instead of Telegram."""

    def __init__(self) -> None:
        super().__init__(TOKEN)
        self._outcomes: list[Any] = []
        self._registered: list[str] = []

    @property
    def registered(self) -> list[str]:
        return self._registered

    def will(self, *outcomes: Any) -> None:
        self._outcomes += outcomes

    async def set_webhook(self, url: str, **_: Any) -> bool:  # type: ignore[override] # what is used
        self._outcome()
        self._registered.append(url)
        return True

    async def get_webhook_info(self, **_: Any) -> WebhookInfo:
        found: WebhookInfo | None = self._outcome()
        return found or WebhookInfo(self._registered[-1], False, 0)

    def _outcome(self) -> Any:
        outcome = self._outcomes.pop(0) if self._outcomes else None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def intake() -> FakeIntake:
    return FakeIntake()


def webhook(bot: FakeBot, intake: FakeIntake, folder: Path) -> Webhook:
    settings = load_settings(
        BotSettings, env_file=None, webhook_url="https://ex.fr", data_dir=folder
    )
    return Webhook(bot, settings, intake, watch_seconds=0.01)


async def run_until(webhook: Webhook, holds: Callable[[], object]) -> None:
    """Let it run until that holds. Raises what ends it before."""
    running = asyncio.create_task(webhook.run())
    await until(lambda: running.done() or holds())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    if not running.cancelled():
        running.result()


def never() -> bool:
    return False


def test_an_update_is_taken_only_while_there_is_room(
    bot: FakeBot, intake: FakeIntake, tmp_path: Path
) -> None:
    async def statuses() -> list[HTTPStatus]:
        hook = webhook(bot, intake, tmp_path)
        before = await hook.receive({"update_id": 1})
        await run_until(hook, lambda: bot.registered)
        taken = await hook.receive({"update_id": 2})
        intake.room = False
        full = await hook.receive({"update_id": 3})
        intake.room = True
        hook.refuse()
        return [before, taken, full, await hook.receive({"update_id": 4})]

    unavailable = HTTPStatus.SERVICE_UNAVAILABLE
    assert asyncio.run(statuses()) == [unavailable, HTTPStatus.OK, unavailable, unavailable]
    assert intake.took == [2]


def test_a_webhook_taken_away_is_registered_again_and_told(
    bot: FakeBot, intake: FakeIntake, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bot.will(None, TimedOut(), WebhookInfo("", False, 0), None)
    asyncio.run(run_until(webhook(bot, intake, tmp_path), lambda: len(bot.registered) == 2))
    assert len(set(bot.registered)) == 1
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert told[0].startswith("Un autre programme a détourné les messages de ce robot")


def test_a_name_not_known_yet_is_tried_again_and_anything_else_refused_is_an_error(
    bot: FakeBot, intake: FakeIntake, tmp_path: Path
) -> None:
    bot.will(BadRequest("Bad webhook: failed to resolve host: name or service not known"))
    asyncio.run(run_until(webhook(bot, intake, tmp_path), lambda: bot.registered))
    bot.will(BadRequest("Bad webhook: ip address 10.0.0.7 is reserved"))
    with pytest.raises(SettingsError) as caught:
        asyncio.run(run_until(webhook(bot, intake, tmp_path), never))
    assert caught.value.subject == "SOURCIER_WEBHOOK_URL"
    assert "10.0.0.7 is reserved" in caught.value.message


def test_a_token_that_was_revoked_ends_it(bot: FakeBot, intake: FakeIntake, tmp_path: Path) -> None:
    bot.will(None, InvalidToken())
    with pytest.raises(InvalidToken):
        asyncio.run(run_until(webhook(bot, intake, tmp_path), never))


def test_nothing_of_it_shows_the_secret_or_the_path(
    bot: FakeBot, intake: FakeIntake, tmp_path: Path
) -> None:
    hook = webhook(bot, intake, tmp_path)
    asyncio.run(run_until(hook, lambda: bot.registered))
    [url] = bot.registered
    assert url.rpartition("/")[2] not in repr(hook)
