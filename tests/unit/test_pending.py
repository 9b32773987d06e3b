"""Ids of taken messages outlive a crash; nothing outlives the answer."""

from pathlib import Path

import pytest

from bot.conversations import Place
from bot.pending import PendingMessage, PendingMessages

FIRST = PendingMessage(11, Place(1), 101)
SECOND = PendingMessage(12, Place(2, 7), 102)


def after_a_crash(path: Path) -> tuple[PendingMessage, ...]:
    return PendingMessages(path).left_by_last_run()


def test_what_was_taken_and_not_answered_is_found_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "pending.jsonl"
    pending = PendingMessages(path)
    pending.taken(FIRST)
    pending.taken(SECOND)
    pending.answered(11)
    pending.answered(99)
    assert after_a_crash(path) == (SECOND,)


def test_the_file_is_empty_once_all_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    pending = PendingMessages(path)
    assert pending.left_by_last_run() == ()
    pending.taken(FIRST)
    pending.answered(11)
    assert path.read_text() == ""


def test_what_an_earlier_run_left_is_kept_until_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    PendingMessages(path).taken(FIRST)
    second_run = PendingMessages(path)
    assert second_run.left_by_last_run() == (FIRST,)
    second_run.taken(SECOND)
    second_run.answered(12)
    assert after_a_crash(path) == (FIRST,)
    second_run.answered(11)
    assert after_a_crash(path) == ()


@pytest.mark.parametrize("rest", ["[13, 3", "\x00\x00", '{"a": 1}', "[1, 2, 3]", "null", '"ab"'])
def test_a_line_cut_by_a_crash_does_not_hide_the_others(rest: str, tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    PendingMessages(path).taken(FIRST)
    with path.open("a") as file:
        file.write(rest)
    assert after_a_crash(path) == (FIRST,)


def test_a_file_that_is_no_text_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    path.write_bytes(b"\xff\xfe")
    assert after_a_crash(path) == ()


def test_a_file_that_cannot_be_written_costs_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "folder").write_text("not a folder")
    pending = PendingMessages(tmp_path / "folder" / "pending.jsonl")
    pending.taken(FIRST)
    pending.answered(11)
    assert len(caplog.records) == 1
