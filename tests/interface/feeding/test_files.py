"""Files offered, downloaded and added; those that are no article, too large, or out of reach."""

from pathlib import Path

import pytest

from bot.texts import feeding as texts
from knowledge.service import Knowledge
from tests.interface.feeding.adding import (
    BODY,
    FIGURE,
    QUESTION,
    TITLE,
    add,
    reply_to,
    running,
    send,
)
from tests.telegram_server import TelegramServer, UserHandle


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
            "Rien n’a été ajouté. Ce fichier pèse 1,5\u00a0Mio\u202f; je peux en recevoir de "
            "1\u00a0Mio au plus."
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
