"""A question becomes an answer: the only module that knows the order of the steps.

::

    question ─► contextualise ─► retrieve ─► extract ─┬─► claims, or abstention
                                                      └─► evidence ─► model ─► claims ─► support
    ─► every quotation compared with the store ─► Answer
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.citations import check_citations
from knowledge.conversation import ContextualQuestion, contextualise
from knowledge.errors import GenerationCancelledError, GenerationTruncatedError, ModelError
from knowledge.findings import Findings, find
from knowledge.model.grammar import AnswerReader, ParsedClaim, answer_grammar
from knowledge.model.prompting import question_to_model, render_prompt
from knowledge.ports import ArticleStore, FinishReason, Generator, Token
from knowledge.progress import OnProgress, Reading
from knowledge.search.support import is_supported
from knowledge.types import Answer, AnswerMode, Citation, Claim, Evidence, SearchFilter

if TYPE_CHECKING:
    from knowledge.model.templates import PromptTemplate
    from knowledge.ports import Retriever
    from knowledge.types import Question

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How much work a question may cost, and how sure an extract must be."""

    hits: int = 20  # passages scored for an extract
    passages: int = 6  # passages read by the model
    max_answer_tokens: int = 400
    answer_seconds: float = 120.0  # of the model’s reading and writing
    minimum_confidence: float = 0.6  # of an extract, 0 to 1: below it, abstention
    reading_confidence: float = 0.15  # below it nothing found is worth the model’s reading
    temperature: float = 0.0  # 0: the likeliest token each time
    seed: int = 0  # of what is drawn at a temperature above 0


@dataclass(frozen=True, slots=True)
class Writer:
    """A chat model and the released template it is prompted with."""

    generator: Generator
    template: PromptTemplate


def write_claims(
    asked: ContextualQuestion,
    evidence: Sequence[Evidence],
    writer: Writer,
    *,
    limits: AnswerLimits,
    now: datetime,
    should_stop: Callable[[], bool] | None = None,
) -> Iterator[Claim]:
    """Yield what the model claims of `asked` from `evidence`, as it writes; nothing if it abstains.

    A claim keeps its wording only if its cited sentences bear it out, and is otherwise shown as
    its quotation alone. Closing the iterator ends the generation.

    Raises:
        GenerationTruncatedError: the answer reached its length limit.
        ModelError: any other failure of the generation.
    """
    style = writer.template.style
    question = question_to_model(asked.text, asked.carried)
    prompt = render_prompt(writer.template, question=question, evidence=evidence, now=now)
    pieces = writer.generator.complete(
        prompt,
        grammar=answer_grammar(len(evidence), style=style),
        max_tokens=limits.max_answer_tokens,
        deadline=time.monotonic() + limits.answer_seconds,
        should_stop=should_stop,
        temperature=limits.temperature,
        seed=limits.seed,
    )
    parsed = _parsed(pieces, AnswerReader(len(evidence), style=style))
    return _without_repeats(_cited(parsed, evidence))


def _parsed(pieces: Iterable[Token], reader: AnswerReader) -> Iterator[ParsedClaim]:
    """Yield the generated claims as they are complete, if the text is generated to its end."""
    finish = None
    for piece in pieces:
        yield from reader.feed(piece.text)
        finish = piece.finish
    if finish is not FinishReason.STOP:
        raise GenerationTruncatedError(
            "La réponse du modèle a atteint sa longueur limite : augmentez "
            "SOURCIER_MAX_ANSWER_TOKENS."
        )
    yield from reader.close()


def _cited(parsed: Iterable[ParsedClaim], evidence: Sequence[Evidence]) -> Iterator[Claim]:
    """Yield the claims with the citations their labels name, and the wording these bear out."""
    by_label = {item.label: item for item in evidence}
    for claim in parsed:
        cited = [by_label[label] for label in claim.labels]
        supported = is_supported(claim.text, [item.sentence.text for item in cited])
        citations = tuple(Citation.of_sentence(item.sentence, item.article) for item in cited)
        yield Claim(claim.text if supported else "", citations)


