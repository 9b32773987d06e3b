"""A few written lines an event, each claim checked and quoted like those of an answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.answer import AnswerLimits, write_claims
from knowledge.conversation import ContextualQuestion
from knowledge.digest.events import Event
from knowledge.digest.news import news_candidates
from knowledge.digest.stories import Story
from knowledge.digest.types import DigestItem, Source
from knowledge.errors import GenerationCancelledError, ModelError
from knowledge.model.grammar import AnswerStyle
from knowledge.model.prompting import (
    FRAME_TOKENS,
    LABEL_TOKENS,
    article_heading,
    reading_order,
    shown_to_model,
)
from knowledge.model.templates import PromptTemplate, load_template
from knowledge.text.french import fold
from knowledge.types import Claim, Evidence, Sentence

if TYPE_CHECKING:
    from knowledge.answer import Writer
    from knowledge.ports import Generator

logger = logging.getLogger(__name__)

TEMPLATE = "digest.v1"
MOST_READ = 4  # stories of one event
_SENTENCES = 8  # of one story


@dataclass(frozen=True, slots=True)
class DigestLimits:
    """How long the writing of digests may take, and how long what is written may be."""

    event_seconds: float = 60.0  # for one event
    seconds: float = 240.0  # for all events of one call
    max_tokens: int = 300  # of one event


@dataclass
class Synthesis:
    """Writes events while time lasts; what was written of an event serves every digest.

    A model configured to answer by labels alone writes nothing here.
    """

    writer: Writer | None
    limits: DigestLimits
    now: datetime
    should_stop: Callable[[], bool] | None = None
    _started: float = field(default_factory=time.monotonic)
    _written: dict[tuple[str, ...], DigestItem | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.writer is not None:
            prose = self.writer.template.style is AnswerStyle.WRITTEN
            self.writer = replace(self.writer, template=load_template(TEMPLATE)) if prose else None

    @property
    def is_possible(self) -> bool:
        """Whether there is a model that writes."""
        return self.writer is not None

    def item(self, event: Event) -> DigestItem | None:
        """Return the written item, or None if there is no model, no time, or nothing to write.

        Raises:
            GenerationCancelledError: `should_stop` returned True.
        """
        key = tuple(story.lead.new.id for story in event.stories)
        if key not in self._written:
            self._written[key] = self._item(event)
        return self._written[key]

    def _item(self, event: Event) -> DigestItem | None:
        left = self.limits.seconds - (time.monotonic() - self._started)
        if self.writer is None or left <= 0:
            return None
        try:
            claims = self._claims(event, self.writer, min(left, self.limits.event_seconds))
        except GenerationCancelledError:
            raise
        except ModelError as error:
            logger.warning("Le modèle n’a pas résumé, les phrases sont citées : %s", error.message)
            return None
        if not any(claim.text for claim in claims):
            return None  # an abstention, or nothing that its quotations bear out
        article = claims[0].citations[0].article
        return DigestItem(article, claims, _other_sources(event, claims), event.contrasts)

    def _claims(self, event: Event, writer: Writer, seconds: float) -> tuple[Claim, ...]:
        evidence = event_evidence(event, writer.generator, writer.template, self.limits)
        if not evidence:
            return ()
        subject = ContextualQuestion(event.stories[0].lead.new.article.title)
        limits = AnswerLimits(max_answer_tokens=self.limits.max_tokens, answer_seconds=seconds)
        return tuple(
            write_claims(
                subject,
                evidence,
                writer,
                limits=limits,
                now=self.now,
                should_stop=self.should_stop,
            )
        )


def event_evidence(
    event: Event, generator: Generator, template: PromptTemplate, limits: DigestLimits
) -> tuple[Evidence, ...]:
    """Return the sentences that the model reads of `event`, within its context, numbered.

    The most telling of each story in turn, so that each is heard before one is heard out.
    """
    fixed = generator.count_tokens(template.system + template.user)
    left = generator.context_tokens - limits.max_tokens - fixed - FRAME_TOKENS
    told = event.stories[:MOST_READ]
    for story in told:
        left -= generator.count_tokens(article_heading(story.lead.new.article)) + LABEL_TOKENS
    chosen: list[tuple[Story, Sentence]] = []
    for story, sentence in _in_turn(told):
        cost = generator.count_tokens(shown_to_model(sentence.text)) + LABEL_TOKENS
        if cost <= left:
            left -= cost
            chosen.append((story, sentence))
    chosen.sort(key=lambda pair: reading_order(pair[0].lead.new.article, pair[1]))
    return tuple(
        Evidence(label, sentence, story.lead.new.article)
        for label, (story, sentence) in enumerate(chosen, 1)
    )


def _in_turn(stories: Sequence[Story]) -> Iterator[tuple[Story, Sentence]]:
    telling = [news_candidates(story.lead)[:_SENTENCES] for story in stories]
    for rank in range(_SENTENCES):
        for story, candidates in zip(stories, telling, strict=True):
            if rank < len(candidates):
                yield story, candidates[rank].sentence


def _other_sources(event: Event, claims: Sequence[Claim]) -> tuple[Source, ...]:
    """Return the outlets of the event that no claim cites, once each."""
    articles = [citation.article for claim in claims for citation in claim.citations]
    seen = {fold(article.outlet) for article in articles if article.outlet}
    found = []
    for story in event.stories:
        for source in (Source.of(story.lead.new.article), *story.sources):
            if source.outlet and fold(source.outlet) not in seen:
                seen.add(fold(source.outlet))
                found.append(source)
    return tuple(found)
