"""The buttons under answers: contexts and votes, in every kind of chat, whatever is pressed."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import texts
from bot.pending import PendingMessages
from bot.shown import question_hash, voter_hash
from bot.texts import buttons
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.store.reader_schema import feedback, shown_citations, shown_messages
from knowledge.text.segmentation import segment
from knowledge.types import Article, ArticleDraft
from tests.answers import POOL_URL, cite, extract
from tests.empty_base import place_empty_base
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import CallbackQuery, Message, TelegramServer, UserHandle

ASKED = "Quand la piscine rouvre-t-elle ?"
OPENS = "La piscine de Valmorin rouvrira le 3 mars 2026."
COST = "Le chantier a coûté 1,5 million d’euros."
LAST = "Une visite est prévue samedi."
TEXT = f"Les nageurs attendaient. {OPENS} Le maire l’a annoncé jeudi.\n\n{COST} {LAST}"
SOURCE = "La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026"
VOTES = [
    {"text": "👍", "callback_data": "vote:+"},
    {"text": "👎", "callback_data": "vote:-"},
]


class Clock:
    """A time that a test moves on."""

    def __init__(self) -> None:
        self.time = datetime(2026, 8, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    with closing(open_store(place_empty_base(tmp_path / "sourcier.sqlite3"))) as opened:
        yield opened


@pytest.fixture
def pool(store: SqlArticleStore) -> Article:
    return save(store, TEXT)


def save(store: SqlArticleStore, text: str) -> Article:
    draft = ArticleDraft(
        POOL_URL,
        "La piscine de Valmorin rouvre",
        text,
        url=POOL_URL,
        outlet="La Gazette de la Serne",
        published=datetime(2026, 2, 14, 9, 30, tzinfo=UTC),
    )
    return store.save(draft, segment(text), now=datetime(2026, 2, 14, 10, tzinfo=UTC)).article


@pytest.fixture
def bot(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    pool: Article,
    tmp_path: Path,
    clock: Clock,
) -> Iterator[RunningBot]:
    knowledge.answers(ASKED, extract(cite(pool, OPENS, "le 3 mars 2026")))
    with RunningBot(server, knowledge, tmp_path, now=clock) as running:
        yield running


def answered(user: UserHandle, question: str = ASKED) -> Message:
    user.say(question)
    return user.private_chat().wait_for_messages()[-1]


def toast(user: UserHandle, query: CallbackQuery) -> str:
    text = user.wait_for_answer(query)["text"]
    assert isinstance(text, str)
    return text


def forged(server: TelegramServer, user: UserHandle, message: Message, data: str) -> CallbackQuery:
    """Press a button that the message does not have, as a client of one's own may."""
    query = server.state.add_callback_query(user.user, message, data)
    server.state.updates.add("callback_query", query.json())
    return query


def entities(message: Message) -> list[tuple[str, str, str | None]]:
    return [(each["type"], message.covered(each), each.get("url")) for each in message.entities]


def rows(store: SqlArticleStore, table: Any) -> list[dict[str, Any]]:
    with store.database.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def test_an_answer_has_its_buttons(bot: RunningBot, server: TelegramServer) -> None:
    answer = answered(server.user("Alice"))
    assert answer.text == f"{OPENS}\n— {SOURCE}"
    context = {"text": "Contexte", "callback_data": "ctx:1"}
    assert answer.reply_markup == {"inline_keyboard": [[context, *VOTES]]}


