"""The clean text of an article: what the store keeps and what offsets refer to.

Nothing is rewritten: lines that are not the article go (residue, credits), lines that a
program broke are joined, white space is made uniform. Every other character stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.text.characters import normalise
from knowledge.text.credits import Credit, read_credit
from knowledge.text.paragraphs import Block, set_headlines_apart, unwrap
from knowledge.text.residue import is_residue

_MOST_PASSES = 20  # each pass only removes; two are enough for all but contrived texts
_BYLINE_DEPTH = 3  # paragraphs from the start within which a by-line may stand


@dataclass(frozen=True, slots=True)
class CleanText:
    """A clean text (empty if nothing but residue was there) and who is credited in it.

    `author` comes from by-lines («Par Jean Dupont»), `contributors` from the other credits.
    """

    text: str
    contributors: tuple[str, ...] = ()
    author: str | None = None


def clean_text(text: str) -> CleanText:
    """Return `text` clean: uniform characters, no residue, credits taken out, paragraphs apart.

    Paragraphs are separated by one blank line. Never raises; cleaning a clean text changes
    nothing; time is linear in the length of the text.
    """
    blocks = _without_residue([block.split("\n") for block in normalise(text).split("\n\n")])
    credited: list[Credit] = []
    for _ in range(_MOST_PASSES):
        before = blocks
        blocks = set_headlines_apart(unwrap(blocks))
        if not _take_credits(blocks, credited) and blocks == before:
            break
        blocks = _without_residue(blocks)  # a notice that was wrapped is now one line
    authors = dict.fromkeys(name for credit in credited for name in credit.authors)
    contributors = dict.fromkeys(name for credit in credited for name in credit.contributors)
    return CleanText(
        "\n\n".join("\n".join(block) for block in blocks),
        tuple(name for name in contributors if name not in authors),
        ", ".join(authors) or None,
    )


def _without_residue(blocks: list[Block]) -> list[Block]:
    """Return the blocks cut where residue stood: what it kept apart stays apart."""
    kept: list[Block] = []
    for block in blocks:
        part: Block = []
        for line in block:
            if line and not is_residue(line):
                part.append(line)
            elif part:
                kept.append(part)
                part = []
        if part:
            kept.append(part)
    return kept


def _take_credits(blocks: list[Block], credited: list[Credit]) -> bool:
    """Move the credits at both ends of `blocks` to `credited`; tell whether there were any."""
    known = len(credited)
    while blocks and (credit := read_credit(blocks[0][0])):
        credited.append(credit)
        _drop_line(blocks, 0, 0)
    for index in range(1, min(_BYLINE_DEPTH, len(blocks))):
        credit = read_credit(blocks[index][0])
        if credit and credit.authors:
            credited.append(credit)
            _drop_line(blocks, index, 0)
            break
    closing: list[Credit] = []
    while blocks and (credit := read_credit(blocks[-1][-1])):
        closing.insert(0, credit)
        _drop_line(blocks, -1, -1)
    credited.extend(closing)
    return len(credited) > known


def _drop_line(blocks: list[Block], block: int, line: int) -> None:
    del blocks[block][line]
    if not blocks[block]:
        del blocks[block]
