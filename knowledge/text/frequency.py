"""How common a stem is in French prose: a small table that is shipped.

A base of thirty articles cannot tell that «projet» is an ordinary word and «Tanneurs» is not;
this table can. It was counted by ``python -m knowledge.evaluation.frequencies`` (its file says
on what).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_UNSEEN = 2.0  # passages in which a stem that is not in the table is taken to occur


@dataclass(frozen=True, slots=True)
class StemFrequencies:
    """In how many of `passages` passages of about 700 characters each stem occurs."""

    passages: int
    counts: dict[str, float]

    def count(self, stem: str) -> float:
        """Return in how many of the passages `stem` occurs; rare stems share one estimate."""
        return self.counts.get(stem, _UNSEEN)

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency of `stem`, from about 0.2 to 6.5."""
        return math.log(1.0 + self.passages / self.count(stem))


@lru_cache(maxsize=1)
def french_frequencies() -> StemFrequencies:
    """Return the shipped table."""
    content = files("knowledge.text").joinpath("frequencies.json").read_text("utf-8")
    table = json.loads(content)
    counts = {
        stem: float(count) for count, stems in table["counts"].items() for stem in stems.split()
    }
    return StemFrequencies(int(table["passages"]), counts)
