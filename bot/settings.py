"""Settings of the bot, beside those of the knowledge side, prefix ``SOURCIER_``."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from bot.access import AccessMode
from bot.receiving.webhook_address import SECRET_SHAPE, check_public_address, listening_address
from knowledge.settings import KnowledgeSettings, web_address

TELEGRAM = "https://api.telegram.org"
_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{35,80}")
_IDENTIFIER = re.compile(r"-?[1-9][0-9]{0,15}")

Identifiers = Annotated[frozenset[int], NoDecode]


class BotSettings(KnowledgeSettings):
    """How the bot reaches Telegram and how much it takes on at once."""

    telegram_token: SecretStr | None = Field(
        None,
        description="Jeton du bot, donné par @BotFather ; vide : conversation dans le terminal.",
    )
    telegram_base_url: str = Field(
        TELEGRAM,
        description="Adresse de l’API des bots ; à changer pour un serveur à soi.",
    )
    webhook_url: str | None = Field(
        None,
        description="Adresse https publique du robot, où Telegram envoie les messages ; vide : le "
        "robot va les chercher lui-même.",
    )
    webhook_listen: str = Field(
        "127.0.0.1:8443",
        description="Où écouter derrière le serveur web : adresse:port, ou unix:/chemin.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        description="Secret que Telegram joint à ses envois, 1 à 256 signes A-Z a-z 0-9 _ - ; "
        "vide : un autre, au hasard, à chaque démarrage.",
    )
    max_question_characters: int = Field(
        1000, ge=20, le=4096, description="Plus longue question, en caractères."
    )
    waiting_per_chat: int = Field(
        5, ge=1, le=100, description="Messages d’une conversation qui peuvent attendre leur tour."
    )
    waiting_questions: int = Field(
        50, ge=1, le=1000, description="Questions de toutes les conversations qui peuvent attendre."
    )
    corrections: bool = Field(
        True,
        description="Répondre à une réponse du robot des trente derniers jours quand une phrase "
        "qu’elle cite a changé à la source (chaque abonnement règle ses résumés lui-même).",
    )
    remembered_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Jours pendant lesquels le robot se souvient de ce qu’il a cité, et où : pour "
        "les boutons des réponses et les rectifications.",
    )
    answer_deadline_seconds: float = Field(
        300.0,
        ge=1,
        le=3600,
        description="Temps au plus pour répondre à une question, attente comprise, en secondes.",
    )
    stop_seconds: float = Field(
        10.0, ge=2, le=300, description="Temps au plus pour s’arrêter après SIGTERM, en secondes."
    )
    # Before `access`, whose check reads it.
    administrators: Identifiers = Field(
        frozenset(),
        repr=False,
        description="Identifiants Telegram des administrateurs, séparés par des virgules.",
    )
    access: AccessMode = Field(
        AccessMode.OPEN,
        description="Qui peut poser des questions : ouvert (tout le monde), liste (les "
        "identifiants de SOURCIER_ALLOWED) ou jumelage (un administrateur approuve chaque "
        "demande).",
    )
    allowed: Identifiers = Field(
        frozenset(),
        repr=False,
        description="Identifiants des personnes et des groupes admis d’office, séparés par des "
        "virgules ; celui d’un groupe est négatif.",
    )
    questions_per_minute: int = Field(
        10,
        ge=1,
        le=600,
        description="Questions par minute et par personne ; sans limite pour les administrateurs.",
    )
    questions_per_day: int = Field(
        200, ge=1, le=1000, description="Questions par jour (24 heures) et par personne."
    )
    follow_feeds: bool = Field(
        True,
        description="false : le robot ne visite pas les flux lui-même ; « sourcier feeds check » "
        "le fait.",
    )
    timezone: str = Field(
        "Europe/Paris", description="Fuseau horaire des heures annoncées, comme Europe/Paris."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Détail du journal : debug, info, warning ou error."
    )

    @field_validator("telegram_token")
    @classmethod
    def _token_has_its_shape(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None:
            return None
        copied = token.get_secret_value().strip()  # blanks come along when it is copied
        if not _TOKEN.fullmatch(copied):
            raise ValueError(
                "le jeton que donne @BotFather, des chiffres, deux-points puis 35 signes au moins"
            )
        return SecretStr(copied)

    @field_validator("telegram_base_url")
    @classmethod
    def _address_is_of_the_web(cls, address: str) -> str:
        return web_address(address, example=TELEGRAM)

    @field_validator("webhook_url")
    @classmethod
    def _webhook_can_be_reached(cls, address: str | None, info: ValidationInfo) -> str | None:
        if address is None:
            return None
        address = web_address(address, example="https://robot.example.org")
        if info.data.get("telegram_base_url") == TELEGRAM:  # a server of one's own asks for less
            check_public_address(address)
        return address

    @field_validator("webhook_listen")
    @classmethod
    def _webhook_listens_somewhere(cls, text: str) -> str:
        return str(listening_address(text))

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_secret_has_its_shape(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not SECRET_SHAPE.fullmatch(secret.get_secret_value()):
            raise ValueError("1 à 256 signes parmi A-Z, a-z, 0-9, _ et -")
        return secret

    @field_validator("administrators", "allowed", mode="before")
    @classmethod
    def _identifiers_are_numbers(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip("'\"[]") for part in re.split(r"[\s,;]+", value)]
        parts = [part.replace("−", "-").replace("–", "-") for part in parts if part]
        for place, part in enumerate(parts, 1):
            if not _IDENTIFIER.fullmatch(part):
                raise ValueError(
                    "des identifiants Telegram, des nombres séparés par des virgules comme "
                    f"123456789 (celui à la place {place} n’en est pas un ; un nom en @ n’en est "
                    "pas un : en mode liste, le robot dit le sien à qui lui écrit)"
                )
            if info.field_name == "administrators" and part.startswith("-"):
                raise ValueError(
                    "des identifiants de personnes, qui sont positifs (celui à la place "
                    f"{place} est négatif : c’est celui d’un groupe)"
                )
        return frozenset(map(int, parts))

    @field_validator("access", mode="before")
    @classmethod
    def _access_is_a_mode(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        word = _plain(value)
        if word not in tuple(AccessMode):
            near = difflib.get_close_matches(word, tuple(AccessMode), n=1, cutoff=0.5)
            meant = f", sans doute « {near[0]} »" if near else ""
            raise ValueError(f"ouvert, liste ou jumelage{meant}")
        return word

    @field_validator("access")
    @classmethod
    def _pairing_needs_somebody(cls, mode: AccessMode, info: ValidationInfo) -> AccessMode:
        if mode is AccessMode.PAIRING and not info.data.get("administrators", True):
            raise ValueError(
                "un administrateur au moins dans SOURCIER_ADMINISTRATORS, puisqu’en jumelage "
                "c’est lui qui approuve"
            )
        return mode

    @field_validator("timezone")
    @classmethod
    def _timezone_is_known(cls, name: str) -> str:
        name = name.strip()
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError):  # a folder, a path, an unknown name
            raise ValueError("un fuseau horaire, comme Europe/Paris ou America/Montreal") from None
        return name


def _plain(word: str) -> str:
    """Return a word in small letters, without accents nor what surrounds it."""
    letters = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in letters if char.isalpha())
