"""The memory of a process, read without importing the bot, whose own would count."""

from __future__ import annotations

from pathlib import Path


def resident_mib(process: int | str = "self") -> float:
    """Return the memory of a process that is in RAM now, in MiB (proc(5), VmRSS; Linux).

    `process` is its id, or ``self`` for the one that asks.

    Raises:
        OSError: there is no such process, or no Linux.
    """
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024
