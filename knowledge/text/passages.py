"""Passages: contiguous whole sentences of about the same size, cut where paragraphs end.

A passage is what is embedded, ranked and read by the model, so it is long enough to be understood
alone and short enough to be about one thing.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.types import Span

TARGET = 500  # characters after which the end of a paragraph ends the passage
MINIMUM = 250  # characters below which the end of a paragraph does not
MAXIMUM = 900  # characters of a passage; only a single longer sentence exceeds it

_HEADING_LENGTH = 150
_SENTENCE_ENDS = (".", "!", "?", "…", "»", "”", '"', ":", ";", ",", ")")


def group_passages(text: str, sentences: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    """Return ranges of sentence indexes, inclusive, that cover the sentences in order.

    What remains is one passage if it fits; else the passage ends with the first paragraph that
    brings it to `TARGET`, else with its last paragraph past `MINIMUM`, else with its last
    sentence within `MAXIMUM`. A heading never ends a passage unless nothing else can.
    Linear in the length of the text.
    """
    after = [_paragraph_ends(text, sentences, index) for index in range(len(sentences))]
    groups = []
    first = 0
    while first < len(sentences):
        last = _last_of_passage(text, sentences, after, first)
        groups.append((first, last))
        first = last + 1
    return tuple(groups)


def _last_of_passage(
    text: str, sentences: Sequence[Span], after: Sequence[bool], first: int
) -> int:
    start = sentences[first].start
    if sentences[-1].end - start <= MAXIMUM:
        return len(sentences) - 1
    sentence_end = paragraph_end = None
    index = first
    while index < len(sentences) and sentences[index].end - start <= MAXIMUM:
        length = sentences[index].end - start
        if not _is_heading(text, sentences, after, index):
            sentence_end = index
            if after[index] and length >= MINIMUM:
                paragraph_end = index
                if length >= TARGET:
                    break
        index += 1
    if paragraph_end is not None:
        return paragraph_end
    if sentence_end is not None:
        return sentence_end
    return max(first, index - 1)


def _paragraph_ends(text: str, sentences: Sequence[Span], index: int) -> bool:
    """Tell whether a line ends between this sentence and the next."""
    if index + 1 == len(sentences):
        return True
    span, following = sentences[index], sentences[index + 1]
    # Whether line ends belong to sentences or lie between them is the splitter's choice.
    tail = text[max(span.start, span.end - 4) : span.end]
    head = text[following.start : following.start + 4]
    gap = text[span.end : following.start]
    white_tail = tail[len(tail.rstrip()) :]
    white_head = head[: len(head) - len(head.lstrip())]
    return "\n" in white_tail or "\n" in gap or "\n" in white_head


def _is_heading(text: str, sentences: Sequence[Span], after: Sequence[bool], index: int) -> bool:
    """Tell whether the sentence is a short line of its own without a final stop."""
    span = sentences[index]
    alone = after[index] and (index == 0 or after[index - 1])
    if not alone or index + 1 == len(sentences) or len(span) > _HEADING_LENGTH:
        return False
    return not span.of(text).rstrip().endswith(_SENTENCE_ENDS)
