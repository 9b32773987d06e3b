"""Logs say where and what, never a token, never somebody's words."""

import asyncio
import errno
import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import DiscreetFormatter, configure_logging, describe_error, redact, report_to_log
from bot.terminal.configuration import configured
from knowledge.errors import StoreBusyError

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz_-12345"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, without what another test's command line has set up."""
    logger = logging.getLogger()
    for handler in list(logger.handlers):
        if isinstance(handler.formatter, DiscreetFormatter):
            logger.removeHandler(handler)
            handler.close()
    handlers, level, raising = list(logger.handlers), logger.level, logging.raiseExceptions
    yield logger
    for handler in [each for each in logger.handlers if each not in handlers]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)
    logging.raiseExceptions = raising


def test_whatever_is_shaped_like_a_token_is_blotted_out() -> None:
    assert redact(f"POST https://api.telegram.org/bot{TOKEN}/getMe") == (
        "POST https://api.telegram.org/bot<jeton>/getMe"
    )
    assert redact("à 12:30, 123:45") == "à 12:30, 123:45"


def test_a_token_in_arguments_or_a_traceback_does_not_pass_the_formatter() -> None:
    try:
        int(TOKEN)
    except ValueError:
        record = logging.LogRecord("x", 40, "f", 1, "jeton %s", (TOKEN,), sys.exc_info())
    assert DiscreetFormatter().format(record).startswith("jeton %s\nbuiltins.ValueError (")
    record.name = "bot.x"
    assert DiscreetFormatter().format(record).startswith("jeton <jeton>\nbuiltins.ValueError (")


def test_of_a_library_s_record_only_the_template_is_written() -> None:
    words = ("la question de Claire",)
    theirs = logging.LogRecord("telegram.Bot", 50, "f", 1, "Received data was %r", words, None)
    ours = logging.LogRecord("knowledge.store", 20, "f", 1, "%s articles", (3,), None)
    assert DiscreetFormatter().format(theirs) == "Received data was %r"
    assert theirs.getMessage().endswith("'la question de Claire'")  # the record is left alone
    assert DiscreetFormatter().format(ours) == "3 articles"


def test_asyncio_s_reports_do_not_show_an_error_s_words(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    report_to_log(loop, {"message": "Task exception", "exception": ValueError("Claire")})
    report_to_log(loop, {"message": "Slow"})
    loop.close()
    [first, second] = [record.getMessage() for record in caplog.records]
    assert first == "asyncio : Task exception builtins.ValueError ()"
    assert second == "asyncio : Slow "


def test_an_error_is_described_by_kind_and_place_without_its_words() -> None:
    def asks() -> None:
        try:
            int("la question de Claire")
        except ValueError as error:
            raise StoreBusyError("La base est verrouillée.", subject="base.sqlite3") from error

    with pytest.raises(StoreBusyError) as caught:
        asks()
    described = describe_error(caught.value)
    assert "knowledge.errors.StoreBusyError «La base est verrouillée.» [base.sqlite3]" in described
    assert "builtins.ValueError" in described
    assert "test_logs.py" in described
    assert "Claire" not in described


def test_a_chain_of_errors_that_bites_its_tail_ends() -> None:
    one, other = ValueError(), ValueError()
    one.__cause__, other.__cause__ = other, one
    assert describe_error(one).count("ValueError") == 2


def test_the_log_goes_to_a_file_too_and_is_set_up_once(
    root: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(root.handlers)
    configure_logging("info", folder=tmp_path / "logs")
    configure_logging("warning", folder=tmp_path / "logs")
    assert len(root.handlers) == before + 2
    logging.getLogger("bot").info("pas ceci")
    logging.getLogger("bot").warning("jeton %s", TOKEN)
    logging.getLogger("httpx").info("ni cela")
    written = (tmp_path / "logs" / "sourcier.log").read_text()
    assert written.endswith("WARNING bot: jeton <jeton>\n")
    assert written.count("\n") == 1
    assert capsys.readouterr().err.endswith("WARNING bot: jeton <jeton>\n")


def test_a_line_that_cannot_be_written_is_not_printed_raw_either(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    configure_logging("info")
    alone = logging.getLogger("bot.alone")
    alone.propagate = False
    handler = logging.StreamHandler(Full())
    alone.addHandler(handler)
    alone.warning("jeton %s", TOKEN)
    alone.removeHandler(handler)
    assert capsys.readouterr().err == ""


def test_a_folder_that_cannot_be_made_does_not_stop_the_bot(
    root: logging.Logger, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    before = len(root.handlers)
    configure_logging("info", folder=tmp_path / "file" / "logs")
    assert len(root.handlers) == before + 1


def test_a_command_s_log_shows_bare_lines_without_foreign_words(
    root: logging.Logger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)  # without a .env
    configured()
    capsys.readouterr()
    logging.getLogger("bot").warning("Une ligne")
    try:
        int("la question de Claire")
    except ValueError:
        logging.getLogger("llama_cpp").exception("Échec de %s", "la question de Claire")
    first, second, *places = capsys.readouterr().err.splitlines()
    assert (first, second) == ("Une ligne", "Échec de %s")
    assert places[0].startswith("builtins.ValueError (test_logs.py")
    assert "Claire" not in "".join(places)
