"""Answers as messages: whole values for each form; test_render_properties has the rest."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import texts
from bot.texts import menus
from bot.views.layout import lay_out
from bot.views.messages import Entity, EntityType, Message
from bot.views.render import (
    render_answer,
    render_error,
    render_help,
    render_start,
    render_too_long,
)
from knowledge.errors import (
    CitationError,
    GenerationCancelledError,
    GenerationTimeoutError,
    IndexingError,
    ModelFileError,
    SourcierError,
    StoreBusyError,
    StoreFullError,
)
from knowledge.types import Claim
from tests.answers import (
    POOL_COST,
    POOL_OPENS,
    POOL_PROMISE,
    POOL_URL,
    abstention,
    article,
    cite,
    extract,
    marks,
    written,
)

POOL = article()
OPENS_LINK = (
    f"{POOL_URL}#:~:text=La%20piscine%20de%20Valmorin,commenc%C3%A9s%20au%20printemps%20dernier."
)
PROMISE_LINK = (
    f"{POOL_URL}#:~:text=%C2%AB%20Nous%20avons%20tenu%20les%20d%C3%A9lais%20%C2%BB%2C%20a%20d"
    "%C3%A9clar%C3%A9%20le%20maire."
)
COST_LINK = (
    f"{POOL_URL}#:~:text=Le%20chantier%20a%20co%C3%BBt%C3%A9%201%2C5%20million%20d%E2%80%99euros."
)
COUNCIL = article(
    "Le budget est voté.",
    title="Conseil",
    url=None,
    outlet=None,
    published=None,
)


def test_an_extract_is_a_quotation_with_its_source() -> None:
    answer = extract(cite(POOL, POOL_OPENS, "le 3 mars 2026"))
    source = "— La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026"
    assert render_answer(answer) == (
        Message(
            f"{POOL_OPENS}\n{source}",
            (
                Entity(EntityType.BLOCKQUOTE, 0, len(POOL_OPENS)),
                Entity(EntityType.BOLD, 32, 14),
                Entity(EntityType.TEXT_LINK, len(POOL_OPENS) + 3, 29, OPENS_LINK),
            ),
        ),
    )


def test_each_quotation_has_its_title_outlet_date_and_link() -> None:
    answer = extract(
        cite(POOL, POOL_COST, "1,5 million"),
        cite(POOL, POOL_PROMISE, speech="le maire"),
        cite(COUNCIL, COUNCIL.text),
    )
    [message] = render_answer(answer)
    assert message.text == (
        f"{POOL_COST}\n"
        "— La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026\n\n"
        f"{POOL_PROMISE}\n"
        "— La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026 (propos du maire)"
        "\n\n"
        "Le budget est voté.\n"
        "— Conseil, date inconnue"
    )
    assert marks(message) == [
        ("blockquote", POOL_COST, None),
        ("bold", "1,5 million", None),
        ("text_link", "La piscine de Valmorin rouvre", COST_LINK),
        ("blockquote", POOL_PROMISE, None),
        ("text_link", "La piscine de Valmorin rouvre", PROMISE_LINK),
        ("blockquote", "Le budget est voté.", None),
    ]


def test_what_was_read_in_a_feed_only_says_so_under_the_quotation() -> None:
    summary = replace(COUNCIL, summary_only=True)
    [message] = render_answer(extract(cite(summary, summary.text)))
    assert message.text == (
        "Le budget est voté.\n"
        "— Conseil, date inconnue (d’après le résumé du flux, l’article entier n’a pu être lu)"
    )


def test_a_written_answer_numbers_its_quotations_and_says_what_a_model_wrote() -> None:
    opens, promise = cite(POOL, POOL_OPENS, "le 3 mars 2026"), cite(POOL, POOL_PROMISE)
    answer = written(
        Claim("La piscine rouvre le 3 mars 2026.", (opens,)),
        Claim("Les délais sont tenus.", (promise, opens)),
        Claim("", (cite(COUNCIL, COUNCIL.text),)),
    )
    [message] = render_answer(answer)
    assert message.text == (
        "La piscine rouvre le 3 mars 2026.\u00a0[1]\n\n"
        "Les délais sont tenus.\u00a0[1]\u00a0[2]\n\n"
        f"{POOL_OPENS}\n"
        "[1]\u00a0La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026\n\n"
        f"{POOL_PROMISE}\n"
        "[2]\u00a0La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026\n\n"
        "Le budget est voté.\n"
        "[3]\u00a0Conseil, date inconnue\n\n"
        f"{texts.MODEL_WROTE}"
    )
    assert marks(message) == [
        ("blockquote", POOL_OPENS, None),
        ("bold", "le 3 mars 2026", None),
        ("text_link", "La piscine de Valmorin rouvre", OPENS_LINK),
        ("blockquote", POOL_PROMISE, None),
        ("text_link", "La piscine de Valmorin rouvre", PROMISE_LINK),
        ("blockquote", "Le budget est voté.", None),
        ("italic", texts.MODEL_WROTE, None),
    ]


def test_what_a_model_typed_plainly_is_shown_in_french_typography() -> None:
    typed = "L'eau est à 27 °C : 3,5 % de plus ; à 10:30, c'est ouvert !"
    [prose] = lay_out(written(Claim(typed, (cite(POOL, POOL_OPENS),)))).prose
    assert prose == (
        "L’eau est à 27\u00a0°C\u00a0: 3,5\u00a0% de plus\u202f; "
        "à 10:30, c’est ouvert\u202f!\u00a0[1]"
    )


def test_a_model_that_only_chose_quotations_wrote_nothing() -> None:
    [message] = render_answer(written(Claim("", (cite(COUNCIL, COUNCIL.text),))))
    assert message.text == f"Le budget est voté.\n— Conseil, date inconnue\n\n{texts.MODEL_CHOSE}"
    assert "rédig" in texts.MODEL_CHOSE


def test_an_abstention_names_the_nearest_articles_and_the_newest_date() -> None:
    newest = datetime(2026, 3, 1, 8, tzinfo=UTC)
    answer = abstention(POOL, COUNCIL, newest=newest)
    assert render_answer(answer) == (
        Message(
            "Désolé, je n’ai pas trouvé de réponse à cette question dans mes articles.\n\n"
            "Les articles les plus proches\u00a0:\n"
            "• La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026\n"
            "• Conseil, date inconnue\n\n"
            "Mon article le plus récent est du 1er mars 2026.",
            (Entity(EntityType.TEXT_LINK, 109, 29, POOL_URL),),
        ),
    )


def test_an_abstention_of_an_empty_base_says_so() -> None:
    assert render_answer(abstention()) == (
        Message(
            "Désolé, je n’ai pas trouvé de réponse à cette question dans mes articles.\n\n"
            "Je ne connais la date d’aucun article."
        ),
    )
    [message] = render_answer(abstention(COUNCIL))
    assert "\n\nL’article le plus proche\u00a0:\n• Conseil, date inconnue\n\n" in message.text


@pytest.mark.parametrize(
    ("highlight", "expected"),
    [(None, "expandable_blockquote"), ("début", "expandable_blockquote"), ("fin", "blockquote")],
)
def test_a_long_quotation_folds_unless_that_would_hide_its_highlight(
    highlight: str | None, expected: str
) -> None:
    long = article("Le début. " + "Encore des mots " * 30 + "et la fin.")
    [message] = render_answer(extract(cite(long, long.text, highlight)))
    assert marks(message)[0] == (expected, long.text, None)


def test_a_quotation_longer_than_a_message_goes_on_in_the_next() -> None:
    long = article(" ".join(f"mot{number}" for number in range(1500)), url=None)
    messages = render_answer(extract(cite(long, long.text, "mot700")))
    quoted = [
        text for message in messages for kind, text, _ in marks(message) if "blockquote" in kind
    ]
    assert len(messages) == len(quoted) == 4
    assert "".join(quoted) == long.text
    assert messages[0].text == f"{quoted[0]}\n(à suivre)"
    assert messages[1].text == f"(suite)\n{quoted[1]}\n(à suivre)"
    assert messages[3].text.startswith(f"(suite)\n{quoted[3]}\n— La piscine de Valmorin rouvre, ")
    assert [text for message in messages for kind, text, _ in marks(message) if kind == "bold"] == [
        "mot700"
    ]


def test_long_answers_are_split_between_quotations() -> None:
    sentences = [f"{'Phrase ' * 250}{number}." for number in range(3)]
    long = article(" ".join(sentences), title="Conseil", url=None, outlet=None)
    messages = render_answer(extract(*(cite(long, sentence) for sentence in sentences)))
    source = "— Conseil, 14 février 2026"
    assert [message.text for message in messages] == [
        f"{sentences[0]}\n{source}\n\n{sentences[1]}\n{source}",
        f"{sentences[2]}\n{source}",
    ]


def test_titles_and_speakers_cannot_disturb_the_lines_of_the_bot() -> None:
    odd = article("Oui.", title="Un\n\u202etitre\u2067 " + "x" * 400, outlet="A\tB", url=None)
    [message] = render_answer(extract(cite(odd, "Oui.", speech="\u2066Anne\n")))
    assert message.text == (
        "Oui.\n— Un titre " + "x" * 240 + "…, A B, 14 février 2026 (propos d’Anne)"
    )


def test_names_that_cannot_be_seen_are_left_out_and_a_title_replaced() -> None:
    odd = article("Oui.", title="\u200b\u2060", outlet="\u2800")
    [message] = render_answer(extract(cite(odd, "Oui.", speech="\u200d \ufeff")))
    assert message.text == "Oui.\n— Sans titre, 14 février 2026"
    assert marks(message)[-1][:2] == ("text_link", "Sans titre")


def test_start_and_help_are_short_enough_and_say_what_is_promised() -> None:
    assert "mot pour mot" in render_start().text
    message = render_help(1000)
    headings = [text for kind, text, _ in marks(message) if kind == "bold"]
    assert headings == [
        "Poser une question",
        "Dans un groupe",
        "Résumés des nouvelles",
        "Citation exacte",
        "Appui estimé",
        "Limites",
        "Vos questions",
    ]
    assert "de 1\u202f000 caractères au plus" in message.text


def test_the_help_of_administrators_is_everybody_s_and_names_every_command_of_theirs() -> None:
    everybody, theirs = render_help(1000), render_help(1000, administrator=True)
    assert theirs.text.startswith(everybody.text + "\n\nAdministrer le robot\n")
    added = set(re.findall(r"/(\w+)", theirs.text.removeprefix(everybody.text)))
    assert added == {name for name, _ in menus.ADMINISTRATORS} - {name for name, _ in menus.PRIVATE}


def test_a_question_too_long_is_refused_with_the_limit() -> None:
    assert render_too_long(1200, 1000) == Message(
        "Cette question compte 1\u202f200 caractères, et j’en lis 1\u202f000 au plus. "
        "Pouvez-vous la raccourcir\u202f?"
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, texts.FAILURE),
        (ZeroDivisionError("secret"), texts.FAILURE),
        (SourcierError("secret"), texts.FAILURE),
        (CitationError("secret"), texts.FAILURE_CITATION),
        (GenerationTimeoutError("secret"), texts.FAILURE_TIMEOUT),
        (GenerationCancelledError("secret"), texts.INTERRUPTED),
        (ModelFileError("secret", subject="/srv/m.gguf"), texts.FAILURE_MODEL),
        (StoreBusyError("secret"), texts.FAILURE_BUSY),
        (StoreFullError("secret"), texts.FAILURE_BASE),
        (IndexingError("secret"), texts.FAILURE_BASE),
    ],
)
def test_a_failure_is_told_by_its_kind_with_its_number(
    error: Exception | None, expected: str
) -> None:
    assert render_error(error, "4F2A1C") == Message(expected.format(number="4F2A1C"))
