import os
from pathlib import Path

import pytest

from knowledge.errors import ModelFileError
from knowledge.model.catalogue import (
    CatalogueEntry,
    HubFile,
    catalogue,
    file_digest,
    hub_file,
    recommended,
    record_digest,
    recorded_digest,
    resolve_model,
)


def test_the_catalogue_is_as_wide_as_promised() -> None:
    chat = [entry for entry in catalogue() if entry.kind == "chat"]

    assert len(chat) >= 6
    assert all(0.3 <= entry.parameters <= 8.5 for entry in chat)
    assert [entry.size for entry in chat] == sorted(entry.size for entry in chat)
    assert len({entry.name for entry in catalogue()}) == len(catalogue())
    assert all(entry.checked and entry.licence and entry.languages for entry in catalogue())


@pytest.mark.parametrize("kind", ["chat", "embedding"])
def test_one_model_of_each_kind_is_recommended(kind: str) -> None:
    marked = [entry for entry in catalogue() if entry.kind == kind and entry.recommended]

    assert marked == [recommended(kind)]


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)
def test_memory_is_at_least_the_file(entry: CatalogueEntry) -> None:
    assert entry.memory_mib * 2**20 > entry.size


@pytest.mark.parametrize(
    ("repository", "file"),
    [
        ("un", "m.gguf"),
        ("a/b/c", "m.gguf"),
        ("../b", "m.gguf"),
        ("a/b", "../m.gguf"),
        ("a/b", "/etc/m.gguf"),
        ("a/b", "m.bin"),
        ("a/b", "x/../../m.gguf"),
        ("a/b?x", "m.gguf"),
        ("a/b", "x" * 200 + ".gguf"),
        ("a/b", "x/" * 6 + "m.gguf"),
    ],
)
def test_a_name_that_leaves_the_folder_or_the_hub_is_refused(repository: str, file: str) -> None:
    with pytest.raises(ValueError, match="GGUF"):
        HubFile(repository, file)


def test_a_setting_names_a_path_an_entry_or_a_hub_file(tmp_path: Path) -> None:
    by_path = tmp_path / "mien.gguf"
    entry = recommended()
    by_name = entry.source.local_path(tmp_path)
    by_hub = HubFile("a/b", "q/m.gguf").local_path(tmp_path)
    for path in (by_path, by_name, by_hub):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    assert resolve_model(str(by_path), tmp_path) == by_path
    assert resolve_model(entry.name, tmp_path) == by_name
    assert resolve_model("a/b:q/m.gguf", tmp_path) == by_hub == tmp_path / "a--b" / "q" / "m.gguf"


@pytest.mark.parametrize("setting", [recommended().name, "a/b:m.gguf"])
def test_a_model_not_downloaded_yet_names_the_command(setting: str, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=f"sourcier models download {setting}"):
        resolve_model(setting, tmp_path)


@pytest.mark.parametrize("setting", ["absent.gguf", "inconnu", "C:\\m.gguf", "a/b:../m.gguf"])
def test_an_unknown_model_lists_the_known_names(setting: str, tmp_path: Path) -> None:
    assert hub_file(setting) is None
    with pytest.raises(ModelFileError, match=recommended().name):
        resolve_model(setting, tmp_path)


def test_two_files_of_one_name_in_a_repository_lie_apart(tmp_path: Path) -> None:
    small, large = HubFile("a/b", "Q4/m.gguf"), HubFile("a/b", "Q8/m.gguf")

    assert small.local_path(tmp_path) != large.local_path(tmp_path)


def test_a_file_found_to_be_another_than_the_catalogues_is_not_loaded(tmp_path: Path) -> None:
    entry = next(entry for entry in catalogue() if entry.source.sha256)
    path = entry.source.local_path(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"GGUF")
    record_digest(path, "0" * 64)

    with pytest.raises(ModelFileError, match=f"models download {entry.name}"):
        resolve_model(entry.name, tmp_path)


def test_a_digest_noted_before_the_file_changed_counts_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF")
    record_digest(path, file_digest(path))
    assert recorded_digest(path) == file_digest(path)

    later = path.stat().st_mtime + 60
    os.utime(path, (later, later))
    assert recorded_digest(path) is None
