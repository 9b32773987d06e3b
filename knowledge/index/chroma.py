"""Dense retrieval from Chroma: files of ours, or a server by URL.

The collection's name holds the format and the id of the store, so two bots on one server never
meet; its metadata holds the embedder, so vectors of two embedders are never compared.

Chroma's Rust core keeps the GIL while it writes (measured, 1.5.9): a batch of 500 stops every
other thread for a quarter of a second, so batches are small where somebody waits for answers.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import SplitResult, unquote, urlsplit

from knowledge.errors import EmbedderMismatchError, IndexingError, SourcierError
from knowledge.index.records import IndexRecord, to_microseconds
from knowledge.ports import Embedder
from knowledge.types import PassageId, SearchFilter

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

FORMAT = 1  # grows when what is written to a collection changes
MAXIMUM_BATCH = 5461  # records of one call that Chroma accepts
_EMBEDDED_AT_ONCE = 16  # passages after which a question may have its turn at the embedder

# Exact inner product on unit vectors is the cosine, without normalising again.
_CONFIGURATION: Any = {"hnsw": {"space": "ip"}}


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
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return IndexingError(
        f"L’index Chroma ({subject}) a échoué : {reason}. Vérifiez le dossier ou le serveur et "
        "le disque ; au besoin, supprimez le dossier : « sourcier reindex » le reconstruit.",
        subject=subject,
    )


class ChromaIndex:
    """Passages by vector. Implements `PassageIndex` and `DerivedIndex`.

    Chroma is imported on construction. Every method raises IndexingError when Chroma fails and
    EmbedderMismatchError while the collection is of another embedder; `reset` mends that.
    """

    def __init__(self, address: str | Path, *, embedder: Embedder, store_id: str) -> None:
        """Open the folder, or the server where `address` is an http(s) URL."""
        self._embedder = embedder
        self._name = f"sourcier-v{FORMAT}-{store_id}"
        self._wanted = {"embedder": embedder.name, "dimension": embedder.dimension}
        server = urlsplit(str(address))
        self._is_server = server.scheme in ("http", "https")
        self.subject = _without_password(server) if self._is_server else str(address)
        self._embedding = threading.Lock()  # an embedder serves one thread at a time
        with chroma_failures(self.subject):
            self._client = _server_client(server) if self._is_server else _folder_client(address)
            try:
                self._collection = self._open()
            except BaseException:
                self._client.close()
                raise

    def _open(self) -> Collection:
        return self._client.get_or_create_collection(
            self._name,
            embedding_function=None,
            configuration=_CONFIGURATION,
            metadata=self._wanted,
        )

    def check_embedder(self) -> None:
        """Refuse a collection made by another embedder.

        Raises:
            EmbedderMismatchError: naming both embedders and the command that rebuilds.
        """
        found = self._collection.metadata or {}
        if any(found.get(key) != value for key, value in self._wanted.items()):
            raise EmbedderMismatchError(
                f"L’index a été construit avec l’encodeur « {found.get('embedder', '?')} » et "
                f"les réglages demandent « {self._embedder.name} » : lancez « sourcier reindex », "
                "ou remettez SOURCIER_EMBEDDER à sa valeur précédente.",
                subject=str(found.get("embedder", "?")),
            )

    def search(
        self, query: str, *, limit: int, where: SearchFilter | None = None
    ) -> tuple[tuple[PassageId, float], ...]:
        """Return passage ids with their cosine (-1 to 1), best first; ties by id."""
        self.check_embedder()
        if limit < 1 or (where is not None and where.outlets is not None and not where.outlets):
            return ()
        with self._embedding:
            vector: Any = self._embedder.embed_query(query)
        with chroma_failures(self.subject):
            found = self._collection.query(
                query_embeddings=[vector],
                n_results=limit,
                where=_conditions(where),
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        ranked = zip(found["ids"][0], distances[0], strict=True)
        return tuple(
            sorted(
                ((identifier, 1.0 - float(distance)) for identifier, distance in ranked),
                key=lambda hit: (-hit[1], hit[0]),
            )
        )

    def upsert(self, records: Sequence[IndexRecord]) -> None:
        """Embed and write those passages, replacing what has the same ids."""
        self.check_embedder()
        for start in range(0, len(records), MAXIMUM_BATCH):
            part = records[start : start + MAXIMUM_BATCH]
            vectors: Any = self._embed([record.passage.text for record in part])
            with chroma_failures(self.subject):
                self._collection.upsert(
                    ids=[record.passage.id for record in part],
                    embeddings=vectors,
                    metadatas=[_metadata(record) for record in part],
                )

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        rows = []
        for start in range(0, len(texts), _EMBEDDED_AT_ONCE):
            with self._embedding:
                rows.append(self._embedder.embed_passages(texts[start : start + _EMBEDDED_AT_ONCE]))
        return np.concatenate(rows)

    def delete(self, passage_ids: Sequence[PassageId]) -> None:
        """Take those passages out; unknown ids are no error."""
        self.check_embedder()
        for start in range(0, len(passage_ids), MAXIMUM_BATCH):
            with chroma_failures(self.subject):
                self._collection.delete(ids=list(passage_ids[start : start + MAXIMUM_BATCH]))

    def count(self) -> int:
        """Return how many passages it holds."""
        self.check_embedder()
        with chroma_failures(self.subject):
            return self._collection.count()

    def ids(self) -> frozenset[PassageId]:
        """Return the ids of the passages it holds."""
        self.check_embedder()
        with chroma_failures(self.subject):
            return frozenset(self._collection.get(include=[])["ids"])

    def reset(self) -> None:
        """Drop the collection, whatever embedder made it, and start empty with ours.

        In a folder, which is ours alone, collections of formats and stores past go too.
        """
        with chroma_failures(self.subject):
            names = [collection.name for collection in self._client.list_collections()]
            for name in names:
                if name == self._name or (not self._is_server and name.startswith("sourcier-")):
                    self._client.delete_collection(name)
            self._collection = self._open()

    def close(self) -> None:
        """Let go of the folder or the server. The index is of no use afterwards."""
        with chroma_failures(self.subject):
            self._client.close()


def _folder_client(path: str | Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(
        path=str(path), settings=Settings(anonymized_telemetry=False)
    )
    return cast("Client", client)  # declared as ClientAPI, which lacks close()


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


def _metadata(record: IndexRecord) -> dict[str, str | int]:
    values: dict[str, str | int] = {
        "article_id": record.passage.article_id,
        "version": record.passage.version,
    }
    if record.outlet is not None:
        values["outlet"] = record.outlet
    if record.published is not None:
        values["published"] = to_microseconds(record.published)
    return values


def _conditions(where: SearchFilter | None) -> Any:
    """Return Chroma's filter; an absent `published` passes no bound, as `SearchFilter` asks."""
    if where is None:
        return None
    conditions: list[Any] = []
    if where.published_from is not None:
        conditions.append({"published": {"$gte": to_microseconds(where.published_from)}})
    if where.published_to is not None:
        conditions.append({"published": {"$lte": to_microseconds(where.published_to)}})
    if where.outlets is not None:
        conditions.append({"outlet": {"$in": sorted(where.outlets)}})
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else None
