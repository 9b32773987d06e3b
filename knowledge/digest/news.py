"""Which sentence of an article carries its news: no model, a few features with a reason each.

In the manner of extractive summaries since Edmundson (1969, «New Methods in Automatic
Extracting»): position, the title's words, centrality and cue forms, here those of French news.
The weights were chosen on the shipped articles a01 to a18 alone; ``python -m
knowledge.evaluation --dataset digests`` tells what they are worth on the others. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from knowledge.articles import Sentence
from knowledge.digest.openings import opens_unresolved
from knowledge.digest.reading import ReadArticle, cosine, once_an_article, rarity_share, unit
from knowledge.search.reading import Reading

WEIGHTS: Mapping[str, float] = {
    "position": 1.6,  # news comes early, after an opening line at most
    "title": 2.0,  # the title tells it shorter
    "centrality": 1.2,  # the rest of the article is about it
    "event": 0.7,  # told as a thing done or to come
    "dated": 0.6,  # on a day
    "figures": 0.4,
    "names": 0.4,
    "short": -1.2,  # too short to tell anything
    "long": -0.8,
    "quoted": -1.6,  # somebody's words, not what happened
    "unresolved": -2.0,  # not to be understood alone: only where nothing else comes near
    "no_statement": -3.0,  # a question, a heading, a caption, a line of the site's own
}

_FIRST = 15  # sentences: news that comes later is not the article's
_PLACES = 5.0  # sentences after which the weight of the position has fallen to a third
_SHORT, _LONG = 60, 420  # characters
_REPEATED = 1.5  # points that saying wholly again what was told costs
_EVENT = re.compile(
    r"\b(?:a|ont|est|sont|a été|ont été|s['’]est|se sont|vient de|viennent de)\s"
    r"(?:(?:été|dû|pu|pas|plus|aussi|déjà|enfin|ainsi|officiellement|\w+ment)\s)*"
    r"(?!plus\b|pas\b|jamais\b)[^\W\d_]{2,}(?:é|i|u|is|it|ert|int)(?:e|s|es)?\b"
    r"|\b[^\W\d_]{3,}(?:era|eront|ira|iront|dra|dront)\b"
)
_DAY = re.compile(
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|aujourd['’]hui)\b"
    r"|\b(?:1er|\d{1,2})\s(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre"
    r"|novembre|décembre)\b",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"«[^«»]*(?:»|\Z)|“[^“”]*(?:”|\Z)|(?<!\w)\"[^\"]*(?:\"|\Z)")
_BOILERPLATE = re.compile(
    r"^(?:lire aussi|à lire|voir aussi|sur le même sujet|abonnez|s['’]abonner|inscrivez|partage[rz]"
    r"|suivez|publié le|mis à jour|crédits?\b|photo|©|tous droits|laisse[rz] un commentaire"
    r"|cet article (?:est|a été)|article réservé|connectez|télécharge[rz]|newsletter|rectificatif"
    r"|correction|copyright|propos recueillis|\(?avec (?:afp|reuters))",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"^[^.!?]{0,120}(?:©|/ ?(?:AFP|Reuters|DR|Getty)\b|\(photo\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may tell the news, and how well it would."""

    sentence: Sentence
    reading: Reading
    score: float


@once_an_article
def news_candidates(article: ReadArticle) -> tuple[Candidate, ...]:
    """Return the first 15 sentences of `article`, the one that tells its news best first."""
    scored = [
        Candidate(sentence, reading, score(features(article, place)))
        for place, (sentence, reading) in enumerate(
            zip(article.sentences[:_FIRST], article.readings[:_FIRST], strict=True)
        )
    ]
    return tuple(sorted(scored, key=lambda one: (-one.score, one.sentence.index)))


def score(values: Mapping[str, float]) -> float:
    """Return the weighted sum of features."""
    return sum(WEIGHTS[name] * value for name, value in values.items())


def features(article: ReadArticle, place: int) -> dict[str, float]:
    """Return the features of the sentence at `place`, each from 0 to 1."""
    reading = article.readings[place]
    text = reading.text.strip()
    plain = _QUOTATION.sub(" ", text)
    told = len(plain.strip()) / max(1, len(text))
    figures, dates = len(reading.numbers), len(reading.dates)
    vector = unit({stem: article.body.get(stem, 0.0) for stem in reading.stem_set})
    return {
        "position": exp(-place / _PLACES),
        "title": rarity_share(reading.stem_set, article.title_stems),
        "centrality": cosine(vector, article.body),
        "event": float(_EVENT.search(plain) is not None),
        "dated": float(_DAY.search(plain) is not None),
        "figures": min(max(figures - dates, 0), 2) / 2,
        "names": min(len(reading.names), 2) / 2,
        "short": max(0.0, 1.0 - len(text) / _SHORT),
        "long": min(max(0.0, len(text) / _LONG - 1.0), 1.0),
        "quoted": 1.0 - told if told < 0.7 else 0.0,
        "unresolved": float(opens_unresolved(text)),
        "no_statement": float(_is_no_statement(reading, text)),
    }


def _is_no_statement(reading: Reading, text: str) -> bool:
    if reading.is_question or reading.is_heading or not reading.stems:
        return True
    return bool(_BOILERPLATE.match(text) or _CAPTION.match(text))


def best_of(candidates: Sequence[Candidate], told: Sequence[Reading] = ()) -> Candidate:
    """Return the candidate to show where the sentences `told` are shown already.

    One that says again what was told gives way to another that is nearly as good.

    Raises:
        ValueError: there is no candidate.
    """
    if not candidates:
        raise ValueError("an article without sentences tells nothing")
    if not told:
        return candidates[0]
    return max(
        candidates,
        key=lambda one: (one.score - _REPEATED * _repeats(one, told), -one.sentence.index),
    )


def _repeats(candidate: Candidate, told: Sequence[Reading]) -> float:
    return max(rarity_share(other.stem_set, candidate.reading.stem_set) for other in told)
