"""A start that cannot succeed, or is called off, tells the service manager so."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

from bot.cli import WRONG_SETTINGS
from tests.e2e.commands import COMMAND, Command, environment, sourcier
from tests.shared_data import REPOSITORY
from tests.waiting import PATIENCE


def test_a_wrong_setting_has_the_exit_code_after_which_systemd_does_not_start_again(
    command: Command, tmp_path: Path
) -> None:
    done = command(tmp_path / "data", "run", SOURCIER_TELEGRAM_TOKEN="123456789:tropcourt")
    assert (done.code, done.out) == (WRONG_SETTINGS, "")
    assert done.err.startswith("Erreur : SOURCIER_TELEGRAM_TOKEN : valeur refusée.")
    service = (REPOSITORY / "deploy" / "sourcier.service").read_text(encoding="utf-8")
    assert f"RestartPreventExitStatus={WRONG_SETTINGS}" in service.splitlines()


def test_a_stop_while_the_articles_are_loaded_is_no_failure_and_closes_the_base(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    process = subprocess.Popen(  # noqa: S603 - our own command
        [str(COMMAND), "run"],
        cwd=tmp_path,
        env=environment(data, PYTHONUNBUFFERED="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Premier démarrage")
    process.send_signal(signal.SIGTERM)
    _, printed = process.communicate(timeout=2 * PATIENCE)
    assert (process.returncode, printed) == (0, "")
    assert not (data / "sourcier.sqlite3-wal").exists()  # folded into the base when closed
    assert sourcier(data, "run").code == 0
    held = json.loads(sourcier(data, "articles", "--json").out)
    assert held["total"] == 36
