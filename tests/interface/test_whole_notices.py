"""The legend of the help and the refusals of a question, written out as readers get them."""

from datetime import UTC, datetime
from pathlib import Path

from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer, UserHandle

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEGEND = {
    "Citation exacte": (
        "Les phrases en retrait viennent de l’article, caractère pour caractère\u202f; c’est "
        "vérifié avant l’envoi. Dessous\u00a0: le titre (qui mène à la phrase quand l’article est "
        "en ligne), le journal, la date et, s’il s’agit de propos rapportés, leur auteur. Le gras, "
        "de mon fait, montre la réponse probable. «\u00a0Contexte\u00a0» affiche le passage autour "
        "de la phrase\u202f; 👍 et 👎 me disent si la réponse est utile."
    ),
    "Appui estimé": (
        "Quand un modèle de langue rédige, ses phrases portent des numéros, [1] ou [2], qui "
        "renvoient aux citations. Je vérifie que leurs chiffres, dates et noms figurent dans les "
        "phrases citées\u202f; cela ne prouve pas qu’elles disent la même chose. En cas de doute, "
        "fiez-vous à la citation."
    ),
}


def answer_to(reader: UserHandle, text: str) -> str:
    asked = reader.say(text)
    [answer] = reader.private_chat().wait_for_messages()
    assert answer.reply_to is asked
    return answer.text


def test_the_help_says_once_what_is_exact_and_what_is_only_estimated(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice = server.user("Alice")
    alice.say("/aide")
    [shown] = alice.private_chat().wait_for_messages()
    headings = shown.entity_texts("bold")
    parts = shown.text.split("\n\n")
    assert [part.partition("\n")[0] for part in parts] == headings
    told = dict(part.split("\n", 1) for part in parts)
    assert {heading: told[heading] for heading in LEGEND} == LEGEND


def test_a_question_refused_is_told_why_and_when_to_come_back(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    with RunningBot(
        server,
        knowledge,
        tmp_path,
        now=lambda: NOON,
        max_question_characters=20,
        questions_per_minute=1,
    ):
        alice = server.user("Alice")
        assert answer_to(alice, "Q" * 1500) == (
            "Cette question compte 1\u202f500 caractères, et j’en lis 20 au plus. "
            "Pouvez-vous la raccourcir\u202f?"
        )
        answer_to(alice, "Un ?")  # what was refused did not count
        assert answer_to(alice, "Deux ?") == (
            "Je réponds à une question par minute et par personne. Reposez celle-ci dans "
            "1\u00a0minute, s’il vous plaît."
        )
    assert [each.text for each in knowledge.asked] == ["Un ?"]


def test_what_cannot_be_answered_now_says_to_come_back(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    with RunningBot(server, knowledge, tmp_path, waiting_questions=1):
        people = [server.user(name) for name in ("Alice", "Bob", "Chloé")]
        released = knowledge.hold("Lentement ?")
        for number, person in enumerate(people[:2], 1):
            person.say("Lentement ?")
            server.wait_for_answers("sendMessageDraft", number)
        assert answer_to(people[2], "Et moi ?") == (
            "Trop de personnes me posent une question en ce moment. Reposez la vôtre dans une "
            "minute, s’il vous plaît."
        )
        released.set()
        for person in people[:2]:
            person.private_chat().wait_for_messages()
