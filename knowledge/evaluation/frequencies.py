"""Count the shipped table of stem frequencies: ``python -m knowledge.evaluation.frequencies``.

Counted on the passages of PIAF 1.1 whose articles are in neither test file, so that measuring
on those stays honest.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from knowledge.evaluation.datasets import PiafPassage, load_piaf
from knowledge.text.french import content_stems

_LEAST = 4  # passages a stem must occur in to be listed
_LONGEST = 16  # characters of a listed stem
_TABLE = Path(__file__).parent.parent / "text" / "frequencies.json"


def stem_frequencies(passages: list[PiafPassage]) -> dict[int, list[str]]:
    """Return the stems by the number of passages they occur in, the most frequent first."""
    counts: Counter[str] = Counter()
    for passage in passages:
        stems = set(content_stems(passage.text))
        counts.update(stem for stem in stems if stem.isalpha() and len(stem) <= _LONGEST)
    by_count: defaultdict[int, list[str]] = defaultdict(list)
    for stem, count in counts.items():
        if count >= _LEAST:
            by_count[count].append(stem)
    return {count: sorted(by_count[count]) for count in sorted(by_count, reverse=True)}


def main() -> None:
    """Write the table into the package."""
    piaf = load_piaf()
    passages = [passage for passage in piaf.passages if passage.article not in piaf.test_articles]
    counts = stem_frequencies(passages)
    table = {
        "source": "stems of PIAF 1.1 passages (Wikipedia, CC BY-SA) outside its test articles",
        "passages": len(passages),
        "counts": {str(count): " ".join(stems) for count, stems in counts.items()},
    }
    _TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", "utf-8")
    sys.stdout.write(f"{_TABLE.name}: {sum(map(len, counts.values()))}\n")


if __name__ == "__main__":
    main()
