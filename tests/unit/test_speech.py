from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.reporting import VERB
from knowledge.text.sentences import split_sentences
from knowledge.text.speech import attribute_speech


def speech_of(text: str) -> list[tuple[str, str | None]]:
    spans = split_sentences(text)
    return [
        (span.of(text), speaker)
        for span, speaker in zip(spans, attribute_speech(text, spans), strict=True)
    ]


def speakers_of(text: str) -> list[str | None]:
    return [speaker for _, speaker in speech_of(text)]


def test_every_sentence_of_a_quotation_gets_its_speaker() -> None:
    text = (
        "La digue a cédé. « Nous avons été clairs. Si l’eau monte, la ville sera évacuée. "
        "Personne ne restera », a déclaré Anne Kerdal. Les habitants attendent."
    )
    assert speech_of(text) == [
        ("La digue a cédé.", None),
        ("« Nous avons été clairs.", "Anne Kerdal"),
        ("Si l’eau monte, la ville sera évacuée.", "Anne Kerdal"),
        ("Personne ne restera », a déclaré Anne Kerdal.", "Anne Kerdal"),
        ("Les habitants attendent.", None),
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("« On verra bien », a déclaré Blinken.", "Blinken"),
        ("« On verra bien », déclare M. Paul Le Goff, maire de Lorvane.", "M. Paul Le Goff"),
        ("« On verra bien », a indiqué le colonel J.-M. Cadiou.", "le colonel J.-M. Cadiou"),
        ("« On verra bien », a déclaré vendredi à l’AFP Mme Anne Roux.", "Mme Anne Roux"),
        ("« On verra bien », s’est félicitée la présidente.", "la présidente"),
        ("« On verra bien », raconte cet arboriculteur de 57 ans.", "cet arboriculteur"),
        ("« On verra bien », explique le maire, Jean Dupont.", "Jean Dupont"),
        ("« On verra bien », a fait savoir le ministère de la Santé.", "le ministère de la Santé"),
        (
            "« Où va-t-on ? », s’interroge le président du club dans un entretien.",
            "le président du club",
        ),
        ("« C’est une honte ! » lance Paul Morvan.", "Paul Morvan"),
        ("“Rien ne marche ici”, explique le garagiste.", "le garagiste"),
        ('"Rien ne marche ici", explique le garagiste.', "le garagiste"),
        ("« Près de 200 000 livres d’aide », selon le tweet.", "le tweet"),
        ("« Le pont est dangereux », d’après l’expert.", "l’expert"),
        ("Anne Roux a déclaré : « On verra bien. »", "Anne Roux"),
        ("Le maire de Lorvane, Paul Roux, a répondu mardi : « On verra. »", "Paul Roux"),
        ("Interrogée sur France 3, la ministre a répondu : « On verra. »", "la ministre"),
        ("L’avocat rappelle que son client « regrette ses actes ».", "l’avocat"),
        ("Antony Blinken a prévenu vendredi que la riposte serait « sévère ».", "Antony Blinken"),
        ("La maire, Odile Roux, a pour sa part estimé que « tout va ».", "Odile Roux"),
        ("Selon le parquet, l’homme aurait agi « seul ».", "le parquet"),
        ("D’après son avocat, « il regrette profondément ».", "son avocat"),
    ],
)
def test_names_the_speaker_of_an_explicit_attribution(text: str, speaker: str) -> None:
    assert speakers_of(text) == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "Il pleut sur Lorvane.",
        "« On verra bien. »",
        "« On verra bien », a-t-il déclaré.",
        "« On verra bien », dit-elle.",
        "Il a déclaré : « On verra bien. »",
        "« On verra bien », a déclaré ce dernier.",
        "« On verra bien », ont déclaré Anne Roux et Paul Petit.",
        "Le film « Ville propre » explique le succès du maire.",
        "Joe Biden a déclaré que Poutine avait promis de « tenir bon ».",
        "Le nom de « loi Tesco », d’après la chaîne de supermarchés, est resté.",
        "Selon Yves Dossat, le « bûcher de Montségur » relève de la légende.",
        "Anne Roux a déclaré qu’elle partait.",
        "« On verra bien », a déclaré",
        "Le train « Paris-Brest » roule.",
        "« On verra bien, a déclaré Anne Roux.",
    ],
)
def test_is_silent_where_the_text_does_not_tell(text: str) -> None:
    assert speakers_of(text) == [None]


def test_an_attribution_within_the_quotation_counts() -> None:
    text = "« Nous irons, a dit Lucie Varenne. Nous gagnerons. » Le public rit."
    assert speakers_of(text) == ["Lucie Varenne", "Lucie Varenne", None]


def test_quotations_of_two_people_keep_their_speakers() -> None:
    text = "« Je pars demain », assure M. Le Goff. « Je reste ici », répond Mme Diallo."
    assert speakers_of(text) == ["M. Le Goff", "Mme Diallo"]


def test_two_speakers_in_one_sentence_give_none() -> None:
    both = "« Je pars demain matin », assure Paul Roux, « je reste encore ici », répond Anne Petit."
    assert speakers_of(both) == [None]


def test_a_quotation_does_not_cross_a_paragraph() -> None:
    text = "« Nous irons.\n\nIl pleut. On part », a dit Anne Roux."
    assert speakers_of(text) == [None, None, None]


def test_a_speaker_that_wraps_is_given_on_one_line() -> None:
    assert speakers_of("« Nous irons jusqu’au bout », a déclaré Anne\nKerdal.") == ["Anne Kerdal"]


@pytest.mark.parametrize(
    "verb",
    [
        *("déclare", "déclarent", "déclarait", "déclara", "déclarèrent", "lançait", "lança"),
        *("interrogea", "rappelle", "rappelait", "répète", "répétait", "dit", "répond", "promet"),
        *("a déclaré", "ont annoncé", "avait lancé", "a également rappelé", "lui a répondu"),
        *("s’interroge", "s'est exclamé", "s’est interrogée", "se félicite", "fait valoir"),
        *("a fait savoir", "se sont réjouis", "a répété", "s’inquiète"),
    ],
)
def test_knows_the_forms_of_reporting_verbs(verb: str) -> None:
    assert re.fullmatch(VERB, verb)


@pytest.mark.parametrize("words", ["mange", "a mangé", "a déclare", "déclaré", "a", "se", "dite"])
def test_other_words_are_no_reporting_verbs(words: str) -> None:
    assert re.fullmatch(VERB, words) is None


PIECES = st.sampled_from(
    [
        "« ",
        " »",
        "“",
        "”",
        '"',
        ", ",
        ". ",
        " : ",
        "\n\n",
        "a déclaré ",
        "Anne Roux",
        "selon ",
        "le maire",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_gives_one_entry_a_sentence_and_only_words_of_the_text(text: str) -> None:
    spans = split_sentences(text)
    speakers = attribute_speech(text, spans)
    assert len(speakers) == len(spans)
    lowered = " ".join(text.split()).lower()
    assert all(speaker is None or speaker.lower() in lowered for speaker in speakers)


@pytest.mark.parametrize(
    "unit", ["« ", "«", '"', ' "', "« a", "« a », a dit X ", ", a dit X", "selon X, « ", " ", "“a"]
)
def test_time_is_linear_whatever_the_quotation_marks(unit: str) -> None:
    """The bound is loose, for a loaded machine: a quadratic pattern would take minutes."""
    text = "« Le" + unit * (100_000 // len(unit)) + " »"
    spans = split_sentences(text)
    started = time.thread_time()
    attribute_speech(text, spans)
    assert time.thread_time() - started < 10
