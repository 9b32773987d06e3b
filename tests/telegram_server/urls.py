"""Which webhook addresses the server calls."""

from urllib.parse import urlsplit

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost"})


def is_called(url: str) -> bool:
    """Say whether the sender posts to an address at all."""
    try:
        parts = urlsplit(url)
        here = parts.hostname in LOOPBACK_HOSTS and parts.port != 0
    except ValueError:
        return False
    return here and parts.scheme == "http"
