"""Settings of the bot, beside those of the knowledge side, prefix ``SOURCIER_``."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from knowledge.settings import KnowledgeSettings, web_address

_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{35,80}")


class BotSettings(KnowledgeSettings):
    """How the bot reaches Telegram and how much it takes on at once."""

    telegram_token: SecretStr | None = Field(
        None,
        description="Jeton du bot, donné par @BotFather ; vide : conversation dans le terminal.",
    )
    telegram_base_url: str = Field(
        "https://api.telegram.org",
        description="Adresse de l’API des bots ; à changer pour un serveur à soi.",
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
    stop_seconds: float = Field(
        10.0, ge=2, le=300, description="Temps au plus pour s’arrêter après SIGTERM, en secondes."
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
        return web_address(address, example="https://api.telegram.org")
