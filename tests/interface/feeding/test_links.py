"""Links offered, fetched from real pages, updated; sites that must not or do not answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bot import texts as bot_texts
from bot.texts import feeding as texts
from knowledge.ports import SaveStatus
from knowledge.service import Knowledge
from knowledge.sources.fetch import Fetcher
from knowledge.types import RawDocument
from tests.interface.feeding.adding import (
    BODY,
    FIGURE,
    QUESTION,
    TITLE,
    document,
    numbered,
    press,
    reply_to,
    running,
)
from tests.telegram_server import TelegramServer, UserHandle
from tests.waiting import PATIENCE, wait_until

PAGE = f"""<!doctype html><html lang="fr"><head><title>{TITLE}</title>
<meta property="og:site_name" content="Le Courrier de Morteval">
<meta property="article:published_time" content="2026-03-08T07:00:00+01:00"></head>
<body><article><h1>{TITLE}</h1><p>{BODY.split(chr(10))[0]}</p>
<p>Douze commerçants y tiennent un étal.</p></article></body></html>"""


class Site(BaseHTTPRequestHandler):
    """One article, one page that is gone."""

    def do_GET(self) -> None:
        found = self.path.startswith("/article")
        body = PAGE.encode() if found else b"rien"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@contextmanager
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as http:
        threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()


def test_a_link_is_offered_read_and_updated_and_the_question_may_be_refused(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with site() as address:
        fetch = Fetcher(max_bytes=10**6, timeout_seconds=5, allow_private=True).fetch
        fed = replace(base, fetch=fetch)
        with running(server, fed, tmp_path, chief):
            offer = reply_to(chief, f"{address}/article")
            assert offer.text == f"Ajouter cet article\u202f?\nLien\u00a0: {address}/article"
            press(chief, offer, "Non")
            assert offer.text == texts.NOT_WANTED
            assert base.summary().articles == 0
            offer = reply_to(chief, f"{address}/article")
            chief.press(offer, "Oui")
            chief.private_chat().wait_for_edit(offer, 2)
            assert [each.text for each in offer.revisions][1:] == [texts.ADDING]
            assert offer.text == (
                f"Ajouté\u00a0: {TITLE}, Le Courrier de Morteval, 8 mars 2026 (3 phrases)."
            )
            again = reply_to(chief, f"/ajouter {address}/article")
            assert again.text.startswith(texts.STATUSES[SaveStatus.UNCHANGED])
            gone = reply_to(chief, f"/ajouter {address}/parti")
            assert gone.text == (
                "Rien n’a été ajouté. Cette page n’existe pas ou n’existe plus (code 404)."
            )
            asked = reply_to(chief, f"/retirer {address}/article#bas")
            assert asked.text.startswith(texts.REMOVE_QUESTION)
        stored = {each.url for each in base.store.list_articles()}
    assert stored == {f"{address}/article"}
    assert server.refusals == []


def test_a_private_address_is_never_visited(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with running(server, base, tmp_path, chief):
        for host in ("127.0.0.1", "10.0.0.8", "[::1]", "localhost:22", "169.254.169.254"):
            told = reply_to(chief, f"/ajouter http://{host}/a")
            assert told.text.startswith("Rien n’a été ajouté. ")
    assert base.summary().articles == 0


def test_a_site_that_does_not_answer_is_told(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with site() as address:
        pass  # nobody listens there any more
    fetch = Fetcher(max_bytes=10**6, timeout_seconds=5, allow_private=True).fetch
    with running(server, replace(base, fetch=fetch), tmp_path, chief):
        told = reply_to(chief, f"/ajouter {address}/article")
    assert told.text == "Rien n’a été ajouté. Ce site ne répond pas\u202f; réessayez plus tard."


def test_questions_are_answered_while_an_article_is_fetched(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    reader, held = server.user("Lectrice"), threading.Event()

    def slow(url: str) -> RawDocument:
        held.wait(PATIENCE)
        return replace(document(1), data=f"{TITLE}\n\n{BODY}".encode(), origin=url)

    with running(server, replace(base, fetch=slow), tmp_path, chief):
        chief.say("/ajouter https://exemple.test/lent")
        chief.private_chat().wait_for_action()
        assert reply_to(reader, QUESTION).text.startswith(bot_texts.ABSTENTION)
        held.set()
        [added] = chief.private_chat().wait_for_messages()
        assert added.text.startswith("Ajouté")
        assert FIGURE in reply_to(reader, QUESTION).text


def test_who_adds_an_article_while_the_bot_stops_is_told_so(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    held = threading.Event()

    def slow(url: str) -> RawDocument:
        held.wait(2 * PATIENCE)
        return replace(document(1), data=f"{TITLE}\n\n{BODY}".encode(), origin=url)

    with running(server, replace(base, fetch=slow), tmp_path, chief, stop_seconds=15) as bot:
        said = chief.say("/ajouter https://exemple.test/lent")
        chief.private_chat().wait_for_action()
        bot.request_stop()
        [told] = chief.private_chat().wait_for_messages()
        held.set()
    assert (told.text, told.reply_to) == (f"Rien n’a été ajouté. {texts.STOPPING}", said)


def test_who_removes_an_article_while_the_bot_stops_is_not_told_of_adding(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    numbered(base, 1)
    held = threading.Event()

    def slow(url: str) -> RawDocument:
        held.wait(2 * PATIENCE)
        return replace(document(2), data=f"{TITLE}\n\n{BODY}".encode(), origin=url)

    with running(server, replace(base, fetch=slow), tmp_path, chief, stop_seconds=15) as bot:
        asked = reply_to(chief, "/retirer Article 1")
        chief.say("/ajouter https://exemple.test/lent")
        chief.private_chat().wait_for_action()
        chief.press(asked, "Retirer")
        wait_until(lambda: bot.application.services.feeding.waiting == 1)
        bot.request_stop()
        chief.private_chat().wait_for_edit(asked, 1)
        held.set()
    assert asked.text == texts.STOPPING
    assert base.library.articles(words="Article 1").total == 1  # the other may be in by now
