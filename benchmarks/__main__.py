"""All benchmarks, each in a process of its own: ``make bench``, or ``python -m benchmarks``.

Prints each one's table on standard error as it ends, and one JSON object of all on standard
output: ``{"ingestion": {…}, …}``. Names of benchmarks may be given as arguments.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

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


def rows(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Return the figures of a measurement as (name, value), nested names joined by dots."""
    if isinstance(value, dict):
        return [
            row for key, item in value.items() for row in rows(item, f"{path}.{key}".strip("."))
        ]
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return rows({str(place): item for place, item in enumerate(value)}, path)
    if isinstance(value, list):
        return [(path, f"{len(value)} listed in the JSON")]
    return [(path, f"{value:.4g}" if isinstance(value, float) else str(value))]


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
