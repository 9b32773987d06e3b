"""How good the sentences of a digest are: ours beside the lead, LexRank and TextRank.

``coverage`` is the share of articles of which the sentence marked by hand (``demo/news.jsonl``) is
the one shown; ``redundancy`` the mean, over the sentences shown, of the greatest share of its words
(by rarity) that another one shown has too; ``unresolved`` the share that opens with «Il», «Cette
décision», «Par ailleurs». LexRank and TextRank are those of `sumy`, on our sentences and stems.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from knowledge.demo import demo_documents
from knowledge.digest.briefs import news_of
from knowledge.digest.events import events
from knowledge.digest.openings import opens_unresolved
from knowledge.digest.reading import ReadArticle, rarity_share
from knowledge.digest.stories import WindowStories
from knowledge.digest.subjects import Wanted
from knowledge.digest.types import NewArticle, Subjects, Window
from knowledge.errors import SourceError
from knowledge.evaluation.datasets import demo_dir, shared_dir
from knowledge.evaluation.memory_base import first_version
from knowledge.settings import MEBIBYTE
from knowledge.sources import read_document
from knowledge.sources.files import documents_in
from knowledge.text.french import STOPWORDS, content_stems, stem, tokenise
from knowledge.text.segmentation import segment
from knowledge.types import ArticleDraft, RawDocument, Sentence

_NOW = datetime(2026, 12, 1, tzinfo=UTC)
_WINDOW = Window(_NOW, _NOW + timedelta(minutes=1))

Pick = Callable[[Sequence[ReadArticle]], list[Sentence]]


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one way to choose sentences on one set, shares from 0 to 1."""

    articles: int
    shown: int
    coverage: float | None
    redundancy: float
    unresolved: float