def _without_repeats(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Drop a claim that adds neither words nor a quotation to those before it."""
    shown: set[Citation] = set()
    said = {""}
    for claim in claims:
        new = [citation for citation in claim.citations if citation not in shown]
        if claim.text in said and not new:
            continue
        said.add(claim.text)
        shown.update(claim.citations)
        yield claim if claim.text else Claim("", tuple(new))


def answer_question(
    question: Question,
    *,
    retriever: Retriever,
    store: ArticleStore,
    limits: AnswerLimits,
    now: datetime,
    where: SearchFilter | None = None,
    writer: Writer | None = None,
    should_stop: Callable[[], bool] | None = None,
    on_progress: OnProgress | None = None,
) -> Answer:
    """Return the answer to `question`, every quotation of it checked, or an abstention.

    Without `writer` the answer is an extract. With one it is written, unless nothing found
    deserves to be read; when the model fails or is late the extract is the answer, and its mode
    says so. `on_progress` is told what the model reads, then each claim once it is checked.

    Raises:
        CitationError: a quotation is not the stored text; nothing may be shown.
        GenerationCancelledError: `should_stop` returned True.
        SourcierError: the store or an index failed.
    """
    asked = contextualise(question)
    findings = find(asked, retriever, store, limit=limits.hits, now=now, where=where)
    extracted = findings.extract(asked, limits.minimum_confidence)
    attempt = _Attempt(writer, limits, now, should_stop, _checked(on_progress, store))
    written = attempt.answer(asked, findings, extracted.confidence)
    claims, evidence = written or (extracted.claims, extracted.evidence)
    check_citations(_citations(claims), store)
    return Answer(
        question=question.text,
        claims=claims,
        mode=AnswerMode.MODEL if written else AnswerMode.EXTRACT,
        evidence=evidence,
        near=() if claims else findings.nearest(),
        newest=store.summary().newest,
        prompt_version=writer.template.version if writer and written else None,
        confidence=extracted.confidence,
    )


def _citations(claims: Iterable[Claim]) -> Iterator[Citation]:
    return (citation for claim in claims for citation in claim.citations)


def _checked(on_progress: OnProgress | None, store: ArticleStore) -> OnProgress:
    """Return what tells `on_progress`, of claims only those whose quotations are the store's."""

    def tell(progress: Reading | Claim) -> None:
        if on_progress is not None:
            check_citations(progress.citations if isinstance(progress, Claim) else (), store)
            on_progress(progress)

    return tell


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What a model may use to answer one question, and who is told of it as it writes."""

    writer: Writer | None
    limits: AnswerLimits
    now: datetime
    should_stop: Callable[[], bool] | None
    tell: OnProgress

    def answer(
        self, asked: ContextualQuestion, findings: Findings, confidence: float
    ) -> tuple[tuple[Claim, ...], tuple[Evidence, ...]] | None:
        """Return the model's claims and what it read, or None where the extract must do.

        That is: there is no model, nothing found is worth its reading by the `confidence` of the
        extract, or it failed.
        """
        if self.writer is None or confidence < self.limits.reading_confidence:
            return None
        try:
            return self._claims(asked, findings, self.writer)
        except GenerationCancelledError:
            raise
        except ModelError as error:
            passing = error.retryable or isinstance(error, GenerationTruncatedError)
            level = logging.WARNING if passing else logging.ERROR
            message = "Le modèle n’a pas répondu, l’extrait est affiché : %s"
            logger.log(level, message, error.message)
            return None

    def _claims(
        self, asked: ContextualQuestion, findings: Findings, writer: Writer
    ) -> tuple[tuple[Claim, ...], tuple[Evidence, ...]] | None:
        """Return the claims, each told at once, and the evidence; None if there is none to read."""
        limits = self.limits
        evidence = findings.evidence(
            asked,
            writer.generator,
            writer.template,
            passages=limits.passages,
            max_answer_tokens=limits.max_answer_tokens,
        )
        if not evidence:
            return None
        self.tell(_reading(findings, evidence, passages=limits.passages))
        claims = []
        for claim in write_claims(
            asked, evidence, writer, limits=limits, now=self.now, should_stop=self.should_stop
        ):
            self.tell(claim)
            claims.append(claim)
        return tuple(claims), evidence


def _reading(findings: Findings, evidence: Sequence[Evidence], *, passages: int) -> Reading:
    """Return how much of what was found the model is given to read."""
    read = {item.sentence for item in evidence}
    given = [
        hit.passage.article_id
        for hit in findings.hits[:passages]
        if not read.isdisjoint(findings.sentences.get(hit.passage.id, ()))
    ]
    return Reading(len(given), len(set(given)))
