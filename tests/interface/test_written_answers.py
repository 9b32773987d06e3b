"""What a real model claims, from llama.cpp to Telegram: borne out it streams, else it is dropped.

The model is an automaton (:mod:`tests.scripted_models`); everything else is as it is served.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import texts
from knowledge.bootstrap import open_knowledge
from knowledge.model.grammar import ABSTENTION
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.types import ArticleDraft
from tests.answers import POOL_COST, POOL_OPENS, POOL_PROMISE, POOL_TEXT, POOL_URL
from tests.interface.paced_model import writing
from tests.interface.running_bot import RunningBot
from tests.telegram_server import ChatHandle, Message, TelegramServer
from tests.waiting import wait_until_equal

QUESTION = "Quand rouvre la piscine de Valmorin ?"
TITLE = "La piscine de Valmorin rouvre"
OPENS = "La piscine de Valmorin rouvre le 3\u00a0mars 2026."
TYPED = "C'est après onze mois de travaux qu'elle rouvre !"
WORKS = "C’est après onze mois de travaux qu’elle rouvre\u202f!"
WRONG_COST = "Le chantier a coûté 2,5 millions d’euros."
WRONG_NAME = "Selon Bertrand Lesaulnier, les délais sont tenus."
SCRIPT = (f"{OPENS} [1]", f"{WRONG_COST} [3]", f"{TYPED} [1]", f"{WRONG_NAME} [2]")
DROPPED = ("2,5", "Lesaulnier")

FIRST = f"{OPENS}\u00a0[1]\n\n{texts.MORE_TO_COME}"
SECOND = f"{OPENS}\u00a0[1]\n\n{WORKS}\u00a0[1]\n\n{texts.MORE_TO_COME}"
SOURCE = f"{TITLE}, La Gazette, 14 février 2026"
ANSWER = (
    f"{OPENS}\u00a0[1]\n\n{WORKS}\u00a0[1]\n\n"
    f"{POOL_OPENS}\n[1]\u00a0{SOURCE}\n\n"
    f"{POOL_COST}\n[2]\u00a0{SOURCE}\n\n"
    f"{POOL_PROMISE}\n[3]\u00a0{SOURCE} (propos du maire)\n\n"
    f"{texts.MODEL_WROTE}"
)


@pytest.fixture(name="base")
def fixture_base(tmp_path: Path) -> Iterator[Knowledge]:
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=tmp_path)
    with closing(open_knowledge(settings)) as opened:
        published = datetime(2026, 2, 14, 9, 30, tzinfo=UTC)
        opened.ingest(
            [ArticleDraft(POOL_URL, TITLE, POOL_TEXT, POOL_URL, "La Gazette", published=published)]
        )
        yield opened


def draft_shows(chat: ChatHandle, text: str) -> None:
    """Wait until the last draft of the chat is that one."""
    wait_until_equal(lambda: [draft.text for draft in chat.drafts[-1:]], [text])


def states(texts_shown: list[str]) -> list[str]:
    """Return the states after the search's own, one that stood for long counted once."""
    return [text for text, _ in groupby(texts_shown) if text != texts.SEARCHING]


def spans(message: Message) -> list[tuple[str, str, str | None]]:
    return [
        (entity["type"], message.covered(entity), entity.get("url")) for entity in message.entities
    ]


def linked(sentence: str) -> tuple[str, str, str]:
    """Return the title under a quotation, with the link to the sentence."""
    words = sentence.split()
    ends = [sentence] if len(sentence) <= 80 else [" ".join(words[:4]), " ".join(words[-4:])]
    fragment = ",".join(quote(end, safe="") for end in ends)
    return ("text_link", TITLE, f"{POOL_URL}#:~:text={fragment}")


def assert_is_the_answer(message: Message) -> None:
    assert message.text == ANSWER
    assert spans(message) == [
        ("blockquote", POOL_OPENS, None),
        linked(POOL_OPENS),
        ("blockquote", POOL_COST, None),
        linked(POOL_COST),
        ("blockquote", POOL_PROMISE, None),
        linked(POOL_PROMISE),
        ("italic", texts.MODEL_WROTE, None),
    ]


def assert_never_sent(server: TelegramServer, *words: str) -> None:
    """Look into every call, drafts and edits too."""
    assert [
        (call.method, word)
        for call in server.calls
        for word in words
        if word in "".join(call.params.values())
    ] == []


