"""What a digest looks like, and what holds of it whatever the articles hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.parcels import span_of
from bot.views.digest_view import (
    DigestRenderer,
    render_digest,
)
from bot.views.messages import carriable
from knowledge.digest.types import Contrast, Digest, DigestGroup, DigestItem, Source, Window
from knowledge.types import AnswerMode, Article, Citation, Claim, Span, article_id
from tests.answers import POOL_COST, POOL_OPENS, POOL_URL, article, cite, marks
from tests.telegram_server import formatted
from tests.telegram_server.entities import check_size

PARIS = ZoneInfo("Europe/Paris")
WINDOW = Window(datetime(2026, 5, 4, 6, tzinfo=UTC), datetime(2026, 5, 5, 6, 30, tzinfo=UTC))
OTHER = article("Le chantier a coûté 1,7 million d’euros.", title="Le coût", url=None, outlet="B")
NASTY = st.sampled_from(
    ["mot", "é", "😀", " ", "\n", "\u00a0", "«", "»", "\u2067", "مر", "l’été", "."] * 3
    + ["\u202e", "\t", "<b>", "*_[", "@a", "#b", " mots" * 40, "x" * 300, "😀" * 200]
)
TEXTS = st.lists(NASTY, max_size=12).map("".join)
MOMENTS = st.none() | st.just(datetime(2026, 8, 1, tzinfo=UTC))


def _item(*citations: Citation, sources: tuple[Source, ...] = ()) -> DigestItem:
    return DigestItem(citations[0].article, (Claim("", citations),), sources)


def _text(digest: Digest) -> str:
    (part,) = render_digest(digest, zone=PARIS)
    return part.message.text


def test_a_quoted_item_has_its_source_and_the_other_outlets() -> None:
    sources = (Source("Ouest Presse", "https://o.test/a", None), Source("Le Soir", None, None))
    digest = Digest(
        (DigestGroup((_item(cite(article(), POOL_OPENS), sources=sources),)),), WINDOW, left_out=2
    )
    (part,) = render_digest(digest, zone=PARIS)
    assert part.message.text == (
        "Les nouvelles du lundi 4 mai à 8\u00a0h au mardi 5 mai 2026 à 8\u00a0h\u00a030\n\n"
        f"{POOL_OPENS}\n— La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026\n"
        "3 sources, dont Ouest Presse et Le Soir\n\n"
        "2 autres nouvelles de cette période ne sont pas montrées."
    )
    kinds = [(kind, text) for kind, text, _ in marks(part.message)]
    assert ("blockquote", POOL_OPENS) in kinds
    assert ("text_link", "Ouest Presse") in kinds
    assert part.quotes == tuple(map(span_of, digest.citations))


def test_figures_that_differ_stand_side_by_side_and_the_group_is_named() -> None:
    contrast = Contrast((cite(article(), POOL_COST, "1,5 million"), cite(OTHER, OTHER.text)))
    item = DigestItem(article(), (Claim("", (cite(article(), POOL_OPENS),)),), figures=(contrast,))
    text = _text(Digest((DigestGroup((item,), "Valmorin · piscine"),), WINDOW))
    assert "Valmorin · piscine\n\n" + POOL_OPENS in text
    shown = text[text.index("Les articles donnent") :]
    assert shown.index(POOL_COST) < shown.index(OTHER.text)
    assert "Le coût, B, 14 février 2026" in shown


def test_a_sentence_that_stands_above_is_not_quoted_again_for_its_figure() -> None:
    contrast = Contrast((cite(article(), POOL_COST), cite(OTHER, OTHER.text)))
    item = DigestItem(article(), (Claim("", (cite(article(), POOL_COST),)),), figures=(contrast,))
    text = _text(Digest((DigestGroup((item,)),), WINDOW))
    assert text.count(POOL_COST) == 1
    assert "Un autre article donne un autre chiffre\u00a0:\n" + OTHER.text in text


def test_a_synthesis_numbers_its_quotations_through() -> None:
    claims = (
        Claim("La piscine rouvrira en mars.", (cite(article(), POOL_OPENS),)),
        Claim("Elle a coûté cher.", (cite(article(), POOL_COST), cite(OTHER, OTHER.text))),
    )
    groups = (
        DigestGroup((DigestItem(article(), claims),)),
        DigestGroup((DigestItem(OTHER, (Claim("Cher.", (cite(OTHER, OTHER.text),)),)),)),
    )
    text = _text(Digest(groups, WINDOW, AnswerMode.MODEL, prompt_version="digest.v1"))
    assert "La piscine rouvrira en mars.\u00a0[1]\n\nElle a coûté cher.\u00a0[2]\u00a0[3]" in text
    assert "Cher.\u00a0[4]" in text
    assert "[4]\u00a0Le coût, B" in text
    assert "rédigées par un modèle" in text


def test_digests_of_one_batch_are_those_that_each_would_be_alone() -> None:
    opens, cost = cite(article(), POOL_OPENS), cite(article(), POOL_COST)
    marked = cite(article(), POOL_COST, "1,5 million")
    written = Claim("Elle a coûté cher.", (opens, cost))
    items = [
        _item(opens),
        _item(opens, sources=(Source("Ouest Presse", None, None),)),
        DigestItem(article(), (written,)),
        DigestItem(OTHER, (Claim("Cher.", (cite(OTHER, OTHER.text), opens)),)),
        _item(cost),
        _item(marked),
    ]
    renderer = DigestRenderer()
    for shown in (items, items[::-1], items[2:4], items[:1]):
        digest = Digest(tuple(DigestGroup((item,)) for item in shown), WINDOW)
        alone = render_digest(digest, zone=PARIS)
        assert renderer.render(digest, zone=PARIS) == alone


def test_what_was_read_in_a_feed_only_says_so() -> None:
    summary = Article(OTHER.id, 1, OTHER.title, OTHER.text, OTHER.text_hash, summary_only=True)
    assert "d’après le résumé du flux" in _text(
        Digest((DigestGroup((_item(cite(summary, OTHER.text)),)),), WINDOW)
    )


def test_an_outlet_whose_name_cannot_be_seen_is_counted_not_named() -> None:
    sources = tuple(Source(name, POOL_URL, None) for name in ("Le Soir", "\u2067 ", "\x07\u200d"))
    told = _text(
        Digest((DigestGroup((_item(cite(article(), POOL_OPENS), sources=sources),)),), WINDOW)
    )
    assert told.endswith("\n4 sources, dont Le Soir et 2 autres")
    told = _text(
        Digest((DigestGroup((_item(cite(article(), POOL_OPENS), sources=sources[1:]),)),), WINDOW)
    )
    assert told.endswith("\n3 sources")


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    """Draw a sentence as the store may hold it: at most 1,500 characters."""
    before, quote = draw(TEXTS), (draw(TEXTS) + "q" + draw(TEXTS))[:1500]
    quote = quote if quote.strip() else "q"
    found = article(
        before + quote + draw(TEXTS),
        title=draw(TEXTS) or "T",
        url=draw(
            st.sampled_from([None, POOL_URL, "https://é.fr/à b#c", "https://x.fr/" + "a" * 1900])
        ),
        outlet=draw(st.none() | TEXTS),
        published=draw(MOMENTS),
    )
    # A text of its own is an article of its own, whatever its address.
    found = replace(found, id=article_id(found.text))
    return Citation(found, Span(len(before), len(before) + len(quote)), quote)


@st.composite
def items(draw: st.DrawFn) -> DigestItem:
    claims = draw(
        st.lists(
            st.builds(Claim, TEXTS, st.lists(citations(), min_size=1, max_size=2).map(tuple)),
            min_size=1,
            max_size=2,
        )
    )
    sources = draw(
        st.lists(st.builds(Source, st.none() | TEXTS, st.just(POOL_URL), MOMENTS), max_size=6)
    )
    figures: tuple[Contrast, ...] = ()
    if draw(st.booleans()):
        figures = (Contrast((draw(citations()), cite(OTHER, OTHER.text))),)
    return DigestItem(claims[0].citations[0].article, tuple(claims), tuple(sources), figures)


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    group = st.builds(DigestGroup, st.lists(items(), min_size=1, max_size=3).map(tuple), TEXTS)
    written = draw(st.booleans())
    return Digest(
        tuple(draw(st.lists(group, min_size=1, max_size=3))),
        WINDOW,
        AnswerMode.MODEL if written else AnswerMode.EXTRACT,
        draw(st.integers(0, 3)),
        "digest.v1" if written else None,
    )


@settings(max_examples=50, deadline=None)
@given(digests())
def test_nothing_is_lost_and_every_blockquote_is_a_quotation(digest: Digest) -> None:
    parts = render_digest(digest, zone=PARIS)
    allowed = {_seen(one.quote) for one in digest.citations}
    shown = []
    for number, part in enumerate(parts, 1):
        message = part.message
        first = message.text.partition("\n")[0]
        assert first.startswith("Les nouvelles du")
        assert first.endswith(f"({number}/{len(parts)})") or len(parts) == 1
        quoted = [_seen(text) for kind, text, _ in marks(message) if "blockquote" in kind]
        assert set(quoted) <= allowed
        assert len(quoted) == len(part.quotes)
        shown += quoted
        entities = [
            {"type": each.type.value, "offset": each.offset, "length": each.length}
            | ({"url": each.url} if each.url else {})
            for each in message.entities
        ]
        formatted.read_entities(json.loads(json.dumps(entities)), ())
        kept = formatted.fix(message.text, entities, ())
        assert (kept.text, list(kept.entities)) == (message.text, entities)
        check_size(entities)
    assert set(shown) == allowed
    assert {span for part in parts for span in part.quotes} == {
        span_of(one) for one in digest.citations
    }


def _seen(text: str) -> str:
    return re.sub(r"\s+", " ", carriable(text)).strip()
