"""``sourcier models``: the catalogue, and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.settings import BotSettings
from bot.terminal.configuration import ENV_FILE, configured
from bot.terminal.console import ask_person, console, progress, say, say_json, warn
from bot.terminal.marks import remember
from bot.views.wording import number
from knowledge.errors import DownloadError, ModelFileError
from knowledge.failures import french_reason
from knowledge.model.catalogue import CatalogueEntry, catalogue, hub_file, recommended
from knowledge.settings import MEBIBYTE

_OFFERED_MARK = "modele-propose"  # in the data folder
_YES = frozenset({"o", "oui", "y", "yes"})


def list_models(*, as_json: bool) -> int:
    """Print the catalogue, and which of its models are there."""
    models_dir = configured().models_dir
    if as_json:
        objects = [_entry_object(entry, models_dir) for entry in catalogue()]
        say_json(objects)
        return 0
    _print_table(catalogue(), models_dir)
    say("Pour en prendre un : sourcier models download NOM, puis SOURCIER_MODEL=NOM dans .env")
    return 0


def _entry_object(entry: CatalogueEntry, models_dir: Path) -> dict[str, object]:
    return {
        "name": entry.name,
        "kind": entry.kind,
        "repository": entry.source.repository,
        "file": entry.source.file,
        "bytes": entry.size,
        "parameters_billions": entry.parameters,
        "memory_mib": entry.memory_mib,
        "licence": entry.licence,
        "recommended": entry.recommended,
        "downloaded": entry.source.local_path(models_dir).is_file(),
    }


def _print_table(entries: Sequence[CatalogueEntry], models_dir: Path) -> None:
    from rich.table import Table

    kinds = {"chat": "réponses", "embedding": "recherche"}
    table = Table("Nom", "Sert aux", "Taille", "Mémoire", "Licence", "État", box=None)
    for entry in entries:
        there = entry.source.local_path(models_dir).is_file()
        advised = "conseillé" if entry.recommended else ""
        table.add_row(
            entry.name,
            kinds[entry.kind],
            f"{number(entry.size // MEBIBYTE)} Mio",
            f"{number(entry.memory_mib)} Mio",
            entry.licence,
            "téléchargé" if there else advised,
        )
    console().print(table)


def download(name: str) -> int:
    """Download a model of the catalogue, or ``repository:file.gguf``."""
    settings = configured()
    try:
        path = _download(name, settings)
    except KeyboardInterrupt:
        warn("Interrompu ; la même commande reprendra où elle s’est arrêtée.")
        raise
    entry = next((entry for entry in catalogue() if entry.name == name), None)
    say(f"Le modèle est dans {path}.")
    if entry is not None and entry.kind == "embedding":
        say(f"Pour l’employer : SOURCIER_EMBEDDER={name} dans .env, puis « sourcier reindex ».")
    else:
        say(f"Pour l’employer : SOURCIER_MODEL={name} dans .env.")
    return 0


def _download(name: str, settings: BotSettings) -> Path:
    from knowledge.model.download import download_model

    wanted = hub_file(name)
    if wanted is None:
        raise ModelFileError(
            f"« {name} » n’est ni un nom du catalogue (sourcier models list) ni "
            "dépôt:fichier.gguf.",
            subject=name,
        )
    with progress(f"Téléchargement de {name}", unit="Mio", divisor=MEBIBYTE) as report:
        return download_model(wanted, models_dir=settings.models_dir, report=report)


def offer_recommended_model(settings: BotSettings) -> BotSettings:
    """Ask once whether to download the recommended model; return the settings that follow.

    The answer is remembered in the data folder, and an accepted model is written in ``.env``. A
    download that fails is told and changes nothing: the next start asks again.
    """
    mark = settings.data_dir / _OFFERED_MARK
    if settings.model is not None or mark.exists():
        return settings
    entry = recommended("chat")
    say(
        f"Sans modèle de langue, Sourcier cite la phrase qui répond. Avec {entry.title} "
        f"({number(entry.size // MEBIBYTE)} Mio à télécharger, {number(entry.memory_mib)} Mio de "
        "mémoire), il rédige aussi."
    )
    answer = ask_person("Le télécharger maintenant ? [o/N] ")
    if answer is None:
        return settings
    if answer.casefold() not in _YES:
        remember(mark)
        say("Entendu ; « sourcier models download » le fera quand vous voudrez.")
        return settings
    try:
        _download(entry.name, settings)
    except DownloadError as error:
        say(f"{error.message} La conversation commence sans modèle.")
        return settings
    remember(mark)
    return _with_model(settings, entry.name)


def _with_model(settings: BotSettings, name: str) -> BotSettings:
    """Add the model to ``.env``, whatever else that file holds."""
    try:
        before = ENV_FILE.read_text(encoding="utf-8") if ENV_FILE.exists() else ""
        separator = "" if not before or before.endswith("\n") else "\n"
        ENV_FILE.write_text(f"{before}{separator}SOURCIER_MODEL={name}\n", encoding="utf-8")
    except OSError as error:
        say(
            f"{ENV_FILE} ne peut pas être écrit ({french_reason(error)}) : ajoutez-y "
            f"SOURCIER_MODEL={name}."
        )
    else:
        say(f"SOURCIER_MODEL={name} a été ajouté à {ENV_FILE}.")
    return settings.model_copy(update={"model": name})
