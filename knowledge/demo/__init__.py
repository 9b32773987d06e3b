"""The French articles that we ship, written for Sourcier: everything in them is fictional."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from knowledge.types import RawDocument


def demo_documents() -> Iterator[RawDocument]:
    """Yield the shipped articles, then the later corrections of some of them.

    Their origin is their file's name; reading them replaces it by the address in their header. A
    correction bears the file name of the article that it corrects.
    """
    root = files(__name__)
    for folder in ("articles", "corrections"):
        for file in sorted(root.joinpath(folder).iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".md"):
                yield RawDocument(
                    file.read_bytes(),
                    origin=f"file:demo/{folder}/{file.name}",
                    media_type="text/markdown",
                    filename=file.name,
                )
