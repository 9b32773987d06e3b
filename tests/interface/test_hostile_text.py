"""Hostile text on a real base: markup, directions, invisible characters and emoji everywhere.

Each answer is compared whole, text and marks, with what it must be.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot import texts
from bot.views.messages import Message as Rendered
from knowledge.bootstrap import open_knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.types import ArticleDraft
from tests.interface.comparing import expected, shown
from tests.interface.running_bot import RunningBot
from tests.telegram_server import Message, TelegramServer, UserHandle

URL = "https://gazette.example/halle"
MARKUP = (
    "Le chantier de la halle a coûté <b>840\u202f000 euros</b> &amp; *deux* __ans__ `de` "
    "[travaux](https://piege.example/x) ||cachés|| <tg-spoiler>."
)
MARKUP_LINK = (
    f"{URL}#:~:text=Le%20chantier%20de%20la,%60de%60%20%5Btravaux%5D%28https%3A%2F%2Fpiege.example%2Fx%29"
    "%20%7C%7Ccach%C3%A9s%7C%7C%20%3Ctg%2Dspoiler%3E."
)
MARKUP_TITLE = "<b>Halle</b> & <script>x()</script> &amp; [Morteval](https://piege.example) _x_"
RIGHT_TO_LEFT = "La fontaine de Castelbrume, dite «\u00a0\u2067عين\u2069\u00a0», date de 1834."
EMOJI = (
    "😀😀 Le carnaval de Pontaigu a réuni 12\u202f500 personnes "
    "👨\u200d👩\u200d👧\u200d👦🎉 place Verte."
)
ARTICLES = (
    ArticleDraft(
        origin=URL,
        url=URL,
        title=MARKUP_TITLE,
        outlet="*Gazette* <i>",
        published=datetime(2026, 3, 8, 9, tzinfo=UTC),
        text=f"La halle de Morteval a rouvert samedi. {MARKUP}\n\nDouze étals y sont tenus.",
    ),
    ArticleDraft(
        origin="fontaine.txt",
        title="\u202eemurbletsaC\u202c : \u2067نافورة\u2069",
        outlet="\u200fالمدينة",
        # The override is no character of an article: it is left out when the article is read.
        text=f"\u202e{RIGHT_TO_LEFT} Elle est à sec.",
    ),
    ArticleDraft(
        origin="carnaval.txt", title="🎉" * 4096, outlet="👩\u200d🚀", text=f"{EMOJI} Il a plu."
    ),
)
Marks = list[tuple[str, str, str | None]]

HALLE = "Combien a coûté le chantier de la halle de Morteval ?"
HALLE_ANSWER = (
    f"{MARKUP}\n— {MARKUP_TITLE}, *Gazette* <i>, 8 mars 2026",
    [
        ("blockquote", MARKUP, None),
        ("bold", "840\u202f000 euros", None),
        ("text_link", MARKUP_TITLE, MARKUP_LINK),
    ],
)
ANSWERS: dict[str, tuple[str, Marks]] = {
    HALLE: HALLE_ANSWER,
    "De quand date la fontaine de Castelbrume ?": (
        f"{RIGHT_TO_LEFT}\n— \u2068emurbletsaC : نافورة\u2069, \u2068المدينة\u2069, date inconnue",
        [("blockquote", RIGHT_TO_LEFT, None), ("bold", "1834", None)],
    ),
    "Combien de personnes a réuni le carnaval de Pontaigu ?": (
        f"{EMOJI}\n— {'🎉' * 249}…, 👩\u200d🚀, date inconnue",
        [("blockquote", EMOJI, None), ("bold", "12\u202f500 personnes", None)],
    ),
}
ASKED_OTHERWISE = (
    "<b>Combien</b> a coûté le <a href='x'>chantier</a> de la halle de <i>Morteval</i>&nbsp;?",
    "*Combien* a coûté le __chantier__ de la `halle` de [Morteval](https://e.example) ?",
    "\u202eCombien\u202c a coûté le chantier de la halle de \u2067Morteval\u2069 ?\u200f",
    "Com\u200bbien a coûté le chan\u200dtier de la hal\u00adle de Mor\ufeffteval ?\u2060",
    "Combien a cou\u0302te\u0301 le chantier de la halle de Morteval ?",
    "😀" * 400 + f" {HALLE} " + "👨\u200d👩\u200d👧\u200d👦" * 70,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramServer]:
    """A server with the bot on a base of the articles above, in one folder."""
    folder = tmp_path_factory.mktemp("base")
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=folder, model=None)
    with closing(open_knowledge(settings)) as base, TelegramServer() as server:
        base.ingest(ARTICLES)
        with RunningBot(server, base, folder):
            yield server
        assert server.refusals == []


def ask(served: TelegramServer, question: str) -> tuple[UserHandle, Message]:
    """Return somebody new who asks, and the one message of the answer."""
    reader = served.user("Lectrice")
    asked = reader.say(question)
    [answer] = reader.private_chat().wait_for_messages(quiet=0.1)
    assert answer.reply_to == asked
    return reader, answer


def seen(message: Message) -> tuple[str, Marks]:
    found = [(each["type"], message.covered(each), each.get("url")) for each in message.entities]
    return message.text, found


def test_articles_of_markup_directions_and_emoji_are_quoted_literally(
    served: TelegramServer,
) -> None:
    for question, answer in ANSWERS.items():
        assert seen(ask(served, question)[1]) == answer


def test_a_question_full_of_markup_marks_or_emoji_is_understood_all_the_same(
    served: TelegramServer,
) -> None:
    for question in ASKED_OTHERWISE:
        assert seen(ask(served, question)[1]) == HALLE_ANSWER


def test_the_context_of_a_hostile_quotation_is_literal_too(served: TelegramServer) -> None:
    reader, answer = ask(served, HALLE)
    reader.press(answer, "Contexte")
    [context] = reader.private_chat().wait_for_messages(quiet=0.1)
    around = f"La halle de Morteval a rouvert samedi. {MARKUP}\n\nDouze étals y sont tenus."
    assert seen(context) == (
        f"{around}\n— {MARKUP_TITLE}, *Gazette* <i>, 8 mars 2026",
        [
            ("blockquote", around, None),
            ("bold", MARKUP, None),
            ("text_link", MARKUP_TITLE, MARKUP_LINK),
        ],
    )


def test_a_question_of_nothing_but_emoji_or_signs_gets_an_abstention_that_names_titles(
    served: TelegramServer,
) -> None:
    near = (
        f"• {MARKUP_TITLE}, *Gazette* <i>, 8 mars 2026",
        "• \u2068emurbletsaC : نافورة\u2069, \u2068المدينة\u2069, date inconnue",
        f"• {'🎉' * 249}…, 👩\u200d🚀, date inconnue",
    )
    for question in (
        "😀" * 1000,
        "👨\u200d👩\u200d👧\u200d👦",
        "?!",
        "<b></b>",
        "**__``",
        "\u3164",
    ):
        text, found = seen(ask(served, question)[1])
        first, heading, newest = text.split("\n\n")
        assert first == texts.ABSTENTION
        assert sorted(heading.split("\n")) == sorted([texts.NEAREST_MANY, *near])
        assert newest == "Mon article le plus récent est du 8 mars 2026."
        assert found == [("text_link", MARKUP_TITLE, URL)]


@pytest.mark.parametrize(
    "invisible", ["\u200b", "\u200b\u200d\ufeff\u2060", "\u202e\u202c", "\u200f\u200e", "\u2800"]
)
@pytest.mark.parametrize("command", ["", "/question "])
def test_a_question_that_cannot_be_seen_is_asked_for(
    invisible: str, command: str, served: TelegramServer
) -> None:
    assert shown(ask(served, command + invisible)[1]) == expected(Rendered(texts.ASK))


@pytest.mark.parametrize(
    ("question", "length"),
    [
        ("😀" * 4096, "4\u202f096"),
        ("😀" * 1001, "1\u202f001"),
        ("👨\u200d👩\u200d👧\u200d👦" * 144, "1\u202f008"),  # seven characters, as they are sent
        ("e\u0301" * 501, "1\u202f002"),
        ("\u200b" * 1000 + "?", "1\u202f001"),
        ("<b>" * 334, "1\u202f002"),
    ],
)
def test_the_limit_counts_characters_as_unicode_does_not_units_nor_glyphs(
    question: str, length: str, served: TelegramServer
) -> None:
    refusal = (
        f"Cette question compte {length} caractères, et j’en lis 1\u202f000 au plus. "
        "Pouvez-vous la raccourcir\u202f?"
    )
    assert seen(ask(served, question)[1]) == (refusal, [])
