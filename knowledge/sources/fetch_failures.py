"""What goes wrong on the network, as our errors: statuses, and what the libraries raise."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from knowledge.errors import FetchError, SourceError

_MAY_PASS = frozenset((408, 425, 429))  # client errors that another try may not meet


def check_status(status: int, url: str, *, retry_after: str | None = None) -> None:
    """Raise a FetchError with its status unless that is 200."""
    if status == 200:
        return
    reasons: Sequence[tuple[Callable[[int], bool], str]] = (
        (lambda code: code in (401, 402, 403, 451), "Ce site refuse l’accès à cette page"),
        (lambda code: code in (404, 410), "Cette page n’existe pas ou n’existe plus"),
        (lambda code: code == 429, "Ce site demande d’attendre avant une nouvelle visite"),
        (lambda code: code >= 500, "Ce site est en panne ; réessayez plus tard"),
    )
    words = next((words for applies, words in reasons if applies(status)), "Réponse inattendue")
    raise FetchError(
        f"{words} (code {status}).",
        subject=url,
        retryable=status >= 500 or status in _MAY_PASS,
        status=status,
        retry_after=retry_after,
    )


@contextmanager
def mapped_errors(subject: str, seconds: float) -> Iterator[None]:
    """Map what httpx, httpcore, zlib and brotli raise; our own errors pass."""
    import brotli
    import httpcore
    import httpx

    try:
        yield
    except SourceError as error:
        error.subject = error.subject or subject
        raise
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        raise FetchError(
            f"Ce site n’a pas fini de répondre en {seconds:g} secondes ; réessayez plus tard.",
            subject=subject,
        ) from error
    except (httpcore.ConnectError, ssl.SSLError) as error:
        raise _not_connected(error, subject) from error
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        zlib.error,
        brotli.error,
        EOFError,
    ) as error:
        raise _interrupted(subject) from error
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        httpcore.UnsupportedProtocol,
        httpcore.ProxyError,
        ValueError,
    ) as error:
        raise FetchError(
            "Ce site a répondu de façon incompréhensible.", subject=subject, retryable=False
        ) from error


def _not_connected(error: Exception, subject: str) -> FetchError:
    """Return what a connection that was not made means: TLS failed, or nobody answers."""
    if any(isinstance(one, ssl.SSLError) for one in (error, error.__cause__ or error.__context__)):
        return FetchError(
            "La connexion sécurisée à ce site échoue : son certificat n’est pas valable.",
            subject=subject,
            retryable=False,
        )
    return FetchError("Ce site ne répond pas ; réessayez plus tard.", subject=subject)


def _interrupted(subject: str) -> FetchError:
    return FetchError(
        "La réponse de ce site a été interrompue ; réessayez plus tard.", subject=subject
    )