def gold_news(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the acceptable news sentences of each shipped article, by its file's name.

    Raises:
        SourceError: the file is missing.
    """
    path = (folder or demo_dir()) / "news.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    except OSError as error:
        raise SourceError(
            f"Le fichier {path} manque ou est illisible.", subject=str(path)
        ) from error
    return {row["article"]: tuple(row["sentences"]) for row in rows}


def shipped_articles() -> dict[str, ReadArticle]:
    """Return the shipped articles by their files' names, without the later corrections."""
    return {
        str(document.filename).removesuffix(".md"): _read(document)
        for document in demo_documents()
        if "/corrections/" not in document.origin
    }


def _read(document: RawDocument) -> ReadArticle:
    return _article(read_document(document, max_bytes=MEBIBYTE, now=_NOW))


def _article(draft: ArticleDraft) -> ReadArticle:
    article, sentences = first_version(draft, segment(draft.text))
    return ReadArticle(NewArticle(article, sentences, _NOW))


def copy_of(article: ReadArticle) -> ReadArticle:
    """Return the article as another outlet would print it: less its third sentence, and signed."""
    known = article.new.article
    gone = article.sentences[2].text if len(article.sentences) > 3 else ""
    text = known.text.replace(gone, "", 1) + "\n\nReprise de dépêche."
    return _article(
        ArticleDraft(f"{known.id}#copie", known.title, text, outlet="Reprise", published=_NOW)
    )


def ours(articles: Sequence[ReadArticle]) -> list[Sentence]:
    """Return the sentences of our digest: duplicates merged, one sentence a story."""
    window = WindowStories(articles)
    found = events(window.stories, window.likenesses, Wanted(Subjects(), _WINDOW))
    return [best.sentence for event in found for _, best in news_of(event)]


def lead(articles: Sequence[ReadArticle]) -> list[Sentence]:
    """Return the first sentence of each article."""
    return [article.sentences[0] for article in articles]


def sumy_picks() -> Mapping[str, Pick]:
    """Return LexRank and TextRank; none where `sumy` (a development dependency) is missing."""
    try:
        from sumy.summarizers.lex_rank import LexRankSummarizer
        from sumy.summarizers.text_rank import TextRankSummarizer
    except ImportError:
        return {}
    return {"LexRank": _Sumy(LexRankSummarizer), "TextRank": _Sumy(TextRankSummarizer)}


class _Words:
    """Our words where `sumy` wants a tokeniser; its own would fetch a model."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(token.text for token in tokenise(text))


class _Sumy:
    def __init__(self, kind: Callable[..., object]) -> None:
        self._summarise = kind(stem)
        self._summarise.stop_words = STOPWORDS  # type: ignore[attr-defined]  # untyped library

    def __call__(self, articles: Sequence[ReadArticle]) -> list[Sentence]:
        return [self._best(article) for article in articles]

    def _best(self, article: ReadArticle) -> Sentence:
        from sumy.models.dom import ObjectDocumentModel, Paragraph
        from sumy.models.dom import Sentence as SumySentence

        told = [SumySentence(one.text, _Words()) for one in article.sentences]
        document = ObjectDocumentModel([Paragraph(told)])
        chosen = self._summarise(document, 1)  # type: ignore[operator]  # untyped library
        place = next(at for at, one in enumerate(told) if one is chosen[0])
        return article.sentences[place]


def score(shown: Sequence[Sentence], gold: Mapping[str, Iterable[str]], articles: int) -> Score:
    """Return the figures of the sentences `shown`; `gold` is by article id, and may be empty."""
    told = {(one.article_id, one.text) for one in shown}
    covered = [any((key, text) in told for text in texts) for key, texts in gold.items()]
    stems = [frozenset(content_stems(one.text)) for one in shown]
    return Score(
        articles,
        len(shown),
        sum(covered) / len(covered) if covered else None,
        sum(_repeated(stems)) / len(stems),
        sum(opens_unresolved(one.text) for one in shown) / len(shown),
    )


def _repeated(stems: Sequence[frozenset[str]]) -> Iterator[float]:
    for place, own in enumerate(stems):
        others = (*stems[:place], *stems[place + 1 :])
        yield max((rarity_share(other, own) for other in others), default=0.0)


def measure() -> dict[str, dict[str, Score]]:
    """Return the scores by set, then by way of choosing.

    Sets: ``shipped a`` (the weights were chosen on it), ``shipped b`` (they were not), ``copies``
    (both, each printed by a second outlet), ``press`` (the shared folder, without gold; left out
    where it is missing).
    """
    named = shipped_articles()
    gold = gold_news()
    by_id = {article.new.id: gold[name] for name, article in named.items()}
    sets = {
        f"shipped {half}": [one for name, one in named.items() if name.startswith(half)]
        for half in "ab"
    }
    everything = list(named.values())
    sets["copies"] = [*everything, *map(copy_of, everything)]
    if press := list(_press()):
        sets["press"] = press
    picks: dict[str, Pick] = {"ours": ours, "lead": lead, **sumy_picks()}
    return {
        name: {
            way: score(
                pick(articles),
                {one.new.id: by_id[one.new.id] for one in articles if one.new.id in by_id},
                len(articles),
            )
            for way, pick in picks.items()
        }
        for name, articles in sets.items()
    }


def _press() -> Iterator[ReadArticle]:
    folder = shared_dir() / "articles"
    if folder.is_dir():
        for document in documents_in(folder, max_bytes=MEBIBYTE):
            if isinstance(document, RawDocument):
                yield _read(document)


def as_json(results: Mapping[str, Mapping[str, Score]]) -> dict[str, object]:
    """Return the scores, ready for JSON."""
    return {
        name: {way: asdict(found) for way, found in ways.items()} for name, ways in results.items()
    }


def table(results: Mapping[str, Mapping[str, Score]]) -> str:
    """Return the scores as lines of text, one a set and way of choosing."""
    columns = ("articles", "shown", "coverage", "redundancy", "unresolved")
    lines = [f"{'':<24}" + "".join(f"{name:>12}" for name in columns)]
    for name, ways in results.items():
        for way, found in ways.items():
            values = (getattr(found, column) for column in columns)
            lines.append(f"{name + ', ' + way:<24}" + "".join(f"{_shown(v):>12}" for v in values))
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
