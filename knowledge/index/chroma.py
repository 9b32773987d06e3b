"""Dense retrieval from Chroma: files of ours, or a server by URL.

The collection's name holds the format and the id of the store, so two bots on one server never
meet; its metadata holds the embedder, so vectors of two embedders are never compared.

Chroma's Rust core keeps the GIL while it writes (measured, 1.5.9): a batch of 500 stops every
other thread for a quarter of a second, so batches are small where somebody waits for answers.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.chunks import chunks
from knowledge.errors import EmbedderMismatchError
from knowledge.index.chroma_connection import ChromaConnection
from knowledge.index.records import IndexRecord, to_microseconds
from knowledge.ports import Embedder
from knowledge.types import PassageId, SearchFilter

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

FORMAT = 1  # grows when what is written to a collection changes
MAXIMUM_BATCH = 5461  # records of one call that Chroma accepts
_LOOKED_AT = 4  # times as many passages as asked for, before a filter is left to Chroma
_EMBEDDED_AT_ONCE = 16  # passages after which a question may have its turn at the embedder


class ChromaIndex:
    """Passages by vector. Implements `PassageIndex` and `DerivedIndex`.

    Chroma is imported on construction. Every method raises IndexingError when Chroma fails and
    EmbedderMismatchError while the collection is of another embedder; `reset` mends that.
    """

    def __init__(self, address: str | Path, *, embedder: Embedder, store_id: str) -> None:
        """Open the folder, or the server where `address` is an http(s) URL."""
        self._embedder = embedder
        self._wanted = {"embedder": embedder.name, "dimension": embedder.dimension}
        self._connection = ChromaConnection(
            address, name=f"sourcier-v{FORMAT}-{store_id}", metadata=self._wanted
        )
        self._embedding = threading.Lock()  # an embedder serves one thread at a time

    def check_embedder(self) -> None:
        """Refuse a collection made by another embedder.

        Raises:
            EmbedderMismatchError: naming both embedders and the command that rebuilds.
        """
        self._connection.read(self._ours)

    def _ours(self, collection: Collection) -> Collection:
        found = collection.metadata or {}
        if any(found.get(key) != value for key, value in self._wanted.items()):
            raise EmbedderMismatchError(
                f"L’index a été construit avec l’encodeur « {found.get('embedder', '?')} » et "
                f"les réglages demandent « {self._embedder.name} » : lancez « sourcier reindex », "
                "ou remettez SOURCIER_EMBEDDER à sa valeur précédente.",
                subject=str(found.get("embedder", "?")),
            )
        return collection

    def search(
        self, query: str, *, limit: int, where: SearchFilter | None = None
    ) -> tuple[tuple[PassageId, float], ...]:
        """Return passage ids with their cosine (-1 to 1), best first; ties by id."""
        if limit < 1 or (where is not None and where.outlets is not None and not where.outlets):
            self.check_embedder()
            return ()
        with self._embedding:
            vector: Any = self._embedder.embed_query(query)

        def nearest(collection: Collection) -> list[tuple[PassageId, float]]:
            return _ranked(self._ours(collection), vector, limit, where)

        ranked = self._connection.read(nearest, patient=False)
        return tuple(sorted(ranked, key=lambda hit: (-hit[1], hit[0])))

    def upsert(self, records: Sequence[IndexRecord]) -> None:
        """Embed and write those passages, replacing what has the same ids."""
        self.check_embedder()
        for part in chunks(records, MAXIMUM_BATCH):
            vectors: Any = self._embed([record.passage.text for record in part])
            self._connection.write(partial(_upsert, records=part, vectors=vectors))

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        rows = []
        for part in chunks(texts, _EMBEDDED_AT_ONCE):
            with self._embedding:
                rows.append(self._embedder.embed_passages(part))
        return np.concatenate(rows)

    def delete(self, passage_ids: Sequence[PassageId]) -> None:
        """Take those passages out; unknown ids are no error."""
        self.check_embedder()
        for part in chunks(passage_ids, MAXIMUM_BATCH):
            self._connection.write(partial(_delete, passage_ids=list(part)))

    def count(self) -> int:
        """Return how many passages it holds."""
        return self._connection.read(lambda collection: self._ours(collection).count())

    def ids(self) -> frozenset[PassageId]:
        """Return the ids of the passages it holds."""
        return self._connection.read(
            lambda collection: frozenset(self._ours(collection).get(include=[])["ids"])
        )

    def reset(self) -> None:
        """Drop the collection, whatever embedder made it, and start empty with ours.

        In a folder, which is ours alone, collections of formats and stores past go too.
        """
        self._connection.drop_collections()

    def close(self) -> None:
        """Let go of the folder or the server. The index is of no use afterwards."""
        self._connection.close()


def _ranked(
    collection: Collection, vector: Any, limit: int, where: SearchFilter | None
) -> list[tuple[PassageId, float]]:
    conditions = _conditions(where)
    if where is not None and conditions is not None:
        # Chroma finds every passage that meets a condition before it looks for near ones, 50
        # to 100 ms with 20,000. Where enough of the nearest meet it, that is ten times faster.
        near = _query(collection, vector, limit * _LOOKED_AT, metadata=True)
        kept = [(found, score) for found, score, values in near if _passes(values, where)]
        if len(kept) >= limit:
            return kept[:limit]
    return [(found, score) for found, score, _ in _query(collection, vector, limit, conditions)]


def _query(
    collection: Collection,
    vector: Any,
    limit: int,
    conditions: Any = None,
    *,
    metadata: bool = False,
) -> list[tuple[PassageId, float, Mapping[str, Any]]]:
    found = collection.query(
        query_embeddings=[vector],
        n_results=limit,
        where=conditions,
        include=["distances", "metadatas"] if metadata else ["distances"],
    )
    identifiers, distances = found["ids"][0], found["distances"]
    metadatas = found["metadatas"]
    return [
        (identifier, 1.0 - float(distance), values)
        for identifier, distance, values in zip(
            identifiers,
            distances[0] if distances else (),
            metadatas[0] if metadatas else ({},) * len(identifiers),
            strict=True,
        )
    ]


def _upsert(collection: Collection, *, records: Sequence[IndexRecord], vectors: Any) -> None:
    collection.upsert(
        ids=[record.passage.id for record in records],
        embeddings=vectors,
        metadatas=[_metadata(record) for record in records],
    )


def _delete(collection: Collection, *, passage_ids: list[PassageId]) -> None:
    collection.delete(ids=passage_ids)


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


def _passes(values: Mapping[str, Any], where: SearchFilter) -> bool:
    """Tell what :func:`_conditions` asks of Chroma, of one passage's metadata."""
    published = values.get("published")
    if where.published_from is not None and (
        published is None or published < to_microseconds(where.published_from)
    ):
        return False
    if where.published_to is not None and (
        published is None or published > to_microseconds(where.published_to)
    ):
        return False
    return where.outlets is None or values.get("outlet") in where.outlets
