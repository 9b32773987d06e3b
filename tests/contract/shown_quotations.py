"""Checks of everything a reader is shown of an answer, against the store it was made from."""

import json
from collections.abc import Iterator

from bot.terminal.answer_json import answer_object
from bot.views.messages import Message, carriable
from bot.views.plain import render_plain
from bot.views.render import render_answer
from knowledge.ports import ArticleStore
from knowledge.types import Answer, Citation
from tests.telegram_server import formatted
from tests.telegram_server.entities import check_size
from tests.telegram_server.text import utf16_slice


def check_shown(store: ArticleStore, answer: Answer) -> int:
    """Prove the messages, the plain text and the JSON of `answer`; return its blockquotes.

    Each quotation is compared with the slice that the store gives now, whatever the answer holds.
    Of a message it may lack what Telegram itself would take out, and nothing else.
    """
    distinct = {(each.article.id, each.article.version, each.span): each for each in _cited(answer)}
    slices = [stored_slice(store, citation) for citation in distinct.values()]
    messages = render_answer(answer)
    for message in messages:
        _check_sendable(message)
    blocks = [text for message in messages for text in _blockquotes(message)]
    _check_blocks(blocks, slices)
    _check_plain(render_plain(answer), slices)
    _check_json(store, answer)
    return len(blocks)


def stored_slice(store: ArticleStore, citation: Citation) -> str:
    """Return the characters that the store holds where `citation` says it quotes."""
    return _slice(
        store,
        citation.article.id,
        citation.article.version,
        citation.span.start,
        citation.span.end,
    )


def _slice(store: ArticleStore, article: str, version: int, start: int, end: int) -> str:
    stored = store.article(article, version)
    assert stored is not None
    assert 0 <= start < end <= len(stored.text)
    return stored.text[start:end]


def _cited(answer: Answer) -> Iterator[Citation]:
    for claim in answer.claims:
        yield from claim.citations


def _blockquotes(message: Message) -> Iterator[str]:
    for entity in message.entities:
        if entity.type.value in {"blockquote", "expandable_blockquote"}:
            yield utf16_slice(message.text, entity.offset, entity.length)


def _check_sendable(message: Message) -> None:
    """Prove that a strict Telegram takes the message, and changes nothing of it."""
    entities = [
        {"type": each.type.value, "offset": each.offset, "length": each.length}
        | ({"url": each.url} if each.url else {})
        for each in message.entities
    ]
    kept = formatted.fix(message.text, entities, ())
    assert (kept.text, list(kept.entities)) == (message.text, entities)
    assert len(message.text.encode("utf-16-le")) // 2 <= 4096
    assert len(entities) <= 100
    check_size(entities)


def _check_blocks(blocks: list[str], slices: list[str]) -> None:
    """Prove that the blockquotes, in order, are the slices: each in one, or in several joined."""
    waiting = iter(blocks)
    for expected in map(carriable, slices):
        shown = next(waiting)
        while shown != expected:
            assert expected.startswith(shown)
            shown += next(waiting)
    assert list(waiting) == []


def _check_plain(text: str, slices: list[str]) -> None:
    position = 0
    for expected in slices:
        marked = "> " + carriable(expected).replace("\n", "\n> ") + "\n"
        position = text.index(marked, position) + len(marked)


def _check_json(store: ArticleStore, answer: Answer) -> None:
    shown = json.loads(json.dumps(answer_object(answer, seconds=0.0)))
    citations = [each for claim in shown["claims"] for each in claim["citations"]]
    assert len(citations) == len(list(_cited(answer)))
    for each in citations:
        place = (each["article"]["id"], each["version"], each["start"], each["end"])
        assert each["quote"] == _slice(store, *place)
