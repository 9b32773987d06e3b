"""Fetching a document over the network, without trusting the network.

Bounds: http and https, four ports, five redirects, one deadline for all of it, a limit on the
bytes as announced, as received and as decompressed. Where a connection may go is decided in
:mod:`knowledge.sources.network`, for each redirect again. Proxies and credentials of the
environment (HTTP_PROXY, .netrc) are not used: a proxy would connect to what we have not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from knowledge import __version__
from knowledge.errors import (
    DocumentTooLargeError,
    FetchError,
    ForbiddenAddressError,
    UnreadableDocumentError,
)
from knowledge.sources.addresses import canonical_url, without_credentials
from knowledge.sources.fetch_failures import check_status, mapped_errors
from knowledge.sources.inflate import inflate, inflate_brotli
from knowledge.sources.kinds import KIND_OF_SUFFIX
from knowledge.sources.reading import SIZE_SETTING, document_too_large
from knowledge.sources.responses import (
    Fetched,
    Validators,
    max_age_of,
    permanent_target,
    validators_of,
)
from knowledge.types import RawDocument

if TYPE_CHECKING:
    import ssl

    import httpx

    from knowledge.sources.network import Connector, Deadline, Resolver

ARTICLE_TYPES = frozenset(
    (
        "text/html",
        "application/xhtml+xml",
        "application/pdf",
        "text/plain",
        "text/markdown",
        "text/x-markdown",
    )
)
Turn = Callable[[str], AbstractContextManager[None]]
"""Waits for one's turn at the host of an address, and holds it; may raise FetchError."""

PORTS = frozenset((80, 443, 8080, 8443))
MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_UNTYPED = frozenset(("application/octet-stream", "binary/octet-stream"))


