"""Digests as messages: text and entities, never markup. Pure.

A digest is split between its blocks, never within one: a block is a quotation with its source, or
a line. Each part says which window it is of and which part of how many, and names its event again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import count

from bot import texts as common
from bot.digests.parcels import DigestPart, span_of
from bot.texts import digests as texts
from bot.views.fragment import article_link, sentence_link
from bot.views.layout import Reference, SourceLine, inline_prose, source_line, spoken_by
from bot.views.messages import Block, EntityType, Message, Writer, inline, is_invisible, split_words
from bot.views.quotation import write_quote, write_source
from bot.views.window_words import window_heading
from knowledge.digest.types import Contrast, Digest, DigestItem, Source
from knowledge.types import AnswerMode, Citation, Claim

_LONGEST_PROSE = 3000  # UTF-16 units of a block of prose
_LONGEST_BLOCK = 3700  # what leaves room for the window and the group above it
_LONGEST_HEADING = 100  # characters of a group's name
_LONGEST_NAME = 60  # characters of another outlet's name
_SHORT = 80  # characters of a title where the whole line and the quotation are too much
_NAMED = 4  # other outlets of one story
_WORST = 99  # parts: what room is left for their numbers

_Citations = tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of the digest: its place, and what is written above it."""

    place: int
    name: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block of a digest, the group that it belongs to if that has a name, and what it quotes."""

    block: Block
    group: _Group | None = None
    citations: _Citations = ()


_Laid = dict[tuple[Citation, int | None, tuple[Source, ...]], Block]


class DigestRenderer:
    """Renders the digests of one batch: a quotation that several show is laid out once.

    What it keeps grows with the batch: it goes with it.
    """

    def __init__(self) -> None:
        self._laid: _Laid = {}

    def render(
        self, digest: Digest, *, zone: tzinfo, heading: str | None = None
    ) -> tuple[DigestPart, ...]:
        """Return the digest's messages with what each quotes.

        Above each stands `heading`, or else the window in the time of `zone`.
        """
        heading = heading or window_heading(digest.window, zone)
        bodies = list(_filled(_pieces(digest, self._laid), _head(heading, _WORST, _WORST)))
        return tuple(
            _part(_head(heading, number, len(bodies)), body)
            for number, body in enumerate(bodies, 1)
        )


def render_digest(
    digest: Digest, *, zone: tzinfo, heading: str | None = None
) -> tuple[DigestPart, ...]:
    """Return what :meth:`DigestRenderer.render` does, for one digest alone."""
    return DigestRenderer().render(digest, zone=zone, heading=heading)


def _head(heading: str, part: int, parts: int) -> Block:
    writer = Writer().write(heading, EntityType.BOLD)
    if parts > 1:
        writer.write(" " + texts.PART.format(part=part, parts=parts))
    return writer.block()


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands under the head of one part, and what it quotes."""

    block: Block
    group: _Group | None
    citations: _Citations


def _filled(pieces: Iterable[_Piece], head: Block) -> Iterator[_Body]:
    """Yield the bodies of the parts, each with as many pieces as fit under `head`."""
    body: _Body | None = None
    for piece in pieces:
        longer = _longer(body, piece) if body else _opening(piece, None)
        if body is not None and not head.then(longer.block).fits():
            yield body
            longer = _opening(piece, body.group)
        body = longer
    if body is not None:
        yield body


def _opening(piece: _Piece, before: _Group | None) -> _Body:
    """Return a body of one piece, which says if it goes on with the group of the part before."""
    block = piece.block
    if piece.group is not None:
        goes_on = piece.group == before
        name = texts.GROUP_CONTINUED.format(piece.group.name) if goes_on else piece.group.name
        block = _name(name).then(block)
    return _Body(block, piece.group, piece.citations)


def _longer(body: _Body, piece: _Piece) -> _Body:
    block = body.block
    if piece.group is not None and piece.group != body.group:
        block = block.then(_name(piece.group.name))
    return _Body(block.then(piece.block), piece.group, (*body.citations, *piece.citations))


def _name(name: str) -> Block:
    return Writer().write(name, EntityType.BOLD).block()


def _part(head: Block, body: _Body) -> DigestPart:
    block = head.then(body.block)
    return DigestPart(Message(block.text, block.entities), tuple(map(span_of, body.citations)))


