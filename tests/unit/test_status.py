"""What an administrator is told of the bot's state, whole."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.access import AccessMode, AccessRules
from bot.status import Status, installed_versions, render_status, resident_memory
from bot.views.messages import Entity, EntityType
from knowledge import __version__
from knowledge.holdings import BaseState

STATUS = Status(
    base=BaseState(None, 1200, 5400, 0, None, "0004"),
    embedder="builtin",
    running=1,
    waiting=3,
    feeding=0,
    access=AccessRules(AccessMode.PAIRING, frozenset({1, 2})),
    uptime=timedelta(days=2, hours=5, minutes=7),
    memory=412 * 2**20,
    versions=(("Sourcier", "1.2"), ("Chroma", "1.5.9")),
)


def test_everything_is_said_once_in_order() -> None:
    message = render_status(STATUS)
    assert message.text.replace("\u00a0", " ").replace("\u202f", " ").split("\n") == [
        "État du robot",
        "Mode : extraits, sans modèle de langue",
        "Encodeur : intégré",
        "Base : 1 200 articles, 5 400 passages",
        "Index : Chroma et index des mots à jour",
        "File : 1 en cours, 3 en attente ; ajouts : 0",
        "Accès : jumelage ; 2 administrateurs",
        "En marche depuis 2 jours 5 h ; mémoire : 412 Mio",
        "Versions : Sourcier 1.2, Chroma 1.5.9, schéma 0004",
    ]
    assert message.entities == (Entity(EntityType.BOLD, 0, 13),)


def test_a_model_and_troubles_are_named() -> None:
    base = replace(STATUS.base, model="qwen3-4b", pending=2, dense_error="Chroma\nne répond pas.")
    text = render_status(replace(STATUS, base=base, embedder="bge-m3", memory=None)).text
    lines = text.replace("\u00a0", " ").replace("\u202f", " ").split("\n")
    assert lines[1:4] == ["Mode : réponses rédigées", "Modèle : qwen3-4b", "Encodeur : bge-m3"]
    assert lines[5] == "Index : mots seulement. Chroma : Chroma ne répond pas."
    assert lines[8] == "En marche depuis 2 jours 5 h"
    waiting = render_status(replace(STATUS, base=replace(STATUS.base, pending=2))).text
    assert "2 articles à indexer" in waiting
    one = replace(STATUS, base=replace(STATUS.base, articles=1, passages=0, pending=1))
    text = render_status(one).text
    assert "1 article, 0 passage\n" in text
    assert "1 article à indexer\n" in text


def test_versions_are_those_installed() -> None:
    versions = dict(installed_versions())
    assert versions["Sourcier"] == __version__
    assert set(versions) == {"Sourcier", "python-telegram-bot", "llama.cpp", "Chroma"}
    assert "?" not in versions.values()


def test_memory_is_read_where_linux_tells_it(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tpython\nVmRSS:\t  2048 kB\nThreads:\t3\n")
    assert resident_memory(status) == 2 * 2**20
    assert resident_memory(tmp_path / "absent") is None
