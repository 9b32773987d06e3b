"""The server as a process of its own, with a terminal to speak to a bot without Telegram.

    python -m tests.telegram_server --port 8081
    Alice: Qui dirige la ville ?
    Alice @ Lecteurs: /question Qui dirige la ville ?
    Alice ! Contexte

The first line on its standard output is a JSON object: ``url`` and ``token`` for the bot's
settings, ``start``, ``speed`` and ``origin`` for a ``SimulatedClock`` elsewhere. Each line read is
what somebody writes, in private or in a group named after ``@`` (opened, with the bot in it, when
first named), or the button they press on the bot's last message to them; each message of the bot is
written as JSON. It ends with its standard input.
"""

import argparse
import json
import re
import sys
import threading
import time
from typing import Any

from tests.telegram_server.clock import SimulatedClock
from tests.telegram_server.groups import GroupHandle
from tests.telegram_server.handles import ChatHandle, UserHandle
from tests.telegram_server.leniency import Leniency
from tests.telegram_server.server import TOKEN, TelegramServer

_LINE = re.compile(
    r"(?P<who>[^:@!]+?)\s*(?:@\s*(?P<where>[^:]+?)\s*)?(?P<what>[:!])\s*(?P<text>.+)"
)


class Terminal:
    """People and groups by name, opened when first named."""

    def __init__(self, server: TelegramServer) -> None:
        self._server = server
        self._people: dict[str, UserHandle] = {}
        self._groups: dict[str, GroupHandle] = {}

    def obey(self, line: str) -> None:
        """Do what a line says. Raises ``ValueError`` for one that says nothing."""
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError("« Alice: texte », « Alice @ Groupe: texte » or « Alice ! bouton »")
        who = self._person(found["who"])
        chat: ChatHandle = who.private_chat()
        if found["where"]:
            chat = self._group(found["where"], who)
        if found["what"] == "!":
            who.press(chat.bot_messages[-1], found["text"])
        else:
            who.say(found["text"], chat=chat)

    def _person(self, name: str) -> UserHandle:
        if name not in self._people:
            self._people[name] = self._server.user(name)
            self._watch(self._people[name].private_chat())
        return self._people[name]

    def _group(self, name: str, who: UserHandle) -> GroupHandle:
        if name not in self._groups:
            self._groups[name] = self._server.group(name)
            self._groups[name].set_bot_status("member", by=who)
            self._watch(self._groups[name])
        self._groups[name].add(who)
        return self._groups[name]

    def _watch(self, chat: ChatHandle) -> None:
        threading.Thread(target=_print_messages, args=(chat,), daemon=True).start()


def _print_messages(chat: ChatHandle) -> None:
    while True:
        for message in chat.wait_for_messages(timeout=threading.TIMEOUT_MAX):
            _print(message.json())


def _print(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)  # noqa: T201 - a terminal


def main() -> int:
    """Serve until the end of the standard input; return 0."""
    options = argparse.ArgumentParser(prog="python -m tests.telegram_server")
    options.add_argument("--port", type=int, default=0, help="0 for any")
    options.add_argument("--token", default=TOKEN)
    options.add_argument("--speed", type=float, default=1.0, help="of the simulated clock")
    options.add_argument("--start", type=float, default=None, help="its beginning, Unix seconds")
    options.add_argument("--lenient", nargs="*", default=[], choices=[e.name for e in Leniency])
    given = options.parse_args()
    origin = time.time()
    clock = SimulatedClock(given.start or origin, given.speed, origin)
    lenient = [Leniency[name] for name in given.lenient]
    with TelegramServer(token=given.token, port=given.port, clock=clock, lenient=lenient) as server:
        times = {"start": clock.start, "speed": clock.speed, "origin": clock.origin}
        _print({"url": server.url, "token": server.token} | times)
        terminal = Terminal(server)
        for line in sys.stdin:
            try:
                terminal.obey(line.strip())
            except (ValueError, IndexError) as error:
                _print({"error": str(error)})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
