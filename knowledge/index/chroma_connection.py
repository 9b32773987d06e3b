"""A connection to Chroma that notices what other processes write.

Embedded Chroma is made for one process: a client that is open does not see, or fails on, what
another one writes to its folder (measured, 1.5.9: «Error creating hnsw segment reader: Nothing
found on disk»), while opening it again takes 30 ms and shows everything. Somebody who runs the bot
and types ``sourcier ingest`` has two processes, so each write changes a stamp in the folder, and
whoever finds another stamp than its own opens the folder again. Processes open it one after the
other: two that start on an empty folder both make its tables, and one of them fails (measured,
1.5.9: «table collections already exists», 2 starts of 10).
"""

from __future__ import annotations

import base64
import errno
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import SplitResult, unquote, urlsplit

from knowledge.errors import IndexingError, SourcierError
from knowledge.failures import Reason, french_reason, reason_of

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

# Inner product on unit vectors is the cosine, without normalising again. With Chroma's 16
# neighbours, 3 of 4,000 vectors were reached from nowhere, not even by themselves; with 32, none,
# for 130 bytes a passage and no time that could be measured.
_CONFIGURATION: Any = {"hnsw": {"space": "ip", "max_neighbors": 32}}
_STAMP_FILE = "sourcier-writes"
_LOCK_FILE = "sourcier-opening"
_OPENING_SECONDS = (
    60.0  # to wait for another process; opening takes it 30 ms, or 1 s the first time
)
_REBUILD = (
    "Supprimez ou déplacez ce qui est là, il ne contient rien d’unique : « sourcier reindex » le "
    "reconstruit."
)
_WRITABLE = "Rendez ce dossier et ses fichiers accessibles en écriture, puis recommencez."
_ADVICE = {
    Reason.DISK_FULL: "Libérez de la place, puis recommencez.",
    Reason.READ_ONLY: _WRITABLE,
    Reason.DENIED: _WRITABLE,
    Reason.UNOPENED: _WRITABLE,
    Reason.BUSY: "Attendez qu’il ait fini, puis recommencez.",
    Reason.DISK_FAILED: "Vérifiez le disque, puis recommencez.",
}


@contextmanager
def chroma_failures(subject: str) -> Iterator[None]:
    """Map whatever leaves Chroma: ChromaError, ValueError, OSError, httpx errors, Rust panics."""
    try:
        yield
    except SourcierError:
        raise
    except Exception as error:
        raise _failure(subject, error) from error
    except BaseException as error:
        # A panic of Chroma's Rust core derives from BaseException and cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _failure(subject, error) from error


def _failure(subject: str, error: BaseException) -> IndexingError:
    reason = reason_of(error)
    if is_server(subject):
        advice = (
            "Vérifiez que le serveur Chroma tourne et que SOURCIER_CHROMA_URL est son adresse ; "
            "s’il a perdu ses données, « sourcier reindex » les lui rend."
        )
    else:
        advice = _ADVICE.get(reason, _REBUILD) if reason else _REBUILD
    return IndexingError(
        f"L’index Chroma ({subject}) a échoué : {french_reason(error)}. {advice}", subject=subject
    )


def is_server(address: str) -> bool:
    """Whether `address` is that of a server, not a folder."""
    return urlsplit(address).scheme in ("http", "https")


