"""The settings of a subscription as a message with buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations import Place
from bot.digests.subscription_changes import Verb, read_press
from bot.digests.subscriptions import Preferences, Subscription, SubscriptionState, Suspension
from bot.texts import subscriptions as texts
from bot.views.messages import Entity, EntityType, Message
from bot.views.place_words import where_to
from bot.views.subscription_pages import Surroundings
from bot.views.subscription_view import (
    panel,
    prompt,
    prompted,
)
from knowledge.digest.types import DigestStyle, Subjects

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
SUBSCRIPTION = Subscription(
    id=3,
    place=Place(-100, None),
    preferences=Preferences(),
    created_at=NOW,
    watermark=NOW,
    due_at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
)
AROUND = Surroundings(where=texts.WHERE_GROUP, now=NOW)


def plain(message: Message) -> str:
    return message.text.replace("\u00a0", " ").replace("\u202f", " ")


def labels(message: Message) -> list[list[str]]:
    return [[button.text.replace("\u00a0", " ") for button in row] for row in message.keyboard]


def test_the_main_page_says_every_setting_and_the_next_sending() -> None:
    found = panel(SUBSCRIPTION, Verb.MAIN, AROUND)
    assert plain(found) == (
        "Résumé n° 3, pour ce groupe\n"
        "Heures : 8 h (heure de Paris)\n"
        "Jours : tous les jours\n"
        "Sujets : tous\n"
        "Journaux : tous\n"
        "Flux : tous\n"
        "Longueur : 7 articles au plus\n"
        "Style : brèves, une phrase citée par article\n"
        "Sonnerie : oui\n"
        "Rien de nouveau : rien n’est envoyé\n"
        "Corrections : signalées en réponse au résumé\n\n"
        "Prochain envoi : demain, lundi 23 novembre, à 8 h (heure de Paris)."
    )
    assert found.entities == (Entity(EntityType.BOLD, 0, 11),)
    assert labels(found) == [
        ["Heures", "Jours", "Fuseau"],
        ["Sujets", "Journaux", "Flux"],
        ["Longueur", "Style : brèves"],
        ["Sonnerie : oui", "Si rien : rien"],
        ["Corrections : oui"],
        ["Se désabonner"],
    ]


def test_what_was_chosen_is_said() -> None:
    chosen = Preferences(
        hours=frozenset({time(18, 30), time(7)}),
        days=frozenset(range(5)),
        subjects=Subjects(("budget", "école"), ("football",), ("Le Phare",), ("f1",)),
        most_items=1,
        silent=True,
        style=DigestStyle.SYNTHESIS,
        say_when_empty=True,
        corrections=False,
    )
    around = replace(AROUND, feeds=(("f1", "Une du Phare"),))
    found = panel(replace(SUBSCRIPTION, preferences=chosen), Verb.MAIN, around)
    assert plain(found).split("\n")[1:-2] == [
        "Heures : 7 h et 18 h 30 (heure de Paris)",
        "Jours : du lundi au vendredi",
        "Sujets : budget et école",
        "À éviter : football",
        "Journaux : Le Phare",
        "Flux : Une du Phare",
        "Longueur : 1 article",
        "Style : synthèse ; sans modèle de langue sur ce serveur, des brèves sont envoyées",
        "Sonnerie : non, envoi silencieux",
        "Rien de nouveau : une ligne le dit",
        "Corrections : non signalées",
    ]


def test_a_suspension_says_why_instead_of_when() -> None:
    suspended = replace(SUBSCRIPTION, state=SubscriptionState.SUSPENDED, reason=Suspension.MUTED)
    found = plain(panel(suspended, Verb.MAIN, AROUND))
    assert found.endswith(
        "Suspendu : le robot n’a pas le droit d’écrire ici. Il reprend dès qu’il l’a."
    )
    assert set(texts.SUSPENDED) == set(Suspension)


def test_the_hours_page_marks_those_chosen_and_keeps_odd_ones() -> None:
    odd = replace(SUBSCRIPTION, preferences=Preferences(hours=frozenset({time(7, 30)})))
    found = panel(odd, Verb.HOURS_PAGE, AROUND)
    shown = [label for row in labels(found) for label in row]
    assert "✓ 7 h 30" in shown
    assert "8 h" in shown
    assert shown[-2:] == ["Autre heure", "Retour"]
    assert plain(found).split("\n")[1] == "À quelles heures l’envoyer ? (heure de Paris)"


def test_the_words_page_takes_words_out_and_asks_for_others() -> None:
    chosen = Preferences(subjects=Subjects(words=("budget",), avoid=("football",)))
    found = panel(replace(SUBSCRIPTION, preferences=chosen), Verb.WORDS_PAGE, AROUND)
    assert labels(found) == [
        ["✕ budget", "✕ sauf football"],
        ["Ajouter des sujets"],
        ["Ajouter des mots à éviter", "Retour"],
    ]


def test_outlets_and_feeds_are_chosen_among_those_known() -> None:
    around = replace(AROUND, outlets=("Le Phare", "La Dépêche"), feeds=(("f1", "Une"),))
    chosen = Preferences(subjects=Subjects(outlets=("Le Phare",)))
    subscription = replace(SUBSCRIPTION, preferences=chosen)
    assert labels(panel(subscription, Verb.OUTLETS_PAGE, around)) == [
        ["✓ Le Phare", "La Dépêche"],
        ["Retour"],
    ]
    assert labels(panel(subscription, Verb.FEEDS_PAGE, around)) == [["Une"], ["Retour"]]
    assert texts.NO_FEEDS in panel(subscription, Verb.FEEDS_PAGE, AROUND).text


@given(
    page=st.sampled_from(list(Verb)),
    words=st.lists(st.text(min_size=1, max_size=80), max_size=30),
    outlets=st.lists(st.text(min_size=1, max_size=300), max_size=60),
)
def test_every_page_can_be_sent_whatever_the_names(
    page: Verb, words: list[str], outlets: list[str]
) -> None:
    subjects = Subjects(words=tuple(words), avoid=tuple(words))
    subscription = replace(SUBSCRIPTION, preferences=Preferences(subjects=subjects))
    found = panel(subscription, page, replace(AROUND, outlets=tuple(outlets)))
    for row in found.keyboard:
        for button in row:
            press = read_press(button.data or "")
            assert press is not None
            assert press.subscription_id == 3


@pytest.mark.parametrize("field", list(texts.PROMPT_FIELDS))
def test_a_reply_to_a_prompt_finds_its_subscription_and_field(field: str) -> None:
    assert prompted(prompt(42, field).text) == (42, field)


@pytest.mark.parametrize(
    "text", ["", "Résumé n°\u00a0x\u00a0: sujets", "Résumé n°\u00a03\u00a0: autre", "sujets"]
)
def test_another_message_is_no_prompt(text: str) -> None:
    assert prompted(text) is None


def test_settings_full_of_emoji_fit_into_one_message() -> None:
    names = tuple(f"{number}" + "🦊" * 70 for number in range(10, 40))
    around = replace(
        AROUND, feeds=tuple((f"{at:020d}", name) for at, name in enumerate(names)), outlets=names
    )
    feeds = frozenset(identifier for identifier, _ in around.feeds)
    subjects = Subjects(words=names, avoid=names, outlets=names, feeds=tuple(feeds))
    filled = replace(SUBSCRIPTION, preferences=Preferences(subjects=subjects))
    assert panel(filled, Verb.MAIN, around).text.startswith("Résumé")


def test_a_place_is_named_from_inside_and_from_elsewhere() -> None:
    assert [
        where_to("private", "", Place(7), seen_from=Place(7)),
        where_to("supergroup", "", Place(-7), seen_from=Place(-7)),
        where_to("supergroup", "", Place(-7), seen_from=Place(-7, 3)),
        where_to("supergroup", "", Place(-7, 3), seen_from=Place(-7, 3)),
        where_to("supergroup", "", Place(-7, 3), seen_from=Place(-7)),
        where_to("channel", "", Place(-8), seen_from=Place(-8)),
        where_to("channel", "Info \u202eVille", Place(-8), seen_from=Place(7)),
    ] == [
        "pour cette conversation",
        "pour ce groupe",
        "pour ce groupe",
        "pour ce sujet du groupe",
        "pour un autre sujet du groupe",
        "pour ce canal",
        "pour «\u00a0Info Ville\u00a0»",
    ]


def test_the_page_of_subjects_says_what_is_kept_without_any() -> None:
    def told(words: tuple[str, ...], avoid: tuple[str, ...]) -> str:
        chosen = Preferences(subjects=Subjects(words=words, avoid=avoid))
        shown = panel(replace(SUBSCRIPTION, preferences=chosen), Verb.WORDS_PAGE, AROUND)
        return shown.text.split("\n")[1]

    assert told((), ()) == texts.ASK_FIRST_WORDS
    assert told((), ("football",)) == texts.ASK_WORDS_ONLY_AVOID
    assert told(("budget",), ("football",)) == texts.ASK_WORDS
