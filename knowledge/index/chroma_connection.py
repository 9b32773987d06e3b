"""A connection to Chroma that notices what other processes write.

Embedded Chroma is made for one process: a client that is open does not see, or fails on, what
another one writes to its folder (measured, 1.5.9: «Error creating hnsw segment reader: Nothing
found on disk»), while opening it again takes 30 ms and shows everything. Somebody who runs the bot
and types ``sourcier ingest`` has two processes, so each write changes a stamp in the folder, and
whoever finds another stamp than its own opens the folder again.

Opening and writing take turns. Two processes that start on an empty folder would both make its
tables, and one fail («table collections already exists», 2 starts of 10); and a client's first
call writes too: it brings the vectors it loaded up to Chroma's log and may save them, while
another process saves the same files (4 vectors of 28,000 were found no more, of which no
count told; none of 16,000 without readers).
"""

from __future__ import annotations

import base64
import errno
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import SplitResult, unquote, urlsplit

from knowledge.errors import EmbedderMismatchError, IndexingError, SourcierError
from knowledge.failures import Reason, french_reason, reason_of
from knowledge.index.shared_folder import SharedFolder

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

Result = TypeVar("Result")

# Inner product on unit vectors is the cosine, without normalising again. With Chroma's 16
# neighbours, 3 of 4,000 vectors were reached from nowhere, not even by themselves; with 32, none,
# for 130 bytes a passage and no time that could be measured.
_CONFIGURATION: Any = {"hnsw": {"space": "ip", "max_neighbors": 32}}
_OPENING_SECONDS = 60.0  # for another process, which opens in 30 ms and writes in half a second
_IMPATIENT_SECONDS = 0.5  # where somebody waits for an answer
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
        self._folder = None if self.is_server else SharedFolder(Path(address))
        self._turn = threading.RLock()
        self._stamp: str | None = None
        self._is_open = False
        self._closed = False
        with chroma_failures(self.subject):
            import chromadb  # noqa: F401 - seconds, for which nobody need wait at the lock

            with self._alone(_OPENING_SECONDS):
                self._open()

    def _open(self) -> None:
        stamp = self._folder.stamp() if self._folder else None
        self._client = (
            _folder_client(self._address) if self._folder else _server_client(self._server)
        )
        try:
            self._collection = self._make_collection()
            if self._folder:
                self._catch_up()
        except BaseException:
            self._client.close()
            raise
        self._stamp = stamp
        self._is_open = True

    def _catch_up(self) -> None:
        """Have Chroma do now, while we are alone, what a client's first call does to the files."""
        with suppress(IndexingError), chroma_failures(self.subject):
            self._collection.count()  # damage is for whoever asks; it must not hinder a reset

    def _make_collection(self) -> Collection:
        return self._client.get_or_create_collection(
            self._name,
            embedding_function=None,
            configuration=_CONFIGURATION,
            metadata=self._metadata,
        )

    def read(self, action: Callable[[Collection], Result], *, patient: bool = True) -> Result:
        """Return what `action` makes of the collection as the last writer left it.

        Where it fails it is repeated, once, on a collection that was opened anew. While another
        process writes, this waits, or where `patient` is false, half a second and then reads what
        was there before.
        """
        with chroma_failures(self.subject):
            if failed := self._is_current():
                try:
                    return self._act(action)
                except EmbedderMismatchError:
                    raise
                except IndexingError:
                    pass  # another process was writing, or dropped the collection
            with ExitStack() as turns:
                try:
                    turns.enter_context(
                        self._alone(_OPENING_SECONDS if patient else _IMPATIENT_SECONDS)
                    )
                except OSError as error:
                    if patient or error.errno != errno.EBUSY:
                        raise
                    return self._act(action)
                turns.enter_context(self._turn)
                if failed or not self._is_current():
                    self._open_again()
                return self._act(action)

    def write(self, action: Callable[[Collection], object]) -> None:
        """Have `action` change the collection, and let other processes know.

        On a server, an action that fails is repeated once, so it must bear that.
        """
        with chroma_failures(self.subject), self._alone(_OPENING_SECONDS), self._turn:
            if not self._is_current():
                self._open_again()
            if self._folder:
                # Before, so that others know even if we are killed: they wait for their turn.
                self._stamp = self._folder.change()
            try:
                self._act(action)
            except IndexingError:
                if self._folder:
                    raise
                self._open_again()  # where nothing tells that another process dropped it
                self._act(action)

    def _act(self, action: Callable[[Collection], Result]) -> Result:
        with self._turn, chroma_failures(self.subject):
            return action(self._collection)

    def _alone(self, seconds: float) -> AbstractContextManager[None]:
        return self._folder.alone(seconds=seconds) if self._folder else nullcontext()

    def _is_current(self) -> bool:
        return self._is_open and (self._folder is None or self._folder.stamp() == self._stamp)

    def _open_again(self) -> None:
        if self._closed:
            raise ValueError("the connection is closed")
        if self._folder is None:
            self._collection = self._make_collection()  # another process may have dropped it
        else:
            self._is_open = False
            self._client.close()
            self._open()

    def drop_collections(self) -> None:
        """Drop our collection and make it anew.

        In a folder, which is ours alone, collections of formats and stores past go too.
        """
        self.write(lambda _collection: self._drop())

    def _drop(self) -> None:
        for name in [collection.name for collection in self._client.list_collections()]:
            if name == self._name or (not self.is_server and name.startswith("sourcier-")):
                self._client.delete_collection(name)
        self._collection = self._make_collection()

    def close(self) -> None:
        """Let go of the folder or the server. The connection is of no use afterwards."""
        with self._turn, chroma_failures(self.subject):
            self._closed, self._is_open = True, False
            self._client.close()


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
