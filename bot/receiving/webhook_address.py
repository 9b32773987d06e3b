"""The addresses of the webhook: where Telegram sends to, and where this process listens. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

# https://core.telegram.org/bots/api#setwebhook
TELEGRAM_PORTS = (443, 80, 88, 8443)
SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PATH_DIGITS = 40
_LISTEN_EXAMPLE = "une adresse et un port, comme 127.0.0.1:8443, ou un socket, comme unix:/run/bot"


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """An address of this machine and a port."""

    host: str
    port: int

    def __post_init__(self) -> None:
        if not self.host or not 1 <= self.port <= 65_535:
            raise ValueError(_LISTEN_EXAMPLE)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SocketPath:
    """A Unix socket, to be made."""

    path: str

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise ValueError(_LISTEN_EXAMPLE)

    def __str__(self) -> str:
        return self.path


def listening_address(text: str) -> TcpAddress | SocketPath:
    """Return the address that ``host:port``, ``[ipv6]:port``, ``unix:/path`` or ``/path`` names.

    Raises:
        ValueError: it names none; the message is French.
    """
    text = text.strip()
    if text.startswith(("unix:", "/")):
        return SocketPath(text.removeprefix("unix:"))
    host, _, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not re.fullmatch(r"[0-9]{1,5}", port) or (":" in host and not bracketed):
        raise ValueError(_LISTEN_EXAMPLE)
    return TcpAddress(host.strip("[]"), int(port))


def check_public_address(address: str) -> None:
    """Check what Telegram's own servers ask of a webhook's address.

    Raises:
        ValueError: they would refuse it; the message is French and does not show it.
    """
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise ValueError("une adresse https, comme https://robot.example.org")
    if (parts.port or 443) not in TELEGRAM_PORTS:
        ports = ", ".join(map(str, TELEGRAM_PORTS))
        raise ValueError(f"une adresse https dont le port est l’un de {ports}")


def secret_path(token: str) -> str:
    """Return the last part of the webhook's path: only who knows the token can guess it.

    The same at each start, so that nothing has to be kept; the token cannot be told from it
    (HMAC-SHA256, RFC 2104).
    """
    digest = hmac.new(token.encode(), b"sourcier webhook path", hashlib.sha256)
    return digest.hexdigest()[:_PATH_DIGITS]