def _pieces(digest: Digest, laid: _Laid) -> Iterator[_Piece]:
    numbers = count(1)
    for place, group in enumerate(digest.groups):
        name = group.heading or (texts.GROUP_WITHOUT_NAME if len(group.items) > 1 else "")
        known = _Group(place, inline(name, limit=_LONGEST_HEADING)) if name else None
        for item in group.items:
            for block, citations in _item(item, numbers, laid):
                yield _Piece(block, known, citations)
    if digest.left_out:
        line = texts.LEFT_OUT_ONE if digest.left_out == 1 else texts.LEFT_OUT
        yield _Piece(_line(line.format(digest.left_out)))
    if digest.mode is AnswerMode.MODEL:
        yield _Piece(_line(common.MODEL_WROTE))


def _line(text: str) -> Block:
    return Writer().write(text, EntityType.ITALIC).block()


def _item(
    item: DigestItem, numbers: Iterator[int], laid: _Laid
) -> Iterator[tuple[Block, _Citations]]:
    """Yield the prose if there is any, each quotation once, the sources, then the figures."""
    cited = tuple(dict.fromkeys(one for claim in item.claims for one in claim.citations))
    numbered: dict[Citation, int | None] = dict.fromkeys(cited)
    if any(claim.text for claim in item.claims):
        numbered = dict(zip(cited, numbers, strict=False))
        for claim in item.claims:
            yield from _prose(claim, numbered)
    for citation, number in numbered.items():
        last = citation == cited[-1]
        yield _quotation(citation, number, laid, item.sources if last else ()), (citation,)
    for contrast in item.figures:
        yield from _contrast(contrast, cited, laid)


def _prose(
    claim: Claim, numbered: Mapping[Citation, int | None]
) -> Iterator[tuple[Block, _Citations]]:
    if claim.text.strip():
        marks = sorted(number for one in claim.citations if (number := numbered[one]) is not None)
        for part in split_words(inline_prose(claim.text, marks), limit=_LONGEST_PROSE):
            yield Block(part.strip(" \n")), ()


def _contrast(
    contrast: Contrast, cited: _Citations, laid: _Laid
) -> Iterator[tuple[Block, _Citations]]:
    """Yield the sentences whose figures differ, but those that stand just above."""
    above = set(map(span_of, cited))
    others = [one for one in contrast.citations if span_of(one) not in above]
    heading = texts.CONTRAST
    if len(others) < len(contrast.citations):
        heading = texts.OTHER_FIGURE if len(others) == 1 else texts.OTHER_FIGURES
    for place, citation in enumerate(others):
        block = _quotation(citation, None, laid)
        yield (_line(heading).then(block, "\n") if place == 0 else block), (citation,)


def _quotation(
    citation: Citation, number: int | None, laid: _Laid, sources: tuple[Source, ...] = ()
) -> Block:
    """Return the quotation as it is `laid` out, or lay it out."""
    key = (citation, number, sources)
    if key not in laid:
        laid[key] = _laid_out(citation, number, sources)
    return laid[key]


def _laid_out(citation: Citation, number: int | None, sources: Sequence[Source]) -> Block:
    """Return the whole sentence with its source; names are shortened where they must be."""
    whole = _quote_block(citation, number, sources, shortened=False)
    if whole.units <= _LONGEST_BLOCK:
        return whole
    return _quote_block(citation, number, sources, shortened=True)


def _quote_block(
    citation: Citation, number: int | None, sources: Sequence[Source], *, shortened: bool
) -> Block:
    article = citation.article
    line = source_line(Reference(citation, number))
    if shortened:
        title = inline(article.title, limit=_SHORT) or common.UNTITLED
        line = SourceLine(line.before, title, spoken_by(citation))
    writer = Writer()
    write_quote(writer, citation, citation.span)
    writer.write("\n")
    write_source(writer, line, sentence_link(article.url, article.text, citation.span))
    if sources:
        writer.write("\n")
        _write_sources(writer, () if shortened else sources, 1 + len(sources))
    return writer.block()


def _write_sources(writer: Writer, sources: Sequence[Source], total: int) -> None:
    """Write how many outlets have the story, and the names of the first few, linked."""
    named = [
        (name, article_link(source.url))
        for source in sources
        if not is_invisible(name := inline(source.outlet or "", limit=_LONGEST_NAME))
    ][:_NAMED]
    before, _, after = texts.SOURCES.partition("{names}")
    if not named:
        writer.write(texts.SOURCES_UNNAMED.format(count=total))
        return
    writer.write(before.format(count=total))
    more = total - 1 - len(named)
    for place, (name, link) in enumerate(named):
        is_last = place == len(named) - 1 and not more
        writer.write((texts.AND if is_last else ", ") if place else "")
        writer.write(name, EntityType.TEXT_LINK if link else None, link)
    if more:
        writer.write(texts.AND_ONE_MORE if more == 1 else texts.AND_MORE.format(more))
    writer.write(after)
