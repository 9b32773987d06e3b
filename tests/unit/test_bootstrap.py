"""What the command line calls a source: a path, or an address of any scheme."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from knowledge.bootstrap import documents_from, open_knowledge
from knowledge.errors import FetchError, SourceError
from knowledge.index.builtin_embedder import BuiltinEmbedder
from knowledge.index.chroma import ChromaIndex
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.types import RawDocument


@pytest.fixture
def settings(tmp_path: Path) -> KnowledgeSettings:
    return load_settings(KnowledgeSettings, env_file=None, data_dir=tmp_path / "data")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://exemple.test/article",
        "file:///etc/passwd",
        "HTTP://LOCALHOST/article",
        "https://10.0.0.1/article",
    ],
)
def test_an_address_of_another_scheme_or_of_a_private_machine_is_refused(
    settings: KnowledgeSettings, address: str
) -> None:
    (refused,) = documents_from([address], settings)
    assert isinstance(refused, FetchError)
    assert refused.subject == address
    assert not refused.retryable


def test_one_missing_path_does_not_stop_the_others(
    settings: KnowledgeSettings, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(b"Bonjour.")
    missing, document = documents_from([str(tmp_path / "b.txt"), str(tmp_path / "a.txt")], settings)
    assert isinstance(missing, SourceError)
    assert missing.subject == str(tmp_path / "b.txt")
    assert isinstance(document, RawDocument)
    assert document.data == b"Bonjour."


class EarlierEmbedder(BuiltinEmbedder):
    """The built-in embedder of a version past."""

    @property
    def name(self) -> str:
        return "builtin-fr-0-384"


def test_an_index_of_an_earlier_built_in_embedder_is_built_again(
    settings: KnowledgeSettings, tmp_path: Path
) -> None:
    (tmp_path / "crue.txt").write_text("La crue a noyé le pont de Valmorin.", encoding="utf-8")
    with closing(open_knowledge(settings)) as knowledge:
        knowledge.ingest(documents_from([str(tmp_path / "crue.txt")], settings))
        store_id = knowledge.store.store_id
    old = ChromaIndex(settings.chroma_dir, embedder=EarlierEmbedder(), store_id=store_id)
    old.reset()
    old.close()
    with closing(open_knowledge(settings)) as knowledge:
        assert knowledge.indexes.dense.count() == knowledge.summary().passages == 1
