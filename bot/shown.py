"""What readers were shown, as it is remembered: which quotations in which message. Pure.

Never a question: at most its hash, keyed with the base's id, so that votes on the same question
can be counted together and nobody can look a question up in a table of hashes.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.conversations import Place
from bot.views.layout import lay_out
from knowledge.articles import require_utc
from knowledge.types import Answer, ArticleId, Span

_HASH_BYTES = 16


class ShownKind(StrEnum):
    """What a message is."""

    ANSWER = "answer"
    ABSTENTION = "abstention"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class ShownCitation:
    """A quotation that was shown: its number within the answer, and where its text stands.

    `context_id` is the message that shows what stands around it, if one was sent.
    """

    number: int
    article_id: ArticleId
    version: int
    span: Span
    context_id: int | None = None


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message and its quotations.

    Its answer begins with `first_message_id` and has so many `quotations` in all its messages.
    """

    place: Place
    message_id: int
    first_message_id: int
    kind: ShownKind
    mode: str
    question_hash: str | None
    sent_at: datetime
    citations: tuple[ShownCitation, ...] = ()
    quotations: int = 0

    def __post_init__(self) -> None:
        require_utc(self.sent_at, "sent_at")

    def citation(self, number: int) -> ShownCitation | None:
        """Return the quotation of that number, None if the message shows none."""
        return next((each for each in self.citations if each.number == number), None)


class VoteOutcome(StrEnum):
    """What a press did to a reader's vote."""

    CAST = "cast"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


def question_hash(question: str, *, key: str) -> str:
    """Return the keyed hash of a question, whatever its case, its blanks and their kind.

    32 hexadecimal digits of BLAKE2b (RFC 7693), keyed with the base's id (up to 64 bytes).
    """
    folded = " ".join(unicodedata.normalize("NFKC", question).casefold().split())
    return _keyed(folded, key, b"question")


def voter_hash(user_id: int, *, key: str) -> str:
    """Return what stands for a reader in the votes of one base."""
    return _keyed(str(user_id), key, b"voter")


def _keyed(text: str, key: str, purpose: bytes) -> str:
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"),
        digest_size=_HASH_BYTES,
        key=key.encode(),
        person=purpose,
    ).hexdigest()


def shown_answer(
    answer: Answer,
    delivered: Sequence[tuple[int | None, tuple[int, ...]]],
    *,
    place: Place,
    key: str,
    now: datetime,
) -> tuple[ShownMessage, ...]:
    """Return what to remember of an answer: `delivered` has each message's id and quotations.

    A message whose id is not known (Telegram may have it) is left out.
    """
    quoted = {} if answer.abstained else dict(enumerate(lay_out(answer).references, 1))
    known = [(message, numbers) for message, numbers in delivered if message is not None]
    return tuple(
        ShownMessage(
            place,
            message,
            known[0][0],
            ShownKind.ABSTENTION if answer.abstained else ShownKind.ANSWER,
            answer.mode.value,
            question_hash(answer.question, key=key),
            now,
            tuple(
                ShownCitation(
                    number,
                    quoted[number].citation.article.id,
                    quoted[number].citation.article.version,
                    quoted[number].citation.span,
                )
                for number in numbers
            ),
            len(quoted),
        )
        for message, numbers in known
    )