class ChromaConnection:
    """One collection of a folder or server, made if it is not there.

    Threads take turns. Raises IndexingError whenever Chroma fails.
    """

    def __init__(self, address: str | Path, *, name: str, metadata: Mapping[str, Any]) -> None:
        """Open the folder, or the server where `address` is an http(s) URL."""
        self._address = address
        self._name = name
        self._metadata = dict(metadata)
        self._server = urlsplit(str(address))
        self.is_server = is_server(str(address))
        self.subject = _without_password(self._server) if self.is_server else str(address)
        self._turn = threading.RLock()
        with chroma_failures(self.subject):
            self._stamp = self._stamp_found()
            self._open()

    def _open(self) -> None:
        if self.is_server:
            self._client = _server_client(self._server)
            self._find_collection()
            return
        with _alone_in(Path(self._address)):
            self._client = _folder_client(self._address)
            self._find_collection()

    def _find_collection(self) -> None:
        try:
            self._collection = self._make_collection()
        except BaseException:
            self._client.close()
            raise

    def _make_collection(self) -> Collection:
        return self._client.get_or_create_collection(
            self._name,
            embedding_function=None,
            configuration=_CONFIGURATION,
            metadata=self._metadata,
        )

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What the collection says of itself."""
        with self.reading() as collection:
            return dict(collection.metadata or {})

    @contextmanager
    def reading(self) -> Iterator[Collection]:
        """Give the collection as the last writer left it."""
        with self._turn, chroma_failures(self.subject):
            stamp = self._stamp_found()
            if stamp != self._stamp:
                self._stamp = stamp
                self._open_again()
            yield self._collection

    @contextmanager
    def writing(self) -> Iterator[Collection]:
        """Give the collection to change it, and let other processes know."""
        with self.reading() as collection:
            try:
                yield collection
            finally:
                self._tell_others()

    def refresh(self) -> None:
        """Open the folder again; nothing to do for a server, which is one for all."""
        if not self.is_server:
            with self._turn, chroma_failures(self.subject):
                self._open_again()

    def _open_again(self) -> None:
        self._client.close()
        self._open()

    def drop_collections(self) -> None:
        """Drop our collection and make it anew.

        In a folder, which is ours alone, collections of formats and stores past go too.
        """
        with self.writing():
            for name in [collection.name for collection in self._client.list_collections()]:
                if name == self._name or (not self.is_server and name.startswith("sourcier-")):
                    self._client.delete_collection(name)
            self._collection = self._make_collection()

    def close(self) -> None:
        """Let go of the folder or the server. The connection is of no use afterwards."""
        with self._turn, chroma_failures(self.subject):
            self._client.close()

    def _stamp_found(self) -> str | None:
        if not self.is_server:
            with suppress(FileNotFoundError):
                return (Path(self._address) / _STAMP_FILE).read_text(encoding="ascii")
        return None

    def _tell_others(self) -> None:
        if self.is_server:
            return
        stamp = uuid.uuid4().hex
        written = Path(self._address) / f"{_STAMP_FILE}.{stamp}"
        written.write_text(stamp, encoding="ascii")
        written.replace(written.with_name(_STAMP_FILE))
        self._stamp = stamp


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes from opening the folder; a lock that the system frees with its owner."""
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(folder / _LOCK_FILE, timeout=_OPENING_SECONDS).acquire()
    except Timeout as error:
        raise OSError(errno.EBUSY, "another process is opening it") from error
    with lock:
        yield


def _folder_client(path: str | Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    try:
        client = chromadb.PersistentClient(path=str(path), settings=settings)
    except BaseException:
        _forget_unopened(str(path))
        raise
    return cast("Client", client)  # declared as ClientAPI, which lacks close()


def _forget_unopened(path: str) -> None:
    """Take what could not start out of Chroma's cache, or it is found there for ever (1.5.9)."""
    from chromadb.api.shared_system_client import SharedSystemClient

    if path not in SharedSystemClient._identifier_to_refcount:
        SharedSystemClient._identifier_to_system.pop(path, None)


def _server_client(server: SplitResult) -> Client:
    import chromadb
    from chromadb.config import Settings

    headers = {}
    if server.username:
        pair = f"{unquote(server.username)}:{unquote(server.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
    secure = server.scheme == "https"
    client = chromadb.HttpClient(
        host=server.hostname or "localhost",
        port=server.port or (443 if secure else 8000),
        ssl=secure,
        headers=headers,
        settings=Settings(anonymized_telemetry=False),
    )
    return cast("Client", client)


def _without_password(server: SplitResult) -> str:
    port = f":{server.port}" if server.port else ""
    return f"{server.scheme}://{server.hostname or ''}{port}"
