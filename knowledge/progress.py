"""What can be told of an answer while it is being prepared. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from knowledge.types import Claim


@dataclass(frozen=True, slots=True)
class Reading:
    """The model reads so many passages of so many articles; what it claims of them comes next."""

    passages: int
    articles: int

    def __post_init__(self) -> None:
        if not 1 <= self.articles <= self.passages:
            raise ValueError("passages are of articles, and there are some")


# A claim that is told is whole, its quotations were compared with the store, and its wording, if
# it kept any, is borne out by them. It may still be replaced: an answer that then fails is an
# extract. Called in the thread that answers, which waits for it.
OnProgress = Callable[[Reading | Claim], None]
