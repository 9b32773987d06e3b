"""The Bot API methods, by subject. Importing the package registers them all."""

from tests.telegram_server.methods import (
    chats,
    commands,
    deletion,
    messages,
    polling,
    profile,
)
from tests.telegram_server.methods.registry import METHODS, Described, call

__all__ = [
    "METHODS",
    "Described",
    "call",
    "chats",
    "commands",
    "deletion",
    "messages",
    "polling",
    "profile",
]