def test_in_private_what_is_borne_out_streams_through_drafts_and_the_rest_is_dropped(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    with (
        writing(base, tmp_path, *SCRIPT) as (knowledge, model),
        RunningBot(server, knowledge, tmp_path),
    ):
        alice = server.user("Alice")
        asked = alice.say(QUESTION)
        chat = alice.private_chat()
        chat.wait_for_action("typing")
        draft_shows(chat, texts.READING_ONE)
        model.let_end(1)
        draft_shows(chat, FIRST)
        model.let_end(2)  # of which the first is not borne out
        draft_shows(chat, SECOND)
        model.let_end(1)
        [answer] = chat.wait_for_messages(quiet=0.5)
    assert_is_the_answer(answer)
    assert answer.reply_to == asked
    assert states([draft.text for draft in chat.drafts]) == [texts.READING_ONE, FIRST, SECOND]
    assert all(draft.entities == () for draft in chat.drafts)  # no quotation before the answer
    assert chat.drafts[-1].sent_at < answer.sent_at
    assert_never_sent(server, *DROPPED)
    assert server.refusals == []


def test_in_a_group_what_is_borne_out_is_shown_by_spaced_edits_of_one_message(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    alice = server.user("Alice")
    group = server.group("Un groupe", kind="supergroup")
    group.add(alice)
    group.admit_bot()
    with (
        writing(base, tmp_path, *SCRIPT) as (knowledge, model),
        RunningBot(server, knowledge, tmp_path),
    ):
        asked = alice.say(f"/question {QUESTION}", chat=group)
        group.wait_for_action("typing")
        [message] = group.wait_for_messages()
        wait_until_equal(lambda: message.text, texts.READING_ONE)
        model.let_end(1)
        wait_until_equal(lambda: message.text, FIRST)
        model.let_end(2)
        wait_until_equal(lambda: message.text, SECOND)
        model.let_end(1)
        wait_until_equal(lambda: message.text, ANSWER)
        assert group.stays_silent(0.5)
    assert_is_the_answer(message)
    assert message.reply_to == asked
    before = message.revisions
    assert states([each.text for each in before]) == [texts.READING_ONE, FIRST, SECOND]
    assert all(each.entities == () for each in before)
    shown_at = [message.sent_at, *(each.until for each in before[:-1])]  # the answer need not wait
    assert all(later - earlier >= 3.0 for earlier, later in pairwise(shown_at))
    assert_never_sent(server, *DROPPED)
    assert server.refusals == []


@pytest.mark.parametrize(
    ("claims", "quoted"),
    [
        (
            (
                "Selon Bertrand Lesaulnier, la piscine rouvre le 3 mars 2026. [1]",
                "Les travaux ont duré douze mois. [1]",
                "La piscine de Valmorin rouvre le 4 mars 2026. [1]",
                f"{WRONG_COST} [3]",
            ),
            [POOL_OPENS, POOL_COST],
        ),
        (
            (
                "La piscine de Valmorin ne rouvrira pas. [1]",
                "Le maire n’a pas tenu les délais. [2]",
                "The pool of Valmorin opens again in March 2026. [1]",
                f"{OPENS} [3]",
            ),
            [POOL_OPENS, POOL_PROMISE, POOL_COST],
        ),
    ],
    ids=["name, figures, date", "denials, language, other sentence"],
)
def test_of_claims_that_are_not_borne_out_only_the_quotations_are_ever_sent(
    claims: tuple[str, ...],
    quoted: list[str],
    server: TelegramServer,
    base: Knowledge,
    tmp_path: Path,
) -> None:
    with (
        writing(base, tmp_path, *claims) as (knowledge, model),
        RunningBot(server, knowledge, tmp_path),
    ):
        alice = server.user("Alice")
        alice.say(QUESTION)
        chat = alice.private_chat()
        draft_shows(chat, texts.READING_ONE)
        model.let_end(3)
        assert chat.stays_silent(1.5)  # time enough for a draft of them
        model.let_end(1)
        [answer] = chat.wait_for_messages(quiet=0.5)
    assert answer.entity_texts("blockquote") == quoted
    shown = [f"{sentence}\n— {SOURCE}" for sentence in quoted]
    assert answer.text.replace(" (propos du maire)", "").split("\n\n") == [
        *shown,
        texts.MODEL_CHOSE,
    ]
    assert states([draft.text for draft in chat.drafts]) == [texts.READING_ONE]
    assert_never_sent(server, *(claim.partition(" [")[0] for claim in claims))
    assert server.refusals == []


def test_a_model_that_abstains_has_the_bot_abstain(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    with (
        writing(base, tmp_path, ABSTENTION) as (knowledge, model),
        RunningBot(server, knowledge, tmp_path),
    ):
        model.let_end(1)
        alice = server.user("Alice")
        alice.say(QUESTION)
        [answer] = alice.private_chat().wait_for_messages()
    assert answer.text.startswith(f"{texts.ABSTENTION}\n\n{texts.NEAREST_ONE}\n• {SOURCE}")
    assert answer.entity_texts("blockquote") == []
    assert_never_sent(server, ABSTENTION)


def test_stop_leaves_nothing_of_what_was_claimed_and_the_model_serves_the_next_question(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    with (
        writing(base, tmp_path, *SCRIPT) as (knowledge, model),
        RunningBot(server, knowledge, tmp_path),
    ):
        alice = server.user("Alice")
        alice.say(QUESTION)
        chat = alice.private_chat()
        model.let_end(1)
        draft_shows(chat, FIRST)
        alice.say("/stop")
        [stopped] = chat.wait_for_messages(quiet=0.5)
        assert stopped.text == texts.STOPPED
        model.let_end(len(SCRIPT))
        alice.say(QUESTION)
        [answer] = chat.wait_for_messages()
    assert_is_the_answer(answer)
