"""What the base holds, as its administrators and its readers may ask."""

import re
from pathlib import Path

from bot.status import installed_versions
from bot.texts import feeding as texts
from bot.views.feeding_view import render_sources
from knowledge.ports import BaseSummary
from knowledge.service import Knowledge
from knowledge.store.schema import SCHEMA_VERSION
from tests.interface.feeding.adding import numbered, press, reply_to, running
from tests.telegram_server import Message, TelegramServer, UserHandle


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


def test_the_state_of_the_bot_is_told_whole(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    numbered(base, 2)
    with running(server, base, tmp_path, chief):
        told = reply_to(chief, "/statut")
    plain = told.text.replace("\u00a0", " ").replace("\u202f", " ").split("\n")
    memory = re.fullmatch(r"En marche depuis \d+ min ; mémoire : (\d+) Mio", plain[7])
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
