"""Articles added, listed and removed from the chat, on a real base: SQLite, Chroma, real pages."""

import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot import texts as bot_texts
from bot.status import installed_versions
from bot.texts import access as access_texts
from bot.texts import feeding as texts
from bot.views.feeding_view import render_sources
from knowledge.bootstrap import open_knowledge
from knowledge.ports import BaseSummary, SaveStatus
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.sources.fetch import Fetcher
from knowledge.store.schema import SCHEMA_VERSION
from tests.interface.running_bot import RunningBot
from tests.telegram_server import Message, TelegramServer, UserHandle

TITLE = "La halle de Morteval rouvre"
BODY = (
    "La halle de Morteval a rouvert samedi 7 mars après deux ans de travaux. "
    "Le chantier a coûté 840 000 euros.\n\n"
    "Douze commerçants y tiennent un étal."
)
QUESTION = "Combien a coûté le chantier de la halle de Morteval ?"
FIGURE = "840 000 euros"
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


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Knowledge]:
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=tmp_path, model=None)
    with closing(open_knowledge(settings)) as knowledge:
        yield knowledge


@pytest.fixture
def chief(server: TelegramServer) -> UserHandle:
    return server.user("Chef")


def running(
    server: TelegramServer, base: Knowledge, folder: Path, chief: UserHandle, **values: Any
) -> RunningBot:
    return RunningBot(server, base, folder, administrators=frozenset({chief.id}), **values)


def reply_to(user: UserHandle, text: str, **values: Any) -> Message:
    """Say something and return the one answer to it."""
    said = user.say(text, **values)
    [answer] = user.private_chat().wait_for_messages()
    assert answer.reply_to == said
    return answer


def add(user: UserHandle) -> Message:
    return reply_to(user, f"/ajouter {TITLE}\n{BODY}")


def press(user: UserHandle, message: Message, button: str) -> None:
    edits = len(message.revisions)
    user.press(message, button)
    user.private_chat().wait_for_edit(message, edits + 1)


def test_a_text_is_added_once_answers_and_is_removed_after_a_question(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with running(server, base, tmp_path, chief):
        assert reply_to(chief, QUESTION).text.startswith(bot_texts.ABSTENTION)
        added = add(chief)
        assert added.text == f"Ajouté\u00a0: {TITLE}, date inconnue (3 phrases)."
        assert added.entity_texts("bold") == [TITLE]
        again = add(chief)
        assert again.text == (
            f"Déjà dans la base, inchangé\u00a0: {TITLE}, date inconnue (3 phrases)."
        )
        answer = reply_to(chief, QUESTION)
        assert FIGURE in answer.text
        assert answer.entity_texts("blockquote") == ["Le chantier a coûté 840 000 euros."]
        asked = reply_to(chief, "/retirer halle morteval")
        assert asked.text == f"Retirer cet article\u202f?\n{TITLE}, date inconnue (3 phrases)"
        assert [each["text"] for each in asked.buttons()] == ["Retirer", "Annuler"]
        press(chief, asked, "Annuler")
        assert asked.text == texts.KEPT
        asked = reply_to(chief, "/retirer halle")
        [article] = base.store.list_articles()
        press(chief, asked, "Retirer")
        assert asked.text == (
            f"Retiré\u00a0: {TITLE}, date inconnue (3 phrases). Il ne sert plus aux réponses."
        )
        assert reply_to(chief, QUESTION).text.startswith(bot_texts.ABSTENTION)
    assert base.store.article(article.id, article.version) == article  # still to be quoted
    assert base.store.pending_count() == 0
    assert server.refusals == []


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


def send(user: UserHandle, name: str, content: bytes, kind: str = "text/plain") -> Message:
    user.send_document(name, content, kind)
    [offer] = user.private_chat().wait_for_messages()
    return offer


def test_a_file_is_offered_downloaded_and_added_and_a_second_press_changes_nothing(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    text = f"{TITLE}\n\n{BODY}".encode()
    with running(server, base, tmp_path, chief):
        offer = send(chief, "halle.txt", text)
        assert offer.text == "Ajouter cet article\u202f?\nFichier\u00a0: halle.txt"
        first = server.state.add_callback_query(chief.user, offer, "ajout:oui")
        second = server.state.add_callback_query(chief.user, offer, "ajout:oui")
        for query in (first, second):
            server.state.updates.add("callback_query", query.json())
        assert chief.wait_for_answer(second)["text"] == texts.ALREADY_ANSWERED
        chief.private_chat().wait_for_edit(offer, 2)
        assert offer.text == f"Ajouté\u00a0: {TITLE}, date inconnue (3 phrases)."
    assert base.summary().articles == 1
    assert server.refusals == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("photo.txt", b"\x89PNG\r\n\x1a\n....", "Ce document est une image PNG."),
        ("vide.txt", b"  \n ", "Ce document est vide."),
        ("chiffres.txt", b"12 345\n\n67", "Aucun texte d’article dans ce document"),
        ("faux.pdf", b"%PDF-1.7\nrien", "Ce PDF"),
    ],
)
def test_a_file_that_is_no_article_says_why_and_loses_nothing(
    name: str,
    content: bytes,
    reason: str,
    server: TelegramServer,
    base: Knowledge,
    tmp_path: Path,
    chief: UserHandle,
) -> None:
    with running(server, base, tmp_path, chief):
        add(chief)
        offer = send(chief, name, content)
        chief.press(offer, "Oui")
        chief.private_chat().wait_for_edit(offer, 2)
        assert offer.text.startswith(f"Rien n’a été ajouté. {reason}")
        assert offer.buttons() == []
        assert FIGURE in reply_to(chief, QUESTION).text
    assert base.summary().articles == 1


