"""Answers as readers get them, written out to the last mark: what no change may alter unseen."""

from datetime import UTC, datetime

from knowledge.types import Answer, Claim
from tests.answers import (
    POOL_COST,
    POOL_OPENS,
    POOL_PROMISE,
    abstention,
    article,
    cite,
    extract,
    written,
)
from tests.interface.comparing import buttons
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import Message, TelegramServer

QUESTION = "Quand rouvre la piscine ?"
VOTES = [("👍", "vote:+"), ("👎", "vote:-")]
SOURCE = ", La Gazette de la Serne, 14 février 2026"
PAGE = "https://gazette.example/piscine"
LONG = "La piscine de Valmorin, " + "construite pierre après pierre, " * 10 + "rouvrira bientôt."


def answer_to(server: TelegramServer, knowledge: ScriptedKnowledge, outcome: Answer) -> Message:
    knowledge.answers(QUESTION, outcome)
    alice = server.user("Alice")
    asked = alice.say(QUESTION)
    [answer] = alice.private_chat().wait_for_messages(quiet=0.2)
    assert answer.reply_to is asked
    assert (answer.link_preview_options or {}).get("is_disabled") is True
    return answer


def marked(message: Message) -> list[tuple[str, str, str | None]]:
    return [(each["type"], message.covered(each), each.get("url")) for each in message.entities]


def test_a_quotation_has_its_answer_in_bold_and_a_link_to_the_sentence(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    outcome = extract(cite(article(), POOL_OPENS, "le 3 mars 2026"))
    answer = answer_to(server, knowledge, outcome)
    assert answer.text == f"{POOL_OPENS}\n— La piscine de Valmorin rouvre{SOURCE}"
    fragment = "La%20piscine%20de%20Valmorin,commenc%C3%A9s%20au%20printemps%20dernier."
    assert marked(answer) == [
        ("blockquote", POOL_OPENS, None),
        ("bold", "le 3 mars 2026", None),
        ("text_link", "La piscine de Valmorin rouvre", f"{PAGE}#:~:text={fragment}"),
    ]
    assert buttons(answer) == [("Contexte", "ctx:1"), *VOTES]


def test_a_long_quotation_is_folded_and_a_file_has_no_link(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    outcome = extract(cite(article(LONG, title="Un fichier", url=None, published=None), LONG))
    answer = answer_to(server, knowledge, outcome)
    assert answer.text == f"{LONG}\n— Un fichier, La Gazette de la Serne, date inconnue"
    assert marked(answer) == [("expandable_blockquote", LONG, None)]
    assert buttons(answer) == [("Contexte", "ctx:1"), *VOTES]


def test_prose_is_numbered_and_its_quotations_follow_once_each_with_who_speaks(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    pool = article()
    opens, cost = cite(pool, POOL_OPENS), cite(pool, POOL_COST)
    promise = cite(pool, POOL_PROMISE, speech="le maire")
    outcome = written(
        Claim("Elle rouvre le 3 mars 2026.", (opens, promise)),
        Claim("Elle a coûté 1,5 million d’euros.", (cost, opens)),
    )
    answer = answer_to(server, knowledge, outcome)
    title = "La piscine de Valmorin rouvre"
    assert answer.text == (
        "Elle rouvre le 3 mars 2026.\u00a0[1]\u00a0[2]\n\n"
        "Elle a coûté 1,5 million d’euros.\u00a0[1]\u00a0[3]\n\n"
        f"{POOL_OPENS}\n[1]\u00a0{title}{SOURCE}\n\n"
        f"{POOL_PROMISE}\n[2]\u00a0{title}{SOURCE} (propos du maire)\n\n"
        f"{POOL_COST}\n[3]\u00a0{title}{SOURCE}\n\n"
        "Phrases numérotées\u00a0: rédigées par un modèle, appui estimé. "
        "Citations\u00a0: exactes, tirées des articles."
    )
    assert [(kind, text) for kind, text, _ in marked(answer) if kind != "text_link"] == [
        ("blockquote", POOL_OPENS),
        ("blockquote", POOL_PROMISE),
        ("blockquote", POOL_COST),
        ("italic", answer.text.rpartition("\n\n")[2]),
    ]
    assert buttons(answer) == [(f"Contexte {n}", f"ctx:{n}") for n in (1, 2, 3)] + VOTES


def test_an_abstention_cites_nothing_and_names_the_nearest_articles_and_the_newest_day(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    near = [article(title=name, url=f"{PAGE}/{name}") for name in ("Un", "Deux")]
    outcome = abstention(
        *near,
        article(title="Trois", url=None, published=None),
        newest=datetime(2026, 10, 6, tzinfo=UTC),
    )
    answer = answer_to(server, knowledge, outcome)
    assert answer.text == (
        "Désolé, je n’ai pas trouvé de réponse à cette question dans mes articles.\n\n"
        "Les articles les plus proches\u00a0:\n"
        f"• Un{SOURCE}\n• Deux{SOURCE}\n• Trois, La Gazette de la Serne, date inconnue\n\n"
        "Mon article le plus récent est du 6 octobre 2026."
    )
    assert marked(answer) == [
        ("text_link", "Un", f"{PAGE}/Un"),
        ("text_link", "Deux", f"{PAGE}/Deux"),
    ]
    assert buttons(answer) == VOTES