class Fetcher:
    """Fetches documents, for any number of threads: each fetch is on a connection of its own.

    `max_bytes` bounds the decompressed document, `timeout_seconds` the whole fetch, names and
    redirects included. `allow_private` lifts the guard on addresses and ports, for articles on
    one's own network. `media_types` None takes any type, for readers that judge the bytes; then
    `accept` says what is wished for. `contact` (an address) is added to the User-Agent, so that
    a site can reach who visits it. `size_setting` names the setting that `max_bytes` comes from,
    for the error that tells of it. `turn` is taken for each request, redirected ones too, and
    waiting for it is not counted. `resolver`, `connector` and `ssl_context` are seams: they
    default to the system's resolver, TCP, and certificates checked against the authorities of
    the system and of certifi.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        timeout_seconds: float,
        allow_private: bool = False,
        media_types: frozenset[str] | None = ARTICLE_TYPES,
        accept: str | None = None,
        contact: str | None = None,
        size_setting: str = SIZE_SETTING,
        turn: Turn | None = None,
        resolver: Resolver | None = None,
        connector: Connector | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds
        self._allow_private = allow_private
        self._media_types = media_types
        self._accept = accept or ", ".join((*sorted(media_types or ()), "*/*;q=0.1"))
        self._agent = f"Sourcier/{__version__}" + (f" (+{contact})" if contact else "")
        self._size_setting = size_setting
        self._turn: Turn = turn or (lambda _url: nullcontext())
        self._resolver = resolver
        self._connector = connector
        self._ssl_context = ssl_context

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the use of the fetcher. Nothing stays open between fetches."""

    def fetch(self, url: str) -> RawDocument:
        """Return the document at `url`; see :meth:`fetch_changed`."""
        found = self.fetch_changed(url).document
        if found is None:  # nothing was said that it could be unmodified since
            check_status(304, without_credentials(url))
            raise AssertionError("304 is an error")
        return found

    def fetch_changed(self, url: str, validators: Validators | None = None) -> Fetched:
        """Return the document at `url`, unless it is unmodified since the visit of `validators`.

        Its origin is the canonical address after redirects.

        Raises:
            ForbiddenAddressError: not http(s), a private address, another port, credentials.
            DocumentTooLargeError: as announced, received or decompressed.
            UnreadableDocumentError: neither HTML, PDF nor text.
            FetchError: anything else; `retryable` where another try may succeed.
        """
        from knowledge.sources.network import Deadline

        shown = without_credentials(url)
        deadline = Deadline(self._timeout_seconds)
        hops: list[tuple[int, str]] = []
        with self._client(deadline) as client, mapped_errors(shown, self._timeout_seconds):
            for _ in range(MOST_REDIRECTS + 1):
                found = self._hop(client, url, deadline, validators, hops)
                if found is not None:
                    return found
                url = hops[-1][1]
        raise FetchError(
            f"Cette adresse renvoie plus de {MOST_REDIRECTS} fois vers une autre.",
            subject=shown,
            retryable=False,
        )

    def _hop(
        self,
        client: httpx.Client,
        url: str,
        deadline: Deadline,
        validators: Validators | None,
        hops: list[tuple[int, str]],
    ) -> Fetched | None:
        """Return what `url` gives, or None where it redirects: `hops` then ends with where to."""
        conditions = validators.headers() if validators is not None else {}
        self._check_port(url)
        address = canonical_url(url)
        with self._in_turn(address, deadline):
            request = client.build_request("GET", address, headers=conditions)
            response = client.send(request, stream=True)
            try:
                target = _redirect_target(response, url)
                if target is None:
                    return self._fetched(response, url, deadline, hops, bool(conditions))
            finally:
                response.close()
        hops.append((response.status_code, target))
        return None

    @contextmanager
    def _in_turn(self, address: str, deadline: Deadline) -> Iterator[None]:
        """Hold the turn at a host: of one hop, since who waits for a host must hold no other."""
        with ExitStack() as held:
            with deadline.paused():
                held.enter_context(self._turn(address))
            yield

    def _client(self, deadline: Deadline) -> httpx.Client:
        import httpx

        from knowledge.sources import network

        backend = network.GuardedBackend(
            deadline,
            resolve=self._resolver or network.resolve_host,
            connect=self._connector or network.connect_tcp,
            allow_private=self._allow_private,
        )
        return httpx.Client(
            transport=network.GuardedTransport(backend, self._ssl_context),
            trust_env=False,
            headers={
                "User-Agent": self._agent,
                "Accept": self._accept,
                "Accept-Language": "fr, *;q=0.5",
                "Accept-Encoding": "gzip, deflate, br",
            },
        )

    def _check_port(self, url: str) -> None:
        address = canonical_url(url)
        port = urlsplit(address).port
        if port is not None and port not in PORTS and not self._allow_private:
            raise ForbiddenAddressError(
                "Seuls les ports 80, 443, 8080 et 8443 sont visités.",
                subject=without_credentials(url),
            )

    def _fetched(
        self,
        response: httpx.Response,
        url: str,
        deadline: Deadline,
        hops: list[tuple[int, str]],
        conditional: bool,
    ) -> Fetched:
        unmodified = response.status_code == 304 and conditional
        target = permanent_target(hops)
        headers = response.headers
        return Fetched(
            None if unmodified else self._document(response, url, deadline),
            validators_of(headers.get("etag"), headers.get("last-modified")),
            moved_to=canonical_url(target) if target else None,
            max_age=max_age_of(headers.get("cache-control", "")),
        )

    def _document(self, response: httpx.Response, url: str, deadline: Deadline) -> RawDocument:
        check_status(response.status_code, url, retry_after=response.headers.get("retry-after"))
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self._check_type(media_type, url)
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._max_bytes:
            raise self._too_large(url, int(announced))
        return RawDocument(
            self._body(response, url, deadline),
            canonical_url(url),
            media_type=media_type or None,
            charset=response.charset_encoding,
            filename=urlsplit(url).path.rsplit("/", 1)[-1] or None,
        )

    def _check_type(self, media_type: str, url: str) -> None:
        known_name = urlsplit(url).path.lower().endswith(tuple(KIND_OF_SUFFIX))
        if self._media_types is None or media_type in self._media_types or not media_type:
            return
        if media_type in _UNTYPED and known_name:
            return
        raise UnreadableDocumentError(
            f"Cette adresse donne un document de type {media_type[:60]}, ni page HTML, ni PDF, "
            "ni texte.",
            subject=url,
        )

    def _too_large(self, url: str, size: int | None) -> DocumentTooLargeError:
        return document_too_large(url, size, self._max_bytes, setting=self._size_setting)

    def _body(self, response: httpx.Response, url: str, deadline: Deadline) -> bytes:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        chunks = response.iter_raw()
        if encoding in ("gzip", "x-gzip", "deflate"):
            chunks = inflate(chunks)
        elif encoding == "br":
            chunks = inflate_brotli(chunks)
        elif encoding not in ("", "identity"):
            raise FetchError(
                "Le site a répondu sous une compression qui ne lui a pas été demandée.",
                subject=url,
                retryable=False,
            )
        body = bytearray()
        for chunk in chunks:
            deadline.remaining()  # a stream that is always ready would never wait
            body += chunk
            if len(body) > self._max_bytes:
                raise self._too_large(url, None)
        return bytes(body)


def _redirect_target(response: httpx.Response, url: str) -> str | None:
    """Return the address a response sends to, or None if it is no redirect."""
    location = str(response.headers.get("location", ""))
    if response.status_code not in _REDIRECTS or not location:
        return None
    try:
        return urljoin(url, location.strip().replace(" ", "%20"))  # as browsers do
    except ValueError as error:
        raise FetchError(
            "Ce site renvoie vers une adresse qui n’est pas valable.", subject=url, retryable=False
        ) from error
