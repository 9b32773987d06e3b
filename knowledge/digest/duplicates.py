"""Which of many articles are one story: the same wire text from several outlets.

Candidates come from MinHash signatures in bands (Broder 1997; Leskovec, Rajaraman and Ullman,
«Mining of Massive Datasets», chapter 3); each is then decided on the true sets of shingles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import rensa

from knowledge.digest.shingles import Shingles, is_same_story

# A Jaccard index of 0.15 makes a candidate with probability 0.94, one of 0.25 with 0.9997: a third
# of a wire story, word for word, is still found within the whole.
_BANDS, _ROWS = 128, 2
_SEED = 1
_UNUSED = 0.2  # threshold of estimates, which are not asked for: the true sets decide


def same_stories(texts: Sequence[Shingles]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of `texts` that are one story, as places ``i < j``, in order."""
    signatures = rensa.RMinHash.from_token_sets(
        [sorted(text) for text in texts], _BANDS * _ROWS, _SEED
    )
    index = rensa.RMinHashLSH(_UNUSED, _BANDS * _ROWS, _BANDS)
    index.insert_many(signatures)
    for place, found in enumerate(index.query_all(signatures)):
        for other in sorted(found):
            if place < other and is_same_story(texts[place], texts[other]):
                yield place, other
