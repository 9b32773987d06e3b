"""Ids of taken messages outlive a crash; nothing is lost, nothing is done twice."""

import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversations import Place
from bot.receiving.pending import PendingMessage, PendingMessages

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


def test_what_was_dealt_with_is_known_by_this_run_and_the_next(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    pending = PendingMessages(path)
    assert pending.left_by_last_run() == ()
    pending.taken(FIRST)
    pending.begun(12)
    assert [pending.is_new(update) for update in (11, 12, 13)] == [False, False, True]
    pending.answered(11)
    pending.answered(12)
    next_run = PendingMessages(path)
    assert next_run.left_by_last_run() == ()
    assert [next_run.is_new(update) for update in (11, 12, 13)] == [False, False, True]


def test_what_was_only_begun_when_the_run_was_killed_is_new_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    PendingMessages(path).begun(12)
    PendingMessages(path).taken(FIRST)
    next_run = PendingMessages(path)
    assert next_run.left_by_last_run() == (FIRST,)
    assert [next_run.is_new(update) for update in (11, 12)] == [True, True]
    assert next_run.is_left(11)
    next_run.taken(FIRST)  # Telegram gave it again
    assert (next_run.is_left(11), next_run.is_new(11)) == (False, False)


def test_the_oldest_are_forgotten_and_no_chat_is_named_for_long(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    pending = PendingMessages(path, remembered=50)
    for update in range(1000, 2000):
        pending.taken(PendingMessage(update, Place(77), update))
        pending.answered(update)
        assert len(path.read_text().splitlines()) <= 203
    next_run = PendingMessages(path, remembered=50)
    assert next_run.left_by_last_run() == ()
    assert not any(next_run.is_new(update) for update in range(1950, 2000))
    assert next_run.is_new(1949)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_file_is_bounded_while_a_message_waits_for_long(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    pending = PendingMessages(path, remembered=50)
    pending.taken(FIRST)
    for update in range(1000, 2000, 2):  # no two in a row
        pending.taken(PendingMessage(update, Place(77), update))
        pending.answered(update)
        assert len(path.read_text().splitlines()) <= 102
    assert after_a_crash(path) == (FIRST,)


def test_syncing_a_file_that_is_not_there_does_no_harm(tmp_path: Path) -> None:
    pending = PendingMessages(tmp_path / "pending.jsonl")
    pending.sync()
    pending.taken(FIRST)
    pending.sync()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["give", "answer", "crash"]), st.integers(1, 6))))
def test_whatever_is_given_again_each_update_is_dealt_with_once(
    events: list[tuple[str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pending.jsonl"
        pending, in_progress, dealt_with = PendingMessages(path), set[int](), list[int]()
        pending.left_by_last_run()
        for event, update in events:
            if event == "crash":
                pending, in_progress = PendingMessages(path), set()
                left = {message.update_id for message in pending.left_by_last_run()}
                assert left.isdisjoint(dealt_with)
            elif event == "give" and pending.is_new(update):
                pending.taken(PendingMessage(update, Place(update), update))
                assert update not in in_progress
                in_progress.add(update)
            elif event == "answer" and update in in_progress:
                in_progress.remove(update)
                dealt_with.append(update)
                pending.answered(update)
        assert len(dealt_with) == len(set(dealt_with))
        assert {each.update_id for each in after_a_crash(path)} >= in_progress


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


@pytest.mark.parametrize(
    "rest", ["[13, 3", "[1, 99999999]", "\x00\x00", '{"a": 1}', "[1, 2, 3]", "null", '"ab"']
)
def test_a_line_cut_by_a_crash_does_not_hide_the_others(rest: str, tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    PendingMessages(path).taken(FIRST)
    with path.open("a") as file:
        file.write(rest)
    next_run = PendingMessages(path)
    assert next_run.left_by_last_run() == (FIRST,)
    next_run.taken(SECOND)
    assert after_a_crash(path) == (FIRST, SECOND)


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
