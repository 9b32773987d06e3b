"""Outcomes to figures, and figures to a table. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from knowledge.evaluation.metrics import (
    Outcome,
    highlight_score,
    is_evidence,
    is_right,
    mean,
    passage_hit,
    percentile,
    risk_point,
)

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_DEPTHS = (1, 3, 5, 10, 20)

Figures = dict[str, float | int | None]


def summarise(outcomes: Sequence[Outcome], threshold: float) -> dict[str, object]:
    """Return all figures, ready for JSON: counts, shares from 0 to 1, milliseconds.

    Those about evidence are of the questions whose evidence is known, and absent if none is.
    """
    answerable = [one for one in outcomes if one.gold.answerable]
    proved = [one for one in answerable if one.gold.evidence]
    right = [one for one in answerable if is_right(one.gold, one.quote)]
    marked = [score for one in right if (score := highlight_score(one)) is not None]
    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        "retrieval": {
            f"hit@{k}": mean([float(passage_hit(one, k)) for one in proved])
            for k in (_DEPTHS if proved else ())
        },
        "quotation": {
            "right": mean([float(is_right(one.gold, one.quote)) for one in answerable]),
            "baseline_right": mean([float(is_right(one.gold, one.baseline)) for one in answerable]),
        }
        | _evidence(proved),
        "highlight": {
            "marked": len(marked) / len(right) if right else None,
            "f1_where_marked": mean(marked),
        },
        "at_threshold": asdict(risk_point(outcomes, threshold)),
        "risk_coverage": [asdict(risk_point(outcomes, one)) for one in THRESHOLDS],
        "milliseconds": {
            "p50": _milliseconds(outcomes, 0.5),
            "p95": _milliseconds(outcomes, 0.95),
        },
    }


def _evidence(proved: Sequence[Outcome]) -> Figures:
    quoted = [one.quote is not None and is_evidence(one.gold, one.quote) for one in proved]
    return {"evidence": mean(list(map(float, quoted)))} if proved else {}


def _milliseconds(outcomes: Sequence[Outcome], share: float) -> float | None:
    seconds = percentile([one.seconds for one in outcomes], share)
    return None if seconds is None else 1000.0 * seconds


def table(summary: Mapping[str, object]) -> str:
    """Return the figures as lines of text, one figure a line, thresholds as a small table."""
    lines: list[str] = []
    for name, value in summary.items():
        if isinstance(value, dict):
            lines += [f"{name + ' ' + key:<32}{_shown(one)}" for key, one in value.items()]
        elif isinstance(value, list):
            lines += _points(value)
        else:
            lines.append(f"{name:<32}{_shown(value)}")
    return "\n".join(lines)


def _points(points: Sequence[Mapping[str, float | None]]) -> list[str]:
    if not points:
        return []
    lines = ["".join(f"{name:>12}" for name in points[0])]
    lines += ["".join(f"{_shown(value):>12}" for value in point.values()) for point in points]
    return lines


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
