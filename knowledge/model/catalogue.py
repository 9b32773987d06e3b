"""Models by name, and from what a setting names to a file on the disk."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path, PurePosixPath

from knowledge.errors import ModelFileError

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_FILE = re.compile(r"(?:[A-Za-z0-9][\w.+-]*/)*[A-Za-z0-9][\w.+-]*\.gguf")
_KINDS = ("chat", "embedding")


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository on the public hub; `sha256` is the digest expected, if known."""

    repository: str
    file: str
    sha256: str | None = None

    def __post_init__(self) -> None:
        if not _REPOSITORY.fullmatch(self.repository) or not _FILE.fullmatch(self.file):
            raise ValueError(f"not a GGUF of a hub repository: {self.repository}:{self.file}")
        if self.sha256 is not None and not re.fullmatch("[0-9a-f]{64}", self.sha256):
            raise ValueError("a SHA-256 has 64 hexadecimal digits")

    def local_path(self, models_dir: Path) -> Path:
        """Return where this file lies once downloaded."""
        return models_dir / self.repository.replace("/", "--") / PurePosixPath(self.file).name


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model known by name. `parameters` is in billions; `size` in bytes, about.

    `memory_mib` is an estimate, see the file. `checked` says what of this entry
    was verified, and how.
    """

    name: str
    kind: str
    title: str
    source: HubFile
    size: int
    parameters: float
    memory_mib: int
    licence: str
    languages: str
    documentation: str
    checked: str
    style: str | None = None
    recommended: bool = False

    def __post_init__(self) -> None:
        if self.kind not in _KINDS or (self.kind == "chat") != (self.style is not None):
            raise ValueError(f"{self.name}: a chat model has a style, an embedding model none")


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    """Return the shipped entries: chat models, the smallest first, then embedding models."""
    text = (resources.files("knowledge.model") / "catalogue.toml").read_text(encoding="utf-8")
    return tuple(
        CatalogueEntry(
            name=entry["name"],
            kind=entry["kind"],
            title=entry["title"],
            source=HubFile(entry["repository"], entry["file"], entry.get("sha256")),
            size=entry["bytes"],
            parameters=entry["parameters"],
            memory_mib=entry["memory_mib"],
            licence=entry["licence"],
            languages=entry["languages"],
            documentation=entry["source"],
            checked=entry["checked"],
            style=entry.get("style"),
            recommended=entry.get("recommended", False),
        )
        for entry in tomllib.loads(text)["model"]
    )


def recommended(kind: str = "chat") -> CatalogueEntry:
    """Return the entry to begin with on two cores: ``chat`` or ``embedding``."""
    return next(entry for entry in catalogue() if entry.kind == kind and entry.recommended)


def hub_file(setting: str) -> HubFile | None:
    """Return the hub file that `setting` names (a catalogue name or repository:file), or None."""
    for entry in catalogue():
        if entry.name == setting:
            return entry.source
    repository, colon, file = setting.partition(":")
    try:
        return HubFile(repository, file) if colon else None
    except ValueError:
        return None


def resolve_model(setting: str, models_dir: Path) -> Path:
    """Return the file that `setting` names: a path, a catalogue name or repository:file.

    Raises:
        ModelFileError: there is no such file yet; the message names the command to run.
    """
    wanted = hub_file(setting)
    if wanted is not None:
        path = wanted.local_path(models_dir)
        if path.is_file():
            return path
        raise ModelFileError(
            f"Le modèle {setting} n’est pas encore téléchargé : lancez « sourcier models download "
            f"{setting} ».",
            subject=setting,
        )
    path = Path(setting).expanduser()
    if path.is_file():
        return path
    names = ", ".join(entry.name for entry in catalogue())
    raise ModelFileError(
        f"Le modèle {setting} est introuvable : indiquez le chemin d’un fichier GGUF, "
        f"dépôt:fichier.gguf, ou l’un de ces noms : {names}.",
        subject=setting,
    )
