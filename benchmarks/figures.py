"""How the figures of a benchmark are shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


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


def print_figures(figures: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one JSON object, or a line a figure."""
    if as_json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for name, value in rows(figures):
        print(f"{name:<42} {value}")
