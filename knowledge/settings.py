"""Settings of the knowledge side, from the environment and ``.env``, prefix ``SOURCIER_``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError
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
        description="Folder of everything that is written: database, Chroma, models, logs.",
    )
    database_url: str | None = Field(
        None, description="SQLAlchemy address of the database; empty: SQLite in the data folder."
    )
    chroma_url: str | None = Field(
        None, description="http(s) address of a Chroma server; empty: files in the data folder."
    )
    embedder: str = Field(
        "builtin",
        description="builtin, or a GGUF embedding model: a path or a name of the catalogue.",
    )
    model: str | None = Field(
        None,
        description="GGUF chat model: a path, a name of the catalogue, or hub repository:file; "
        "empty: answers are extracts.",
    )
    answer_style: Literal["redige", "citations"] = Field(
        "redige", description="redige (prose with quotations) or citations (weak models)."
    )
    threads: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        le=256,
        description="Threads of llama.cpp; empty: as many as processors.",
    )
    context_tokens: int = Field(
        4096, ge=512, le=131_072, description="Context of the chat model, in tokens."
    )
    max_answer_tokens: int = Field(
        400, ge=32, le=4096, description="Longest answer of the chat model, in tokens."
    )
    temperature: float = Field(
        0.0, ge=0.0, le=2.0, description="0 gives the same answer each time."
    )
    answer_seconds: float = Field(
        120.0, gt=0, le=3600, description="Longest time for one answer, in seconds."
    )
    passages: int = Field(
        6, ge=1, le=30, description="Passages read for one question by the chat model."
    )
    minimum_confidence: float = Field(
        0.5,
        ge=0.0,
        le=1.0,
        description="Below this confidence an extract is an abstention; higher is more cautious.",
    )
    max_document_mib: int = Field(
        20, ge=1, le=1024, description="Largest document accepted, in MiB."
    )
    fetch_seconds: float = Field(
        30.0, gt=0, le=600, description="Longest time to fetch one page, in seconds."
    )

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
    description = settings.model_fields[field].description if field in settings.model_fields else ""
    return SettingsError(
        f"{variable} : valeur refusée. Attendu : {_expected(first)}. ({description})",
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
        "bool_parsing": (None, "true ou false"),
        "literal_error": ("expected", "{}"),
        "value_error": ("error", "{}"),
    }
    key, words = bounds.get(problem["type"], (None, str(problem["msg"])))
    return words.format(str(context[key]).replace(" or ", " ou ")) if key else words
