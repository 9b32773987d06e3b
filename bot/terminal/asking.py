"""A question as it is typed, before it is asked."""

from __future__ import annotations

from bot import texts
from bot.views.wording import number
from knowledge.errors import SourcierError


class QuestionError(SourcierError):
    """The question is empty or longer than the settings allow."""


def readable_question(text: str, *, limit: int) -> str:
    """Return the question without the blanks around it.

    Raises:
        QuestionError: nothing is left, or more than `limit` characters.
    """
    question = text.strip()
    if not question:
        raise QuestionError("La question est vide : écrivez-la entre guillemets.")
    if len(question) > limit:
        raise QuestionError(
            texts.QUESTION_TOO_LONG.format(length=number(len(question)), limit=number(limit))
        )
    return question
