"""Follow-up questions: what «Et combien coûtera-t-elle ?» takes from the question before. Pure.

A question that names its subject is left as it is; one that stands alone without a name («Quel
est le prix du billet ?») only prefers a little the article that answered before. One that leans
on the conversation (it opens with «et», has a pronoun and no noun for it, or hardly any word of
its own) carries over the words of the questions before it, at a lower weight, and prefers the
articles that answered them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge.search.question import (
    AnswerType,
    QuestionAnalysis,
    analyse_question,
    content_words,
)
from knowledge.text.characters import normalise
from knowledge.text.french import fold, tokenise
from knowledge.types import ArticleId, Exchange, Question

_CARRIED_EXCHANGES = 2
_FEW_WORDS = 2  # own content words at or below which a question cannot stand alone
_CONTINUES = re.compile(r"^(?:et|mais|alors|sinon|puis|ensuite|aussi|meme chose)\b")
_STRONG = re.compile(
    r"\bl'(?:a|ont|avait|avaient|aura|auront)\b|\b(?:celui-ci|celle-ci|ceux-ci|celles-ci|lui|cela"
    r"|ca|ce dernier|cette derniere|la-bas|dedans)\b|^(?:combien|pourquoi|quand|ou|comment|qui)"
    r"\s*\?*$|\b(?:va|vont|sera|seront|est|sont|a|ont|avait|etait|doit|peut|fait|faut)?"
    r"-(?:t-)?(?:il|elle|ils|elles)\b|\b(?:il|elle|ils|elles)\b"
)
_POSSESSIVE = re.compile(r"\b(?:son|sa|ses|leur|leurs|ce|cet|cette|ces|y|en)\b")
_WHOLE = re.compile(r"\b(?:est|sont|etait|etaient|sera|seront)\s(?:le|la|les|l')\s?[a-z]")
_CALENDAR = re.compile(
    r"(?:1[5-9]|20)\d\d|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre"
    r"|novembre|decembre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|demain"
)
_AT_PLACE = re.compile(r"(?<!\w)(?:à|a|au|aux|en|dans|vers|sur)\s(?:l[ae'’]s?\s?)?$", re.IGNORECASE)
_LONGEST_AT = 12  # characters that tell a place before its name, at most
_NOUN_SUBJECT = re.compile(r"\b(?:le|la|les|l'|un|une|des|du|au|aux|de la)\s?[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class ContextualQuestion:
    """A question with what it takes from the conversation; nothing if it names its subject.

    `carried` are words of earlier questions, the latest first; `articles` answered them.
    `asks_as` is the earlier question whose kind of answer is wanted («Et à Courvigny ?»).
    """

    text: str
    carried: tuple[str, ...] = ()
    articles: tuple[ArticleId, ...] = ()
    asks_as: str = ""

    @property
    def analysis(self) -> QuestionAnalysis:
        """What is asked; a question without a kind of answer of its own inherits one."""
        own = analyse_question(self.text)
        if not self.asks_as:
            return own
        before = analyse_question(self.asks_as)
        return replace(own, type=before.type, head=before.head, units=before.units)

    @property
    def is_follow_up(self) -> bool:
        """Whether the question leans on the conversation."""
        return bool(self.carried)

    @property
    def search_text(self) -> str:
        """What to search for: the question, then the words it carries over."""
        return " ".join((self.text, *self.carried))


def contextualise(question: Question) -> ContextualQuestion:
    """Return `question` with what it needs of its history, if it needs any.

    Its characters are made uniform as those of articles are: a zero-width space within a pasted
    word hides it from no search.
    """
    text = normalise(question.text)
    recent = tuple(
        replace(exchange, question=normalise(exchange.question))
        for exchange in question.history[: -_CARRIED_EXCHANGES - 1 : -1]
    )
    if not recent:
        return ContextualQuestion(text)
    if not is_elliptical(text):
        if analyse_question(text).names:
            return ContextualQuestion(text)
        return ContextualQuestion(text, articles=_articles(recent[:1]))
    own = set(analyse_question(text).stems)
    replaced = _replaced(text)
    carried: dict[str, str] = {}
    for position, exchange in enumerate(recent):
        if position and not is_elliptical(recent[position - 1].question):
            break  # the question before stood alone: what came earlier is another subject
        left = {kind for kind in replaced if position == 0 or kind == "place"}
        dropped = frozenset().union(*(_told(exchange.question, kind) for kind in left))
        for stem, word in content_words(exchange.question):
            if stem not in own and stem not in dropped:
                carried.setdefault(stem, word)
    asks_as = _asks_as(text, recent)
    return ContextualQuestion(text, tuple(carried.values()), _articles(recent), asks_as)


def _asks_as(text: str, recent: tuple[Exchange, ...]) -> str:
    """Return the latest question that tells a kind of answer, if `text` tells none."""
    for asked in (text, *(exchange.question for exchange in recent)):
        if analyse_question(asked).type is not AnswerType.OTHER:
            return "" if asked == text else asked
        if not is_elliptical(asked):
            break
    return ""


def _replaced(text: str) -> tuple[str, ...]:
    """Return what a follow-up gives anew, and so takes not from the question before."""
    return tuple(kind for kind in ("place", "time") if _told(text, kind))


def _told(text: str, kind: str) -> frozenset[str]:
    """Return the stems of the places («à Valmorin») or times («en 2025») of a question."""
    found: list[str] = []
    end = -1  # of the name being read: «Valcombe-sur-Aurelle» goes as one
    for token in tokenise(text):
        if kind == "time":
            if _CALENDAR.fullmatch(fold(token.text)):
                found.append(token.stem)
        elif text[end : token.start] == "-" or (
            token.text[0].isupper()
            and _AT_PLACE.search(text[max(0, token.start - _LONGEST_AT) : token.start])
        ):
            found.append(token.stem)
            end = token.end
    return frozenset(found)


def is_elliptical(text: str) -> bool:
    """Tell whether a question leans on what was said before it."""
    folded = fold(" ".join(text.split()))
    analysis = analyse_question(text)
    own = [stem for stem in analysis.stems if stem not in analysis.numbers]
    if not own:
        return True
    if _CONTINUES.match(folded):
        return not _is_whole(folded, analysis, own)
    if analysis.names:
        return False
    if len(own) <= 1:
        return True
    if _STRONG.search(folded) and not _NOUN_SUBJECT.search(folded):
        return True
    return len(own) <= _FEW_WORDS and _POSSESSIVE.search(folded) is not None


def _is_whole(folded: str, analysis: QuestionAnalysis, own: list[str]) -> bool:
    """Whether a question that opens with «et» names its subject and says enough of it."""
    nouns = [stem for stem in own if stem not in analysis.names]
    if not analysis.names or not nouns or analysis.type is AnswerType.OTHER:
        return False
    if _STRONG.search(folded) and not _NOUN_SUBJECT.search(folded):
        return False
    return len(nouns) >= _FEW_WORDS or _WHOLE.search(folded) is not None


def _articles(recent: tuple[Exchange, ...]) -> tuple[ArticleId, ...]:
    for exchange in recent:
        if exchange.article_ids:
            return tuple(dict.fromkeys(exchange.article_ids))
    return ()
