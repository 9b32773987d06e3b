"""Texts added from the chat, removed after a question, and refused when they are no article."""

from pathlib import Path

import pytest

from bot import texts as bot_texts
from bot.texts import feeding as texts
from knowledge.service import Knowledge
from tests.interface.feeding.adding import (
    BODY,
    FIGURE,
    QUESTION,
    TITLE,
    add,
    press,
    reply_to,
    running,
)
from tests.telegram_server import TelegramServer, UserHandle


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
