"""Downloading over HTTP from a small hub on the loopback, with a network's faults."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from knowledge.errors import DownloadError
from knowledge.model import download
from knowledge.model.catalogue import HubFile, file_digest, record_digest, recorded_digest
from knowledge.model.download import download_model

CONTENT = b"GGUF" + bytes(range(256)) * 9000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
WANTED = HubFile("acteur/modele", "petit-Q4_0.gguf")
RESOLVED = "/acteur/modele/resolve/main/petit-Q4_0.gguf"


@dataclass
class Hub:
    """A file behind a redirect, as on the real hub, and how the network behaves."""

    content: bytes = CONTENT
    digest: str | None = DIGEST
    cuts: list[int] = field(default_factory=list)  # bytes sent before each of the next cuts
    ranges: bool = True
    status: int = 302
    received: list[str | None] = field(default_factory=list)  # the Range of each GET
    address: str = ""


class Handler(BaseHTTPRequestHandler):
    hub: ClassVar[Hub]
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        if self.path == "/ancien/nom/resolve/main/petit-Q4_0.gguf":
            self._answer(307, {"Location": RESOLVED})
        elif self.path != RESOLVED:
            self._answer(404)
        elif self.hub.status != 302 or self.hub.digest is None:
            self._answer(200 if self.hub.digest is None else self.hub.status)
        else:
            self._redirect()

    def do_GET(self) -> None:
        if self.path != "/store/blob":
            self.do_HEAD()
            return
        asked = self.headers["Range"]
        self.hub.received.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.hub.ranges else 0
        if start >= len(self.hub.content):
            self._answer(416)
            return
        body = self.hub.content[start:]
        self.send_response(206 if start else 200)
        if start:
            total = len(self.hub.content)
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.hub.cuts:
            self.wfile.write(body[: self.hub.cuts.pop(0)])
            self.close_connection = True
        else:
            self.wfile.write(body)

    def _redirect(self) -> None:
        headers = {
            "Location": f"{self.hub.address}/store/blob",
            "X-Linked-Etag": f'"{self.hub.digest}"',
            "X-Linked-Size": str(len(CONTENT)),
        }
        self._answer(302, headers)

    def _answer(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(name="hub")
def fixture_hub() -> Iterator[Hub]:
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OneHub", (Handler,), {"hub": hub}))
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield hub
    server.shutdown()
    server.server_close()


def fetch(hub: Hub, folder: Path, wanted: HubFile = WANTED, **options: object) -> Path:
    return download_model(wanted, models_dir=folder, endpoint=hub.address, pause=0.0, **options)  # type: ignore[arg-type]  # passed through


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_arrives_whole_with_its_progress(hub: Hub, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = fetch(hub, tmp_path, report=lambda done, total: told.append((done, total)))

    assert path.read_bytes() == CONTENT
    assert files(tmp_path) == ["petit-Q4_0.gguf", "petit-Q4_0.gguf.sha256"]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)


def test_a_file_that_is_there_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    assert fetch(hub, tmp_path) == fetch(hub, tmp_path)
    assert len(hub.received) == 1


@pytest.mark.parametrize("noted", [True, False])
def test_a_file_that_is_not_the_catalogues_is_replaced(
    hub: Hub, tmp_path: Path, noted: bool
) -> None:
    wanted = HubFile(WANTED.repository, WANTED.file, DIGEST)
    path = wanted.local_path(tmp_path)
    path.parent.mkdir()
    path.write_bytes(b"GGUF of another version")
    if noted:
        record_digest(path, file_digest(path))

    assert fetch(hub, tmp_path, wanted).read_bytes() == CONTENT
    assert recorded_digest(path) == DIGEST
    fetch(hub, tmp_path, wanted)
    assert len(hub.received) == 1


def test_a_file_put_there_by_hand_is_the_catalogues_if_its_digest_is(
    hub: Hub, tmp_path: Path
) -> None:
    wanted = HubFile(WANTED.repository, WANTED.file, DIGEST)
    path = wanted.local_path(tmp_path)
    path.parent.mkdir()
    path.write_bytes(CONTENT)

    assert fetch(hub, tmp_path, wanted) == path
    assert hub.received == []


def test_a_cut_connection_is_taken_up_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    hub.cuts = [1_000_000, 500_000]

    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert hub.received == [None, "bytes=1000000-", "bytes=1500000-"]


def test_a_killed_download_goes_on_in_the_next_call(hub: Hub, tmp_path: Path) -> None:
    def kill(done: int, _total: int) -> None:
        if done > 1_000_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(hub, tmp_path, report=kill)
    (partial,) = tmp_path.rglob("*.partial")
    kept = partial.stat().st_size

    assert 0 < kept < len(CONTENT)
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert hub.received[1] == f"bytes={kept}-"
    assert files(tmp_path) == ["petit-Q4_0.gguf", "petit-Q4_0.gguf.sha256"]


def test_a_server_that_ignores_ranges_sends_it_all_again(hub: Hub, tmp_path: Path) -> None:
    hub.cuts, hub.ranges = [900_000], False

    assert fetch(hub, tmp_path).read_bytes() == CONTENT


def test_a_connection_that_always_breaks_is_an_error_that_may_be_retried(
    hub: Hub, tmp_path: Path
) -> None:
    hub.cuts = [10] * 5
    with pytest.raises(DownloadError, match="reprendra") as raised:
        fetch(hub, tmp_path)

    assert raised.value.retryable
    assert fetch(hub, tmp_path).read_bytes() == CONTENT
    assert hub.received[-1] == "bytes=50-"


@pytest.mark.parametrize("wrong", [b"x" * len(CONTENT), CONTENT + b"more"])
def test_another_content_is_deleted(hub: Hub, tmp_path: Path, wrong: bytes) -> None:
    hub.content = wrong
    with pytest.raises(DownloadError, match="celui annoncé") as raised:
        fetch(hub, tmp_path)

    assert not raised.value.retryable
    assert files(tmp_path) == []


def test_a_file_that_differs_from_the_catalogue_is_refused(hub: Hub, tmp_path: Path) -> None:
    wanted = HubFile(WANTED.repository, WANTED.file, "0" * 64)
    with pytest.raises(DownloadError, match="a changé"):
        fetch(hub, tmp_path, wanted)

    assert hub.received == []


def test_a_server_without_a_digest_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.digest = None
    with pytest.raises(DownloadError, match="SHA-256"):
        fetch(hub, tmp_path)


def test_a_renamed_repository_is_followed(hub: Hub, tmp_path: Path) -> None:
    assert fetch(hub, tmp_path, HubFile("ancien/nom", WANTED.file)).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("status", "words"), [(401, "autorisation"), (403, "autorisation"), (503, "503")]
)
def test_a_refusal_of_the_hub_is_told(hub: Hub, tmp_path: Path, status: int, words: str) -> None:
    hub.status = status
    with pytest.raises(DownloadError, match=words):
        fetch(hub, tmp_path)


def test_an_unknown_file_is_told(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="n’existe pas") as raised:
        fetch(hub, tmp_path, HubFile("acteur/modele", "grand.gguf"))

    assert not raised.value.retryable
    assert raised.value.subject == "acteur/modele:grand.gguf"


def test_an_unreachable_hub_is_told(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="connexion") as raised:
        download_model(WANTED, models_dir=tmp_path, endpoint="http://127.0.0.1:1", pause=0.0)

    assert raised.value.retryable


def test_too_small_a_disk_is_told_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_SPARE_BYTES", 2**62)
    with pytest.raises(DownloadError, match="Go libres"):
        fetch(hub, tmp_path)

    assert hub.received == []


def test_a_folder_that_cannot_be_written_is_told(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "acteur--modele").write_text("a file where the folder should be")
    with pytest.raises(DownloadError, match="écriture impossible, un fichier"):
        fetch(hub, tmp_path)