def test_the_context_is_the_passage_around_with_the_quotation_in_bold(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    query = alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert toast(alice, query) == ""
    assert context.text == f"{TEXT}\n— {SOURCE}"
    link = f"{POOL_URL}#:~:text=La%20piscine%20de%20Valmorin%20rouvrira%20le%203%20mars%202026."
    assert entities(context) == [
        ("blockquote", TEXT, None),
        ("bold", OPENS, None),
        ("text_link", "La piscine de Valmorin rouvre", link),
    ]
    assert context.reply_to is answer
    assert context.reply_markup is None
    assert server.refusals == []


def test_each_quotation_of_several_has_its_context(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge, pool: Article
) -> None:
    knowledge.answers("Tout ?", extract(cite(pool, OPENS), cite(pool, COST), cite(pool, LAST)))
    alice = server.user("Alice")
    answer = answered(alice, "Tout ?")
    contexts = [{"text": f"Contexte {n}", "callback_data": f"ctx:{n}"} for n in (1, 2, 3)]
    assert answer.reply_markup == {"inline_keyboard": [contexts, VOTES]}
    alice.press(answer, "Contexte 2")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert context.text == f"{TEXT}\n[2]\u00a0{SOURCE}"
    assert context.entity_texts("bold") == [COST]


def test_each_message_of_a_long_answer_has_the_buttons_of_its_quotations(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge, store: SqlArticleStore
) -> None:
    sentences = [f"Phrase {n} {'mot ' * 450}fin." for n in range(1, 4)]
    long = save(store, " ".join(sentences))
    knowledge.answers("Long ?", extract(*(cite(long, each) for each in sentences)))
    alice = server.user("Alice")
    alice.say("Long ?")
    first, second = alice.private_chat().wait_for_messages(2)
    assert [button["callback_data"] for button in first.buttons()] == ["ctx:1", "ctx:2"]
    assert [button["callback_data"] for button in second.buttons()] == ["ctx:3", "vote:+", "vote:-"]
    assert first.buttons()[0]["text"] == "Contexte 1"
    assert second.buttons()[0]["text"] == "Contexte 3"
    alice.press(second, "👍")
    alice.press(second, "Contexte 3")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert context.entity_texts("bold") == [sentences[2]]
    [vote] = rows(store, feedback)
    assert [span[2:] for span in vote["evidence"]] == [
        [citation.span.start, citation.span.end]
        for citation in (cite(long, each) for each in sentences)
    ]


def test_an_abstention_can_be_voted_on_and_has_no_context(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice, "Autre chose ?")
    assert answer.text.startswith(texts.ABSTENTION)
    assert answer.reply_markup == {"inline_keyboard": [VOTES]}
    query = alice.press(answer, "👎")
    assert toast(alice, query) == buttons.VOTED_USELESS
    assert [(vote["vote"], vote["evidence"]) for vote in rows(store, feedback)] == [(-1, [])]


def test_a_vote_is_kept_with_its_evidence_and_never_the_question(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore, pool: Article, clock: Clock
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    assert toast(alice, alice.press(answer, "👍")) == buttons.VOTED_USEFUL
    span = cite(pool, OPENS).span
    key = store.store_id
    message = {"chat_id": alice.private_chat().id, "message_id": answer.message_id}
    assert rows(store, feedback) == [
        message
        | {
            "voter": voter_hash(alice.id, key=key),
            "vote": 1,
            "question_hash": question_hash(ASKED, key=key),
            "mode": "extract",
            "evidence": [[pool.id, 1, span.start, span.end]],
            "voted_at": clock.time,
        }
    ]
    assert rows(store, shown_messages) == [
        message
        | {
            "thread_id": None,
            "first_message_id": answer.message_id,
            "kind": "answer",
            "mode": "extract",
            "question_hash": question_hash(ASKED, key=key),
            "sent_at": clock.time,
        }
    ]
    bot.stop()
    kept = b"".join(
        path.read_bytes() for path in Path(store.database.subject).parent.glob("sourcier.sqlite3*")
    )
    assert ASKED.encode() not in kept
    assert str(alice.id).encode() not in rows(store, feedback)[0]["voter"].encode()


def test_the_same_vote_again_withdraws_it_and_the_other_one_replaces_it(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    pressed = ["👍", "👎", "👎", "👎"]
    assert [toast(alice, alice.press(answer, each)) for each in pressed] == [
        buttons.VOTED_USEFUL,
        buttons.VOTED_USELESS,
        buttons.VOTE_WITHDRAWN,
        buttons.VOTED_USELESS,
    ]
    assert [vote["vote"] for vote in rows(store, feedback)] == [-1]


def test_in_a_group_everybody_has_one_vote(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    group, people = in_group(server, 3)
    answer = asked_in(group, people[0])
    assert {toast(each, each.press(answer, "👍")) for each in people} == {buttons.VOTED_USEFUL}
    assert toast(people[1], people[1].press(answer, "👎")) == buttons.VOTED_USELESS
    votes = {vote["voter"]: vote["vote"] for vote in rows(store, feedback)}
    key = store.store_id
    assert votes == {
        voter_hash(each.id, key=key): vote for each, vote in zip(people, (1, -1, 1), strict=True)
    }


def in_group(server: TelegramServer, count: int, **options: Any) -> tuple[Any, list[UserHandle]]:
    group = server.group("Un groupe", **options)
    people = [server.user(f"Personne {number}") for number in range(count)]
    group.add(*people)
    group.seat_bot("member")
    return group, people


def asked_in(group: Any, user: UserHandle, **options: Any) -> Message:
    user.say(f"/question {ASKED}", chat=group, **options)
    message = group.wait_for_messages()[-1]
    assert isinstance(message, Message)
    return message


def test_pressing_cannot_flood_a_group(bot: RunningBot, server: TelegramServer) -> None:
    group, people = in_group(server, 6)
    answer = asked_in(group, people[0])
    queries = [(each, each.press(answer, "Contexte")) for each in people * 3]
    [context] = group.wait_for_messages(quiet=1.0)
    assert context.reply_to is answer
    assert context.disable_notification
    said = [toast(*each) for each in queries]
    assert said.count("") == 1
    assert set(said) <= {"", buttons.BEING_SHOWN, buttons.ALREADY_SHOWN}


def test_a_context_that_was_deleted_can_be_shown_again(
    bot: RunningBot, server: TelegramServer, clock: Clock
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages()
    clock.time += timedelta(minutes=2)
    assert toast(alice, alice.press(answer, "Contexte")) == buttons.ALREADY_SHOWN
    alice.delete(context)
    clock.time += timedelta(minutes=2)
    time.sleep(2.5)  # looking for it gives way to messages, of which there were some
    assert toast(alice, alice.press(answer, "Contexte")) == ""
    [again] = alice.private_chat().wait_for_messages()
    assert (again.text, again.entities) == (context.text, context.entities)


def test_a_context_is_shown_in_the_topic_of_its_answer(
    bot: RunningBot, server: TelegramServer
) -> None:
    group, [alice] = in_group(server, 1)
    topic = group.add_topic("Sport")
    answer = asked_in(group, alice, thread_id=topic.thread_id)
    alice.press(answer, "Contexte")
    [context] = group.wait_for_messages()
    assert (answer.thread_id, context.thread_id) == (topic.thread_id, topic.thread_id)


@pytest.mark.parametrize(
    "data",
    [
        *("ctx:2", "ctx:0", "ctx:-1", "ctx:1 ", "ctx:١", "ctx:1e1", "ctx:9999", "ctx:"),
        *("vote:1", "vote:+-", "autre:1", "x" * 64, "’;--", "ctx:1\nctx:2"),
    ],
)
def test_forged_data_get_a_courteous_word(
    data: str, bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    assert toast(alice, forged(server, alice, answer, data)) == buttons.UNKNOWN
    assert alice.private_chat().stays_silent(0.3)
    assert rows(store, feedback) == []
    assert server.refusals == []


def test_a_button_of_a_message_that_shows_nothing_does_nothing(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice = server.user("Alice")
    alice.start()
    [greeting] = alice.private_chat().wait_for_messages()
    for data in ("ctx:1", "vote:+"):
        assert toast(alice, forged(server, alice, greeting, data)) == buttons.TOO_OLD


def test_an_article_changed_since_still_shows_what_was_quoted(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    changed = save(store, TEXT.replace("3 mars", "10 avril"))
    assert changed.version == 2
    alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages()
    assert context.text == f"{TEXT}\n— {SOURCE}\n\n{buttons.CHANGED_SINCE}"
    assert context.entity_texts("bold") == [OPENS]
    assert context.entity_texts("italic") == [buttons.CHANGED_SINCE]


def test_an_article_removed_since_still_shows_what_was_quoted(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore, pool: Article
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    assert store.remove(pool.id, now=datetime(2026, 3, 1, tzinfo=UTC))
    alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages()
    assert context.text == f"{TEXT}\n— {SOURCE}\n\n{buttons.REMOVED_SINCE}"


def test_a_text_altered_in_the_base_is_not_shown(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    with store.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE article_versions SET text = replace(text, '3 mars', '4 mars')"
        )
    assert toast(alice, alice.press(answer, "Contexte")) == buttons.NO_LONGER_EXACT
    assert alice.private_chat().stays_silent(0.3)


def test_buttons_work_after_a_restart(
    server: TelegramServer, knowledge: ScriptedKnowledge, pool: Article, tmp_path: Path
) -> None:
    knowledge.answers(ASKED, extract(cite(pool, OPENS)))
    alice = server.user("Alice")
    with RunningBot(server, knowledge, tmp_path):
        answer = answered(alice)
        alice.press(answer, "Contexte")
        alice.private_chat().wait_for_messages()
    with RunningBot(server, knowledge, tmp_path):
        assert toast(alice, alice.press(answer, "👍")) == buttons.VOTED_USEFUL
        assert toast(alice, alice.press(answer, "Contexte")) == buttons.ALREADY_SHOWN
        assert alice.private_chat().stays_silent(0.3)


def test_what_was_shown_long_ago_is_forgotten(
    bot: RunningBot, server: TelegramServer, clock: Clock, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    old = answered(alice)
    assert toast(alice, alice.press(old, "👍")) == buttons.VOTED_USEFUL
    clock.time += timedelta(days=91)
    new = answered(alice)
    assert toast(alice, alice.press(new, "👍")) == buttons.VOTED_USEFUL
    assert [row["message_id"] for row in rows(store, shown_messages)] == [new.message_id]
    assert [row["message_id"] for row in rows(store, shown_citations)] == [new.message_id]
    assert toast(alice, alice.press(old, "👍")) == buttons.TOO_OLD


def test_a_press_too_old_to_be_answered_disturbs_nobody(
    bot: RunningBot, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    server.state.callback_query_lifetime = -1.0
    alice.press(answer, "👍")
    server.wait_for_calls("answerCallbackQuery", 1)
    alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert context.entity_texts("bold") == [OPENS]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_press_is_answered_after_telegram_asked_to_wait(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    server.faults.add(method="answerCallbackQuery", retry_after=1)
    server.faults.add(method="sendMessage", retry_after=1)
    query = alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert context.entity_texts("bold") == [OPENS]
    assert toast(alice, query) == ""


def test_a_context_whose_reader_blocked_the_bot_is_not_an_error(
    bot: RunningBot, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    query = alice.press(answer, "Contexte")
    alice.block_bot()
    alice.wait_for_answer(query)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_base_that_is_busy_costs_a_press_and_no_more(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    with store.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE feedback RENAME TO elsewhere")
    assert toast(alice, alice.press(answer, "👍")) == buttons.NOT_NOW
    with store.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO feedback")
    assert toast(alice, alice.press(answer, "👍")) == buttons.VOTED_USEFUL


def test_an_answer_that_cannot_be_remembered_is_answered_all_the_same(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    with store.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE shown_messages RENAME TO elsewhere")
    assert answered(server.user("Alice")).text == f"{OPENS}\n— {SOURCE}"


def test_an_answer_counts_as_given_before_what_it_shows_is_noted(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answered(alice)
    with (
        store.database.writing()
    ):  # whoever is killed while the base is busy apologises for nothing
        answered(alice)
        deadline = time.monotonic() + 15
        while (left := PendingMessages(bot.pending_file).left_by_last_run()) and (
            time.monotonic() < deadline
        ):
            time.sleep(0.01)
        assert left == ()


def test_a_group_that_migrates_while_its_answer_is_prepared_gets_it_with_working_buttons(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    group, [alice] = in_group(server, 1, kind="group")
    released = knowledge.hold(ASKED)
    alice.say(f"/question {ASKED}", chat=group)
    knowledge.wait_until_asked(ASKED)
    new = group.migrate()
    released.set()
    answer = new.wait_for_messages()[-1]
    assert answer.text == f"{OPENS}\n— {SOURCE}"
    assert answer.reply_to is None
    alice.press(answer, "Contexte")
    [context] = new.wait_for_messages()
    assert context.entity_texts("bold") == [OPENS]


def test_an_answer_survives_telegram_asking_to_wait(
    bot: RunningBot, server: TelegramServer
) -> None:
    server.faults.add(method="sendMessage", retry_after=1, times=2)
    alice = server.user("Alice")
    answer = answered(alice)
    assert answer.text == f"{OPENS}\n— {SOURCE}"
    assert alice.private_chat().stays_silent(0.3)
    assert toast(alice, alice.press(answer, "👍")) == buttons.VOTED_USEFUL
