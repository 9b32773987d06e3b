"""Settings of the knowledge side, from the environment and ``.env``, prefix ``SOURCIER_``."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.errors import SettingsError

PREFIX = "SOURCIER_"
MEBIBYTE = 1024 * 1024

SettingsType = TypeVar("SettingsType", bound=BaseSettings)


class KnowledgeSettings(BaseSettings):
    """Where things are, which models are used and how much work a question may cost."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Field(
        Path("data"),
        description="Dossier de tout ce qui est écrit : base, Chroma, modèles, journaux.",
    )
    database_url: str | None = Field(
        None,
        repr=False,  # it may hold a password
        description="Adresse SQLAlchemy de la base ; vide : SQLite dans le dossier de données.",
    )
    chroma_url: str | None = Field(
        None,
        repr=False,  # it may hold a password
        description="Adresse http(s) d’un serveur Chroma ; vide : dans le dossier de données.",
    )
    embedder: str = Field(
        "builtin",
        description="builtin, ou un modèle d’embedding GGUF : un chemin ou un nom du catalogue.",
    )
    model: str | None = Field(
        None,
        description="Modèle de langue GGUF : un chemin, un nom du catalogue ou dépôt:fichier ; "
        "vide : les réponses sont des extraits.",
    )
    answer_style: Literal["redige", "citations"] = Field(
        "redige", description="redige (prose et citations) ou citations (pour les petits modèles)."
    )
    threads: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        le=256,
        description="Fils de calcul de llama.cpp ; vide : autant que de processeurs.",
    )
    context_tokens: int = Field(
        4096, ge=512, le=131_072, description="Contexte du modèle de langue, en tokens."
    )
    prompt_cache_mib: int = Field(
        512,
        ge=0,
        le=65_536,
        description="Mémoire au plus pour les textes déjà lus par le modèle, en Mio.",
    )
    max_answer_tokens: int = Field(
        400, ge=32, le=4096, description="Plus longue réponse du modèle, en tokens."
    )
    temperature: float = Field(
        0.0, ge=0.0, le=2.0, description="Hasard des réponses ; 0 donne toujours la même."
    )
    answer_seconds: float = Field(
        120.0, gt=0, le=3600, description="Temps au plus pour une réponse, en secondes."
    )
    passages: int = Field(
        6, ge=1, le=30, description="Passages lus par le modèle pour une question."
    )
    minimum_confidence: float = Field(
        0.6,
        ge=0.0,
        le=1.0,
        description="Confiance en dessous de laquelle un extrait n’est pas montré, de 0 à 1.",
    )
    max_document_mib: int = Field(
        20, ge=1, le=1024, description="Plus grand document accepté, en Mio."
    )
    fetch_seconds: float = Field(
        30.0, gt=0, le=600, description="Temps au plus pour lire une page web, en secondes."
    )
    feed_minutes: int = Field(
        30, ge=5, le=10_080, description="Délai entre deux visites d’un flux, en minutes."
    )
    feed_entries: int = Field(
        200, ge=1, le=10_000, description="Articles lus au plus dans un flux à chaque visite."
    )
    feed_mib: int = Field(10, ge=1, le=1024, description="Plus grand flux accepté, en Mio.")
    feed_contact: str | None = Field(
        None,
        description="Adresse (web ou courriel) donnée aux sites visités pour vous joindre.",
    )
    feed_private_addresses: bool = Field(
        False,
        description="true : visiter aussi les flux et les articles de machines privées ou locales.",
    )

    @field_validator("chroma_url")
    @classmethod
    def _chroma_is_on_the_web(cls, address: str | None) -> str | None:
        return None if address is None else web_address(address, example="http://127.0.0.1:8000")

    @field_validator("feed_contact")
    @classmethod
    def _contact_fits_a_header(cls, contact: str | None) -> str | None:
        if contact is not None and not re.fullmatch(r"[!-~]{3,200}", contact.strip()):
            raise ValueError("une adresse web ou de courriel, sans espace ni accent")
        return None if contact is None else contact.strip()

    @property
    def chroma_dir(self) -> Path:
        """Folder of the embedded Chroma."""
        return self.data_dir / "chroma"

    @property
    def models_dir(self) -> Path:
        """Folder of downloaded models."""
        return self.data_dir / "models"

    @property
    def sqlite_path(self) -> Path:
        """File of the default database."""
        return self.data_dir / "sourcier.sqlite3"

    @property
    def max_document_bytes(self) -> int:
        """Largest document accepted, in bytes."""
        return self.max_document_mib * MEBIBYTE

    @property
    def feed_bytes(self) -> int:
        """Largest feed accepted, in bytes."""
        return self.feed_mib * MEBIBYTE


def web_address(address: str, *, example: str) -> str:
    """Return the http(s) address without blanks around it nor a slash at its end.

    Raises:
        ValueError: it is none; the message is French, shows `example` and not the address, which
            may hold a password.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # brackets or a port that are none; the message would show them
        whole = False
    if not whole or parts.query or parts.fragment:
        raise ValueError(f"une adresse http(s), comme {example}")
    return address.rstrip("/")


def load_settings(
    settings: type[SettingsType], *, env_file: Path | None = Path(".env"), **values: Any
) -> SettingsType:
    """Return the settings read from the environment and `env_file`.

    `values` (for tests and command-line options) win over both.

    Raises:
        SettingsError: naming the first bad variable and what is expected; the value itself is
            not repeated, since it may be a secret.
    """
    try:
        return settings(_env_file=env_file, **values)
    except ValidationError as error:
        raise _settings_error(settings, error) from None  # the cause would show the value
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Le fichier de réglages {env_file} ne peut pas être lu : enregistrez-le en UTF-8 "
            "et vérifiez ses droits.",
            subject=str(env_file),
        ) from error


def _settings_error(settings: type[BaseSettings], error: ValidationError) -> SettingsError:
    first = error.errors(include_input=False, include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else "?"
    variable = PREFIX + field.upper()
    meaning = settings.model_fields[field].description if field in settings.model_fields else ""
    return SettingsError(
        f"{variable} : valeur refusée. Attendu : {_expected(first)}. {meaning}".rstrip(),
        subject=variable,
    )


def _expected(problem: Any) -> str:
    context = problem.get("ctx", {})
    bounds = {
        "greater_than_equal": ("ge", "un nombre d’au moins {}"),
        "less_than_equal": ("le", "un nombre d’au plus {}"),
        "greater_than": ("gt", "un nombre supérieur à {}"),
        "int_parsing": (None, "un nombre entier"),
        "float_parsing": (None, "un nombre, avec un point décimal"),
        "int_from_float": (None, "un nombre entier"),
        "int_parsing_size": (None, "un nombre entier plus petit"),
        "finite_number": (None, "un nombre fini"),
        "bool_parsing": (None, "true ou false"),
        "literal_error": ("expected", "{}"),
        "value_error": ("error", "{}"),
    }
    key, words = bounds.get(problem["type"], (None, "une valeur qui convient"))
    limit = str(context[key]).replace(" or ", " ou ").replace("'", "") if key else ""
    return words.format(limit)
