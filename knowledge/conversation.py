"""Follow-up questions: what «Et combien coûtera-t-elle ?» takes from the question before. Pure.

A question that names its subject is left as it is; one that stands alone without a name («Quel
est le prix du billet ?») only prefers a little the article that answered before. One that leans
on the conversation (it opens with «et», has a pronoun and no noun for it, or hardly any word of
its own) carries over the words of the questions before it, at a lower weight, and prefers the
articles that answered them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.search.question import analyse_question, content_words
from knowledge.text.french import fold
from knowledge.types import ArticleId, Exchange, Question

_CARRIED_EXCHANGES = 2
_FEW_WORDS = 2  # own content words at or below which a question cannot stand alone
_CONTINUES = re.compile(r"^(?:et|mais|alors|sinon|puis|ensuite|aussi|meme chose)\b")
_REFERS = re.compile(
    r"-(?:t-)?(?:il|elle|ils|elles)\b|\b(?:il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|celles-ci"
    r"|lui|leur|leurs|son|sa|ses|en|y|l'(?:a|ont|avait|aura)|la|le|les|cela|ca|ce dernier"
    r"|cette derniere|ce|cet|cette|ces|celui|celle|la-bas|dedans|dessus)\b"
)
_STRONG = re.compile(
    r"\bl'(?:a|ont|avait|avaient|aura|auront)\b|\b(?:celui-ci|celle-ci|ceux-ci|celles-ci|lui|cela"
    r"|ca|ce dernier|cette derniere|la-bas|dedans)\b|^(?:combien|pourquoi|quand|ou|comment|qui)"
    r"\s*\?*$|\b(?:va|vont|sera|seront|est|sont|a|ont|avait|etait|doit|peut|fait|faut)?"
    r"-(?:t-)?(?:il|elle|ils|elles)\b|\b(?:il|elle|ils|elles)\b"
)
_POSSESSIVE = re.compile(r"\b(?:son|sa|ses|leur|leurs|ce|cet|cette|ces|y|en)\b")
_NOUN_SUBJECT = re.compile(r"\b(?:le|la|les|l'|un|une|des|du|au|aux|de la)\s?[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class ContextualQuestion:
    """A question with what it takes from the conversation; nothing if it names its subject.

    `carried` are words of earlier questions, the latest first; `articles` answered them.
    """

    text: str
    carried: tuple[str, ...] = ()
    articles: tuple[ArticleId, ...] = ()

    @property
    def is_follow_up(self) -> bool:
        """Whether the question leans on the conversation."""
        return bool(self.carried)

    @property
    def search_text(self) -> str:
        """What to search for: the question, then the words it carries over."""
        return " ".join((self.text, *self.carried))


def contextualise(question: Question) -> ContextualQuestion:
    """Return `question` with what it needs of its history, if it needs any."""
    if not question.history:
        return ContextualQuestion(question.text)
    recent = question.history[: -_CARRIED_EXCHANGES - 1 : -1]
    if not is_elliptical(question.text):
        if analyse_question(question.text).names:
            return ContextualQuestion(question.text)
        return ContextualQuestion(question.text, articles=_articles(recent[:1]))
    own = set(analyse_question(question.text).stems)
    carried: dict[str, str] = {}
    for position, exchange in enumerate(recent):
        if position and not is_elliptical(recent[position - 1].question):
            break  # the question before stood alone: what came earlier is another subject
        for stem, word in content_words(exchange.question):
            if stem not in own:
                carried.setdefault(stem, word)
    return ContextualQuestion(question.text, tuple(carried.values()), _articles(recent))


def is_elliptical(text: str) -> bool:
    """Tell whether a question leans on what was said before it."""
    folded = fold(" ".join(text.split()))
    analysis = analyse_question(text)
    own = [stem for stem in analysis.stems if stem not in analysis.numbers]
    if _CONTINUES.match(folded) or not own:
        return True
    if analysis.names:
        return False
    if len(own) <= 1:
        return True
    if _STRONG.search(folded) and not _NOUN_SUBJECT.search(folded):
        return True
    return len(own) <= _FEW_WORDS and _POSSESSIVE.search(folded) is not None


def _articles(recent: tuple[Exchange, ...]) -> tuple[ArticleId, ...]:
    for exchange in recent:
        if exchange.article_ids:
            return tuple(dict.fromkeys(exchange.article_ids))
    return ()
