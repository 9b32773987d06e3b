"""Small articles, citations and answers for the tests of what is shown."""

from datetime import UTC, datetime

from bot.views.messages import Message
from knowledge.types import (
    Answer,
    AnswerMode,
    Article,
    Citation,
    Claim,
    Span,
    article_id,
    text_hash,
)
from tests.telegram_server.text import utf16_slice

POOL_OPENS = (
    "La piscine de Valmorin rouvrira le 3 mars 2026, après onze mois de travaux commencés au "
    "printemps dernier."
)
POOL_PROMISE = "« Nous avons tenu les délais », a déclaré le maire."
POOL_COST = "Le chantier a coûté 1,5 million d’euros."
POOL_TEXT = f"{POOL_OPENS} {POOL_PROMISE}\n\n{POOL_COST}"
POOL_URL = "https://gazette.example/piscine"


def article(
    text: str = POOL_TEXT,
    *,
    title: str = "La piscine de Valmorin rouvre",
    url: str | None = POOL_URL,
    outlet: str | None = "La Gazette de la Serne",
    published: datetime | None = datetime(2026, 2, 14, 9, 30, tzinfo=UTC),
) -> Article:
    return Article(
        article_id(url or title), 1, title, text, text_hash(text), url, outlet, published=published
    )


def cite(
    of: Article, quote: str, highlight: str | None = None, *, speech: str | None = None
) -> Citation:
    """Return the citation of the first `quote` in the article, `highlight` marked within it."""
    start = of.text.index(quote)
    marked = None
    if highlight is not None:
        at = start + quote.index(highlight)
        marked = Span(at, at + len(highlight))
    return Citation(of, Span(start, start + len(quote)), quote, marked, speech)


def extract(*citations: Citation, question: str = "Quand la piscine rouvre-t-elle ?") -> Answer:
    """Return an answer that only quotes."""
    claims = tuple(Claim("", (citation,)) for citation in citations)
    return Answer(question, claims, AnswerMode.EXTRACT)


def written(*claims: Claim, question: str = "Quand la piscine rouvre-t-elle ?") -> Answer:
    """Return an answer written by a model."""
    return Answer(question, claims, AnswerMode.MODEL, prompt_version="answer.v1")


def abstention(*near: Article, newest: datetime | None = None) -> Answer:
    """Return an abstention that names the nearest articles."""
    return Answer("Qui a gagné ?", (), AnswerMode.EXTRACT, near=near, newest=newest)


def marks(message: Message) -> list[tuple[str, str, str | None]]:
    """Return each entity's type, the text it covers and its address."""
    return [
        (entity.type.value, utf16_slice(message.text, entity.offset, entity.length), entity.url)
        for entity in message.entities
    ]
