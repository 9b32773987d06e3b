"""New articles for the tests of digests, in memory or saved in a store."""

from datetime import UTC, datetime, timedelta

from knowledge.digest.reading import ReadArticle
from knowledge.digest.types import Arrival, Copy, NewArticle, Window
from knowledge.store.articles import SqlArticleStore
from knowledge.text.segmentation import segment
from knowledge.types import Article, ArticleDraft, Sentence, article_id, text_hash

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=1), NOW + timedelta(minutes=1))

POOL = (
    "Lundi 4 mai, le conseil municipal de Valmorin a voté la reconstruction de la piscine des "
    "Tanneurs, fermée depuis 2023. Il a fallu cinq heures de débat aux élus. Le chantier coûtera "
    "18 millions d’euros, selon la maire, Hélène Carvenec. L’opposition a quitté la salle avant le "
    "vote. « Nous ne signerons pas un chèque en blanc », a déclaré Bertrand Lesaulnier."
)
TRAIN = (
    "La ligne de Port-Lannec rouvrira aux voyageurs dimanche 13 décembre, a annoncé la région. "
    "Le trajet durera 52 minutes. Six trains circuleront chaque jour en semaine. Le billet sera "
    "vendu 11 euros."
)


def draft(
    text: str = POOL,
    title: str = "Valmorin vote la reconstruction de la piscine des Tanneurs",
    *,
    outlet: str | None = "La Gazette",
    published: datetime | None = NOW - timedelta(hours=2),
    origin: str | None = None,
    summary_only: bool = False,
) -> ArticleDraft:
    url = origin or f"https://exemple.test/{article_id(f'{title}{outlet}{text}')}"
    return ArticleDraft(
        url, title, text, url, outlet, published=published, summary_only=summary_only
    )


def read(of: ArticleDraft, *, copies: tuple[Copy, ...] = (), feeds: str = "") -> ReadArticle:
    """Return a draft as a digest reads it; `feeds` are ids between blanks."""
    key = article_id(of.origin)
    article = Article(
        key,
        1,
        of.title,
        of.text,
        text_hash(of.text),
        of.url,
        of.outlet,
        published=of.published,
        summary_only=of.summary_only,
    )
    parts = segment(of.text)
    sentences = tuple(
        Sentence(key, 1, index, span, span.of(of.text), speech)
        for index, (span, speech) in enumerate(zip(parts.sentences, parts.speech, strict=True))
    )
    by_feeds = tuple(Arrival(feed, NOW) for feed in feeds.split())
    return ReadArticle(NewArticle(article, sentences, NOW, copies, by_feeds))


def save(store: SqlArticleStore, *drafts: ArticleDraft, now: datetime = NOW) -> None:
    store.save_many([(one, segment(one.text)) for one in drafts], now=now)
