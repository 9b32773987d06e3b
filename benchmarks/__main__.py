"""All benchmarks, each in a process of its own: ``make bench``, or ``python -m benchmarks``.

Prints each one's table on standard error as it ends, and one JSON object of all on standard
output: ``{"ingestion": {…}, …}``. Names of benchmarks may be given as arguments.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benchmarks.figures import rows

BENCHMARKS = (
    "sentences",
    "ingestion",
    "retrieval",
    "generation",
    "telegram",
    "stopping",
    "digests",
    "outbox",
)


def run(name: str) -> Any:
    """Return what ``python -m benchmarks.<name> --json`` measured.

    Raises:
        subprocess.CalledProcessError: it failed; its messages are on standard error.
    """
    command = [sys.executable, "-m", f"benchmarks.{name}", "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    return json.loads(done.stdout)


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    results = {}
    for name in names or BENCHMARKS:
        results[name] = run(name)
        print(f"\n{name}", file=sys.stderr)
        for label, figure in rows(results[name]):
            print(f"  {label:<60} {figure}", file=sys.stderr)
    print(json.dumps(results, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
