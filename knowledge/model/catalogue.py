"""Models by name, and from what a setting names to a file on the disk."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path, PurePosixPath

from knowledge.errors import ModelFileError

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_FILE = re.compile(r"(?:[A-Za-z0-9][\w.+-]*/)*[A-Za-z0-9][\w.+-]*\.gguf")
_SHA256 = re.compile("[0-9a-f]{64}")
_KINDS = ("chat", "embedding")
_LONGEST_NAME = 200  # characters of a repository or file; a file system takes 255 bytes a part
_DEEPEST_FILE = 6


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository on the public hub; `sha256` is the digest expected, if known."""

    repository: str
    file: str
    sha256: str | None = None

    def __post_init__(self) -> None:
        if not _REPOSITORY.fullmatch(self.repository) or not _FILE.fullmatch(self.file):
            raise ValueError(f"not a GGUF of a hub repository: {self.repository}:{self.file}")
        if max(len(self.repository), len(self.file)) > _LONGEST_NAME:
            raise ValueError("not a GGUF of a hub repository: its name is too long")
        if len(PurePosixPath(self.file).parts) > _DEEPEST_FILE:
            raise ValueError("not a GGUF of a hub repository: it lies too deep")
        if self.sha256 is not None and not _SHA256.fullmatch(self.sha256):
            raise ValueError("a SHA-256 has 64 hexadecimal digits")

    def local_path(self, models_dir: Path) -> Path:
        """Return where this file lies once downloaded, in the folders it has in its repository."""
        return models_dir / self.repository.replace("/", "--") / PurePosixPath(self.file)

    def is_other(self, path: Path) -> bool:
        """Tell whether the file at `path` was found to be another than the catalogue's.

        Known from the record of its download, without reading the file; False if there is none.
        """
        known = recorded_digest(path)
        return self.sha256 is not None and known is not None and known != self.sha256


def record_digest(path: Path, digest: str) -> None:
    """Note the SHA-256 of the file at `path` beside it, as ``sha256sum`` writes it."""
    _digest_file(path).write_text(f"{digest}  {path.name}\n", encoding="utf-8")


def recorded_digest(path: Path) -> str | None:
    """Return the SHA-256 noted for the file at `path`; None if it changed since, or none is."""
    noted = _digest_file(path)
    try:
        if noted.stat().st_mtime_ns < path.stat().st_mtime_ns:
            return None
        digest = noted.read_text(encoding="utf-8")[:64]
    except (OSError, UnicodeDecodeError):
        return None
    return digest if _SHA256.fullmatch(digest) else None


def file_digest(path: Path) -> str:
    """Return the SHA-256 of the whole file: about a second for each 500 MB."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


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
        if path.is_file() and wanted.is_other(path):
            raise ModelFileError(
                f"Le fichier du modèle {setting} n’est pas celui du catalogue : lancez « sourcier "
                f"models download {setting} » pour le remplacer.",
                subject=setting,
            )
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
