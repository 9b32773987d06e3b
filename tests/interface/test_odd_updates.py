"""Updates the library reads although they lack what it takes for granted: passed over, no more."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import texts
from bot.logs import DiscreetFormatter
from bot.receiving.webhook import SECRET_HEADER
from tests.interface.running_bot import RunningBot, ScriptedKnowledge, by_webhook
from tests.telegram_server import Leniency, TelegramServer

SECRET = "le-secret_du-test"
SAID = "Ombrelune"


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(lenient=[Leniency.HTTP_WEBHOOK]) as running:
        running.webhooks.timing.first_delay = 0.02
        yield running


def message(**fields: Any) -> dict[str, Any]:
    alice = {"id": 7, "type": "private", "first_name": SAID}
    author = {"id": 7, "is_bot": False, "first_name": SAID}
    return {"message_id": 5, "date": 1, "chat": alice, "from": author, "text": SAID} | fields


ODD: list[dict[str, Any]] = [
    {"message": message(chat=[])},
    {"message": message(entities=[{"type": "mention", "offset": "1", "length": 2}])},
    {"message": message(chat={"id": -7, "type": "group"}, reply_to_message=[], quote=SAID)},
    {"my_chat_member": {"chat": [], "from": 7}},
]


def written(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(DiscreetFormatter().format(record) for record in caplog.records)


@pytest.mark.parametrize("odd", [*ODD, {"update_id": {}}, {"update_id": []}])
def test_by_webhook_telegram_is_not_asked_to_send_it_again(
    odd: dict[str, Any],
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hook = by_webhook()
    with RunningBot(server, knowledge, tmp_path, **hook, webhook_secret=SECRET):
        assert server.state.webhook is not None
        with httpx.Client(trust_env=False) as client:
            answer = client.post(
                server.state.webhook.url,
                content=json.dumps({"update_id": 1} | odd),
                headers={SECRET_HEADER: SECRET},
            )
        assert answer.status_code == 200
        alice = server.user("Alice")
        asked = alice.say("Quand ?")
        [told] = alice.private_chat().wait_for_messages()
    assert (told.reply_to, told.text.startswith(texts.ABSTENTION)) == (asked, True)
    assert "Mise à jour illisible" in written(caplog) or "Erreur n° " in written(caplog)
    assert SAID not in written(caplog)


@pytest.mark.parametrize("odd", ODD)
def test_by_polling_the_bot_goes_on_and_loses_nothing_that_came_with_it(
    odd: dict[str, Any],
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    alice, bob = server.user("Alice"), server.user("Bob")
    asked = alice.say("Quand ?")
    came = [{"update_id": asked.update_id, "message": {**message(), "message_id": 5}} | odd]
    body = json.dumps({"ok": True, "result": came}).encode()
    followed = bob.say("Où ?")
    server.faults.add(method="getUpdates", body=body)
    with RunningBot(server, knowledge, tmp_path):
        [told] = bob.private_chat().wait_for_messages()
    assert told.reply_to is followed
    assert SAID not in written(caplog)


def test_kinds_of_update_that_were_not_asked_for_are_taken_and_left_without_a_word(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    alice, hook = server.user("Alice"), by_webhook()
    alice.start()
    chat = {"id": alice.id, "type": "private", "first_name": "Alice"}
    said = message(chat=chat, text="Quand ?")
    kinds: list[dict[str, Any]] = [
        *({kind: said} for kind in ("edited_message", "business_message", "edited_channel_post")),
        {"poll": {"id": "1"}},
        {"message_reaction": {"chat": chat, "message_id": 5, "date": 1}},
        {"un_jour": said},
        {},
    ]
    with RunningBot(server, knowledge, tmp_path, **hook, webhook_secret=SECRET):
        assert server.state.webhook is not None
        alice.private_chat().wait_for_messages()
        with httpx.Client(trust_env=False) as client:
            for number, kind in enumerate(kinds, 1):
                answer = client.post(
                    server.state.webhook.url,
                    content=json.dumps({"update_id": number} | kind),
                    headers={SECRET_HEADER: SECRET, "Content-Type": "text/plain"},
                )
                assert answer.status_code == 200
        assert alice.private_chat().stays_silent(0.5)
    assert knowledge.asked == []
    assert "Erreur" not in written(caplog)
