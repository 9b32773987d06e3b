"""Bytes to article drafts: plain text, Markdown, HTML, PDF, and guarded fetching.

Parsers and the network are imported when the first document needs them.
"""

from knowledge.sources.addresses import canonical_url
from knowledge.sources.files import documents_in
from knowledge.sources.reading import read_document

__all__ = ["canonical_url", "documents_in", "read_document"]
