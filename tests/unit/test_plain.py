"""Answers in the terminal: the same words, the addresses written out."""

from datetime import UTC, datetime

from bot import texts
from bot.views.plain import render_plain
from knowledge.types import Claim
from tests.answers import (
    POOL_COST,
    POOL_PROMISE,
    POOL_URL,
    abstention,
    article,
    cite,
    extract,
    written,
)

POOL = article()
FILED = article("Un titre\n\x1b[31mLe budget.", title="Conseil", url=None, outlet=None)
COST_LINK = (
    f"{POOL_URL}#:~:text=Le%20chantier%20a%20co%C3%BBt%C3%A9%201%2C5%20million%20d%E2%80%99euros."
)
PROMISE_LINK = (
    f"{POOL_URL}#:~:text=%C2%AB%20Nous%20avons%20tenu%20les%20d%C3%A9lais%20%C2%BB%2C%20a%20d"
    "%C3%A9clar%C3%A9%20le%20maire."
)


def test_extracts_stand_over_their_source_and_address() -> None:
    answer = extract(
        cite(POOL, POOL_COST), cite(POOL, POOL_PROMISE, speech="le maire"), cite(FILED, FILED.text)
    )
    assert render_plain(answer) == (
        f"> {POOL_COST}\n"
        "— La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026\n"
        f"{COST_LINK}\n\n"
        f"> {POOL_PROMISE}\n"
        "— La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026 (propos du maire)"
        f"\n{PROMISE_LINK}\n\n"
        "> Un titre\n"
        ">  [31mLe budget.\n"  # no control sequence reaches the terminal
        "— Conseil, 14 février 2026"
    )


def test_a_written_answer_comes_before_its_quotations() -> None:
    answer = written(Claim("Cela a coûté 1,5 million.", (cite(POOL, POOL_COST),)))
    assert render_plain(answer) == (
        "Cela a coûté 1,5 million.\u00a0[1]\n\n"
        f"> {POOL_COST}\n"
        "[1]\u00a0La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026\n"
        f"{COST_LINK}\n\n"
        f"{texts.MODEL_WROTE}"
    )


def test_an_abstention_names_the_nearest_articles() -> None:
    answer = abstention(POOL, FILED, newest=datetime(2026, 3, 1, tzinfo=UTC))
    assert render_plain(answer) == (
        f"{texts.ABSTENTION}\n\n"
        "Les articles les plus proches\u00a0:\n"
        "• La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026\n"
        f"  {POOL_URL}\n"
        "• Conseil, 14 février 2026\n\n"
        "Mon article le plus récent est du 1er mars 2026."
    )
