"""A text of an article, and the draft that is read from a document."""

from datetime import UTC, datetime

from knowledge.sources.reading import read_document
from knowledge.types import ArticleDraft, RawDocument

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILE = "file:/articles/une-note.txt"
BODY = (
    "Le maire a présenté le budget de la commune devant une salle comble jeudi soir.\n\n"
    "« Nous n’augmenterons pas l’impôt », a-t-il promis. Le vote aura lieu en décembre."
)


def read(
    data: bytes | str,
    origin: str = FILE,
    *,
    media_type: str | None = None,
    charset: str | None = None,
    filename: str | None = None,
    max_bytes: int = 20_000_000,
) -> ArticleDraft:
    raw = data.encode() if isinstance(data, str) else data
    document = RawDocument(raw, origin, media_type, charset, filename)
    return read_document(document, max_bytes=max_bytes, now=NOW)
