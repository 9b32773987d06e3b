"""Fetching over TLS: certificates are checked against the name, and handshakes end in time."""

import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

import httpcore
import pytest

from knowledge.errors import FetchError
from knowledge.sources.fetch import Fetcher
from knowledge.sources.network import connect_tcp
from tests.web_server import MAX_BYTES, PAGE, LocalServer, Net, failure, reply


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for news.example, with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl program is needed to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(  # noqa: S603 - fixed arguments
        [
            openssl,
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            str(folder / "key.pem"),
            "-out",
            str(folder / "cert.pem"),
            "-days",
            "2",
            "-subj",
            "/CN=news.example",
            "-addext",
            "subjectAltName=DNS:news.example",
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both


def serve_tls(server: LocalServer, certificate: Path) -> None:
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(certificate)


def test_an_untrusted_certificate_is_refused(
    server: LocalServer, net: Net, certificate: Path
) -> None:
    serve_tls(server, certificate)
    error = failure(net, "https://news.example/a")
    assert (type(error), error.retryable) == (FetchError, False)
    assert "certificat" in error.message


def test_the_certificate_is_checked_against_the_name_not_the_address(
    server: LocalServer, net: Net, certificate: Path
) -> None:
    serve_tls(server, certificate)
    server.answers["/a"] = reply()
    trusting = ssl.create_default_context(cafile=str(certificate))
    with net.fetcher(ssl_context=trusting) as fetcher:
        assert fetcher.fetch("https://news.example/a").data == PAGE
    with net.fetcher(ssl_context=trusting) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch("https://other.example/a")
    assert "certificat" in caught.value.message


def test_plain_http_on_the_secure_port_is_a_tls_failure(server: LocalServer, net: Net) -> None:
    server.answers["/a"] = reply()
    assert "sécurisée" in failure(net, "https://news.example/a").message


def test_a_tls_handshake_that_never_ends_ends_at_the_deadline(
    server: LocalServer, net: Net
) -> None:
    def silence(connection: socket.socket, path: str) -> None:
        time.sleep(5)

    server.answers.clear()
    begin = time.monotonic()
    sink = socket.create_server(("127.0.0.1", 0))  # accepts in the backlog, never speaks

    def connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        return connect_tcp("127.0.0.1", sink.getsockname()[1], timeout)

    with (
        sink,
        Fetcher(
            max_bytes=MAX_BYTES, timeout_seconds=1, resolver=net.resolve, connector=connect
        ) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.fetch("https://news.example/a")
    assert caught.value.retryable
    assert time.monotonic() - begin < 10