def test_a_file_too_large_is_refused_at_once(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with running(server, base, tmp_path, chief, max_document_mib=1):
        refusal = send(chief, "gros.txt", b"a" * (3 * 2**20 // 2))
        assert refusal.buttons() == []
        assert refusal.text == (
            "Rien n’a été ajouté. Ce fichier pèse 1,5 Mio\u202f; je peux en recevoir de 1 Mio au "
            "plus."
        )
        assert server.calls_of("getFile") == []


def test_a_download_that_fails_is_told_and_may_be_tried_again(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with running(server, base, tmp_path, chief):
        offer = send(chief, "halle.txt", f"{TITLE}\n\n{BODY}".encode())
        server.faults.add(method="getFile", error=400, description="Bad Request: file is gone")
        chief.press(offer, "Oui")
        chief.private_chat().wait_for_edit(offer, 2)
        assert offer.text == f"Rien n’a été ajouté. {texts.DOWNLOAD_FAILED}"
        offer = send(chief, "halle.txt", f"{TITLE}\n\n{BODY}".encode())
        chief.press(offer, "Oui")
        chief.private_chat().wait_for_edit(offer, 2)
    assert base.summary().articles == 1


def test_the_command_takes_what_the_message_replied_to_holds(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    author = server.user("Autrice")
    with running(server, base, tmp_path, chief):
        original = author.say(f"{TITLE}\n{BODY}")
        author.private_chat().wait_for_messages()
        forwarded = chief.forward(original)
        chief.private_chat().wait_for_messages()  # a forwarded text is a question
        added = reply_to(chief, "/ajouter", reply_to=forwarded)
        assert added.text == f"Ajouté\u00a0: {TITLE}, date inconnue (3 phrases)."


@pytest.mark.parametrize("said", ["/ajouter", "/ajouter un titre sans texte"])
def test_a_command_that_holds_no_article_explains_itself(
    said: str, server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with running(server, base, tmp_path, chief):
        assert reply_to(chief, said).text == texts.USAGE


def test_a_text_without_a_sentence_is_no_article(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with running(server, base, tmp_path, chief):
        told = reply_to(chief, "/ajouter Un titre\n12 345 — 67 !")
    assert told.text.startswith("Rien n’a été ajouté. Aucun texte d’article")


def test_everybody_else_is_refused_courteously_and_a_text_stays_a_question(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    reader = server.user("Lectrice")
    group = server.group("La rédaction")
    group.add(reader, chief)
    group.chat.members[server.state.bot.id] = "member"
    with running(server, base, tmp_path, chief):
        for said in (f"/ajouter {TITLE}\n{BODY}", "/articles", "/retirer 1", "/statut", "/acces"):
            assert reply_to(reader, said).text == access_texts.ADMINISTRATORS_ONLY
        assert send(reader, "halle.txt", BODY.encode()).text == bot_texts.NOT_TEXT
        assert reply_to(reader, "https://exemple.test/a").text.startswith(bot_texts.ABSTENTION)
        assert reply_to(chief, f"{TITLE}\n{BODY}").text.startswith(bot_texts.ABSTENTION)
        chief.say("/articles", chat=group)
        [told] = group.wait_for_messages()
        assert told.text == access_texts.IN_PRIVATE
        add(chief)
        asked = reply_to(chief, "/retirer halle")
        data = asked.buttons()[0]["callback_data"]
        for forged in (data, "ajout:oui", "articles:0:"):
            query = server.state.add_callback_query(reader.user, asked, forged)
            server.state.updates.add("callback_query", query.json())
            told_reader = reader.wait_for_answer(query)
            assert told_reader["text"] == access_texts.ADMINISTRATORS_ONLY_TOAST
    assert base.summary().articles == 1


FORGED = (
    "retirer:oui:",
    "retirer:oui:zzzzzzzzzzzzzzzzzzzz",
    "retirer:oui:00000000000000000000",
    "retirer:peut-être",
    "articles:x:",
    "articles:999999999:",
    "articles:-1:",
    "articles:0:" + "é" * 26,
    "ajout:peut-être",
    "ajout:",
)


def test_forged_data_change_nothing(
    server: TelegramServer,
    base: Knowledge,
    tmp_path: Path,
    chief: UserHandle,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with running(server, base, tmp_path, chief):
        add(chief)
        asked = reply_to(chief, "/retirer halle")
        for data in FORGED:
            query = server.state.add_callback_query(chief.user, asked, data)
            server.state.updates.add("callback_query", query.json())
            chief.wait_for_answer(query)
        reply_to(chief, "/sources")
    assert base.summary().articles == 1
    assert "Erreur" not in caplog.text
    assert all("not modified" in each for each in server.refusals)


def numbered(base: Knowledge, count: int) -> None:
    for day in range(1, count + 1):
        text = f"---\ntitle: Article {day}\npublished: 2026-03-{day:02}\noutlet: La Gazette\n---\n"
        text += f"Le conseil a voté la mesure numéro {day}."
        base.library.add(replace(_document(day), data=text.encode()))


def _document(day: int) -> Any:
    from knowledge.types import RawDocument

    return RawDocument(b"", f"file:/{day}.txt", filename=f"{day}.txt")


def lines(message: Message) -> list[str]:
    return [line for line in message.text.split("\n") if line[:1].isdigit()]


def test_articles_are_paged_newest_first_and_removed_by_the_number_shown(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    numbered(base, 10)
    with running(server, base, tmp_path, chief):
        assert reply_to(chief, "/retirer 1").text == texts.NO_SUCH_NUMBER
        listed = reply_to(chief, "/articles")
        expected = [
            f"Article {day}, La Gazette, {day} mars 2026 (1 phrase)" for day in range(10, 1, -1)
        ]
        expected.append("Article 1, La Gazette, 1er mars 2026 (1 phrase)")
        shown = [f"{number}. {line}" for number, line in enumerate(expected, 1)]
        assert listed.text == "\n".join(
            [
                "Articles de la base\u00a0: 10",
                "Page 1 sur 2",
                "",
                *shown[:8],
                "",
                "Pour en retirer un\u00a0: /retirer suivi de son numéro.",
            ]
        )
        assert [each["text"] for each in listed.buttons()] == ["▶"]
        press(chief, listed, "▶")
        assert lines(listed) == shown[8:]
        press(chief, listed, "◀")
        assert lines(listed) == shown[:8]
        asked = reply_to(chief, "/retirer 10")
        assert asked.text.endswith("\nArticle 1, La Gazette, 1er mars 2026 (1 phrase)")
        press(chief, asked, "Retirer")
        found = reply_to(chief, "/articles GAZETTE ärticle 1")
        assert found.text.split("\n")[0] == "Articles pour «\u00a0GAZETTE ärticle 1\u00a0»\u00a0: 1"
        assert lines(found) == ["1. Article 10, La Gazette, 10 mars 2026 (1 phrase)"]
        several = reply_to(chief, "/retirer gazette")
        assert several.text.endswith(texts.SEVERAL)
        assert len(lines(several)) == 8
        assert reply_to(chief, "/articles zzz").text.endswith(texts.NOTHING_FOUND)
        assert reply_to(chief, "/retirer").text == texts.REMOVE_USAGE
        assert reply_to(chief, "/retirer https://exemple.test/a").text == texts.NO_SUCH_ARTICLE
    assert base.summary().articles == 9
    assert server.refusals == []


HOSTILE = (
    "\U0001f9d1" * 240,
    "\u202eeltit\u202c مرحبا",
    "\u200b\u2060a\u200b",
    "<b>Titre</b> *gras* [x](tg://user?id=1) &amp;",
)


def test_a_hostile_title_stays_a_title(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    with running(server, base, tmp_path, chief):
        for title in HOSTILE:
            added = reply_to(chief, f"/ajouter {title}\n{BODY}")
            assert added.text.endswith(", date inconnue (3 phrases).")
            listed = reply_to(chief, "/articles")
            asked = reply_to(chief, "/retirer 1")
            assert "\u202e" not in added.text + listed.text + asked.text
            assert {each["type"] for each in added.entities} == {"bold"}
            press(chief, asked, "Retirer")
    assert base.summary().articles == 0
    assert server.refusals == []


def test_everybody_may_ask_what_the_base_holds(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    reader = server.user("Lectrice")
    group = server.group("La rédaction")
    group.add(reader)
    group.chat.members[server.state.bot.id] = "member"
    with running(server, base, tmp_path, chief):
        assert reply_to(reader, "/sources").text == texts.SOURCES_EMPTY
        numbered(base, 3)
        assert reply_to(reader, "/sources").text == (
            "Ma base contient 3 articles.\nLe plus récent est du 3 mars 2026.\n"
            "Média\u00a0: La Gazette."
        )
        asked = reader.say("/sources", chat=group)
        [told] = group.wait_for_messages()
        assert told.reply_to == asked


def test_a_long_list_of_outlets_is_cut_and_counted() -> None:
    names = tuple(f"Journal {number:03}" for number in range(40))
    shown = render_sources(BaseSummary(1200, 9, 9, None, names)).text
    assert shown.startswith("Ma base contient 1\u202f200 articles.\nJe ne connais la date d’aucun")
    assert shown.endswith("Journal 029 et 10 autres.")


def test_questions_are_answered_while_an_article_is_fetched(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    reader, held = server.user("Lectrice"), threading.Event()

    def slow(url: str) -> Any:
        held.wait(10)
        return replace(_document(1), data=f"{TITLE}\n\n{BODY}".encode(), origin=url)

    with running(server, replace(base, fetch=slow), tmp_path, chief):
        chief.say("/ajouter https://exemple.test/lent")
        chief.private_chat().wait_for_action()
        assert reply_to(reader, QUESTION).text.startswith(bot_texts.ABSTENTION)
        held.set()
        [added] = chief.private_chat().wait_for_messages()
        assert added.text.startswith("Ajouté")
        assert FIGURE in reply_to(reader, QUESTION).text


def test_the_state_of_the_bot_is_told_whole(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    numbered(base, 2)
    with running(server, base, tmp_path, chief):
        told = reply_to(chief, "/statut")
    plain = told.text.replace("\u00a0", " ").replace("\u202f", " ").split("\n")
    memory = re.fullmatch(r"En marche depuis 0 min ; mémoire : (\d+) Mio", plain[7])
    assert memory is not None
    assert 20 < int(memory[1]) < 20_000
    versions = ", ".join(f"{name} {found}" for name, found in installed_versions())
    assert plain[:7] + plain[8:] == [
        "État du robot",
        "Mode : extraits, sans modèle de langue",
        "Encodeur : intégré",
        "Base : 2 articles, 2 passages",
        "Index : Chroma et index des mots à jour",
        "File : 0 en cours, 0 en attente ; ajouts : 0",
        "Accès : ouvert ; 1 administrateur",
        f"Versions : {versions}, schéma {SCHEMA_VERSION}",
    ]
    assert told.entity_texts("bold") == ["État du robot"]
