"""Cleaning: what goes, what stays, and that cleaning twice is cleaning once."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.text.clean import CleanText, clean_text

PROSE = "Le maire a présenté le budget de la commune devant une salle comble jeudi soir."


def around(line: str) -> str:
    """Return an article with `line` on its own in the middle."""
    return f"{PROSE}\n\n{line}\n\n{PROSE}"


RESIDUE = """
Laisser un commentaire
Partager sur Facebook
Partager sur Facebook Twitter WhatsApp
Facebook
Facebook | Twitter | Copier le lien
Lire aussi : Guerre en Ukraine : le point sur la situation
À lire également : la carte des frappes
À LIRE AUSSI
>> À lire aussi : Pourquoi le budget augmente
Abonnez-vous à la newsletter
Inscrivez-vous gratuitement à notre newsletter quotidienne
Publicité
La suite après cette publicité
Cet article est réservé aux abonnés
Cet article est réservé aux abonnés.
Il vous reste 75.2% de cet article à lire. La suite est réservée aux abonnés.
Déjà abonné ? Connectez-vous
Ce site utilise des cookies pour améliorer votre expérience. En savoir plus
En poursuivant votre navigation, vous acceptez le dépôt de cookies.
Continuer sans accepter
Copier le lien
Suivez-nous
Suivez-nous sur Facebook et Twitter
Mis à jour le 12 mars 2024 à 14h05
Publié le 12/03/2024 à 14:05, mis à jour le 13/03/2024 à 08:00
Temps de lecture : 3 min
Lecture 3 min.
© AFP
© 2024 Le Monde. Tous droits réservés.
Crédit photo : Jean Dupont / AFP
(Photo AFP)
Tags : ukraine, russie
#ukraine #russie
3 commentaires
Votre adresse e-mail ne sera pas publiée. Les champs obligatoires sont indiqués avec *
""".strip().split("\n")

SENTENCES = """
Il a demandé à ses lecteurs de partager sur Facebook la vidéo de la manifestation.
Publicité mensongère : l’entreprise condamnée à 10 000 euros d’amende.
Le directeur a promis de laisser un commentaire public sur le site.
Le journal a été mis à jour le 12 mars 2024 à la demande du maire.
Facebook a supprimé 200 comptes.
X a changé de nom.
Les cookies sont cuits à four doux.
Suivez-nous, a lancé le guide aux touristes.
Photographes et journalistes étaient nombreux.
Sujet sensible, le glyphosate divise.
Par ailleurs, le maire a démissionné.
Avec Reuters, la direction a négocié.
Jean Dupont a contribué à ce désastre.
""".strip().split("\n")


@pytest.mark.parametrize("line", RESIDUE)
def test_a_line_of_residue_goes(line: str) -> None:
    assert clean_text(around(line)) == CleanText(f"{PROSE}\n\n{PROSE}")


@pytest.mark.parametrize("line", SENTENCES)
def test_a_sentence_that_only_contains_such_words_stays(line: str) -> None:
    assert clean_text(around(line)) == CleanText(around(line))


@pytest.mark.parametrize("line", SENTENCES)
def test_such_a_sentence_stays_at_the_ends_too(line: str) -> None:
    assert clean_text(f"{line}\n\n{PROSE}\n\n{line}") == CleanText(f"{line}\n\n{PROSE}\n\n{line}")


def test_an_item_of_a_list_is_content() -> None:
    text = f"{PROSE}\n\n- Facebook\n- Twitter"
    assert clean_text(text).text == text


def test_what_residue_kept_apart_stays_apart() -> None:
    assert clean_text(f"{PROSE}\nPublicité\n{PROSE}").text == f"{PROSE}\n\n{PROSE}"


def test_nothing_but_residue_leaves_nothing() -> None:
    assert clean_text("Publicité\n\nPartager\nLaisser un commentaire\n") == CleanText("")


@pytest.mark.parametrize(
    ("line", "contributors", "author"),
    [
        (
            "Veronica Stracqualursi et Vasco Cotovio de CNN ont contribué à ce rapport.",
            ("Veronica Stracqualursi", "Vasco Cotovio"),
            None,
        ),
        ("Jim Sciutto contributed to this report.", ("Jim Sciutto",), None),
        ("Avec AFP", ("AFP",), None),
        ("(avec agences)", ("agences",), None),
        ("Avec l’AFP et Reuters", ("AFP", "Reuters"), None),
        ("Par Jean Dupont", (), "Jean Dupont"),
        ("Par Jean Dupont et Marie de La Tour", (), "Jean Dupont, Marie de La Tour"),
        ("Par Zoé Martin (avec AFP)", ("AFP",), "Zoé Martin"),
        ("Par Jean-Luc d’Ormesson, envoyé spécial à Kiev", (), "Jean-Luc d’Ormesson"),
        ("Par la rédaction", (), "La rédaction"),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["at the start", "at the end"])
def test_a_credit_at_either_end_becomes_metadata(
    line: str, contributors: tuple[str, ...], author: str | None, first: bool
) -> None:
    text = f"{line}\n\n{PROSE}" if first else f"{PROSE}\n\n{line}"
    assert clean_text(text) == CleanText(PROSE, contributors, author)


def test_a_credit_in_the_middle_is_text() -> None:
    paragraphs = [PROSE, PROSE, PROSE, "Avec Reuters", "Par Jean Dupont", PROSE]
    text = "\n\n".join(paragraphs)
    assert clean_text(text) == CleanText(text)


def test_several_credits_are_kept_in_order_and_once() -> None:
    text = f"Par Jean Dupont\n\n{PROSE}\n\nAvec AFP\nAnne Roy a contribué à cet article.\n(AFP)"
    assert clean_text(text) == CleanText(PROSE, ("AFP", "Anne Roy"), "Jean Dupont")


def test_a_foreign_headline_glued_to_a_paragraph_is_set_apart() -> None:
    headline = "L'ambassade des États-Unis demande d'autoriser le départ du personnel"
    paragraph = f"{PROSE} {PROSE}"
    text = f"{PROSE}\n\n{headline}\n{paragraph}\n\n{PROSE}"
    assert clean_text(text).text == f"{PROSE}\n\n{headline}\n\n{paragraph}\n\n{PROSE}"


def test_a_headline_between_two_lines_of_a_block_is_set_apart() -> None:
    text = f"{PROSE}\nUn bilan encore provisoire\n{PROSE}"
    assert clean_text(text).text == f"{PROSE}\n\nUn bilan encore provisoire\n\n{PROSE}"


def test_verse_and_addresses_are_left_as_they_are() -> None:
    verse = (
        "Demain, dès l’aube, à l’heure où blanchit la campagne,\n"
        "Je partirai. Vois-tu, je sais que tu m’attends\n"
        "J’irai par la forêt, j’irai par la montagne\n"
        "Je ne puis demeurer loin de toi plus longtemps"
    )
    address = "Mairie de Valmorin\nPlace du Marché\n12345 Valmorin"
    assert clean_text(verse).text == verse
    assert clean_text(address).text == address


def test_hard_wrapped_lines_are_joined_and_hyphens_mended() -> None:
    text = (
        "La première cargaison est arrivée vendredi à Kiev, selon l’ambassade\n"
        "des États-Unis. Elle comprend des munitions, a indiqué le porte-parole du\n"
        "Ministère de la Défense, qui a ajouté que d’autres suivraient. Le prési-\n"
        "dent ukrainien viendra peut-être en juin, a-t-il ajouté devant la presse,\n"
        "avant la fin de l’été.\n"
        "\n"
        "Une autre phrase qui court sur deux lignes et qui a une fin ordinaire,\n"
        "comme les autres.\n"
    )
    assert clean_text(text).text == (
        "La première cargaison est arrivée vendredi à Kiev, selon l’ambassade "
        "des États-Unis. Elle comprend des munitions, a indiqué le porte-parole du "
        "Ministère de la Défense, qui a ajouté que d’autres suivraient. Le président "
        "ukrainien viendra peut-être en juin, a-t-il ajouté devant la presse, "
        "avant la fin de l’été.\n\n"
        "Une autre phrase qui court sur deux lignes et qui a une fin ordinaire, "
        "comme les autres."
    )


def test_a_compound_cut_at_its_hyphen_keeps_it() -> None:
    lines = [
        "Les habitants du village attendent toujours que la route soit peut-",
        "être rouverte, selon le maire, qui en doute, mais la préfecture veut",
        "y croire et promet une décision avant la fin du mois de janvier.",
    ]
    assert "soit peut-être rouverte" in clean_text("\n".join(lines)).text


def test_characters_are_made_uniform_and_french_spaces_kept() -> None:
    raw = (
        "\ufeffUn  mot\tcache\u0301\u200b\r\nun\u00a0euro\u202f!\u2028«\u00a0 oui\u00a0»\x00\u202e"
    )
    assert clean_text(raw).text == "Un mot caché\nun\u00a0euro\u202f!\n«\u00a0oui\u00a0»"


def test_hidden_tag_characters_and_icons_go() -> None:
    assert clean_text("Bon\U000e0041\U000e0042jour \ue001le monde\xad.").text == "Bonjour le monde."


def test_at_most_one_blank_line_is_left() -> None:
    assert clean_text(f"\n\n{PROSE}\n \n\u00a0\n\n{PROSE}\n\n").text == f"{PROSE}\n\n{PROSE}"


def test_the_real_page_loses_its_residue_and_nothing_else() -> None:
    shared = Path(os.environ.get("SOURCIER_SHARED_DIR", Path(__file__).parents[2] / "../shared"))
    pages = sorted((shared / "articles").glob("000_*.txt")) if shared.is_dir() else []
    if not pages:
        pytest.skip("the shared article is not on this machine (SOURCIER_SHARED_DIR)")
    raw = pages[0].read_text("utf-8")
    credit = "Veronica Stracqualursi et Vasco Cotovio de CNN ont contribué à ce rapport."
    lines = [line for line in raw.split("\n") if line]
    kept = [line for line in lines if line not in (credit, "Laisser un commentaire")]
    assert len(kept) == len(lines) - 2
    assert clean_text(raw) == CleanText(
        "\n\n".join(kept), ("Veronica Stracqualursi", "Vasco Cotovio")
    )


FRAGMENTS = st.sampled_from(
    [
        *RESIDUE,
        *SENTENCES,
        PROSE,
        PROSE[:70],
        "le maire",
        "Le maire",
        "Avec AFP",
        "Par Jean Dupont",
        "- un point",
        "Un bilan lourd",
        "fin-",
        "de la semaine, a-t-il dit",
        "\u0301",
        "\u200b",
        "\u00a0",
    ]
)
LAYOUTS = st.lists(
    st.tuples(FRAGMENTS, st.sampled_from(["\n", "\n\n", " ", "\r\n", "\u2029"])), max_size=14
).map(lambda parts: "".join(text + gap for text, gap in parts))


@settings(max_examples=300, deadline=None)
@given(st.text() | LAYOUTS | st.text(alphabet="aÉe.- \n«»:é,\u0301\u00a0", max_size=400))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once.text) == CleanText(once.text)
    assert once.text == once.text.strip()
    assert "\n\n\n" not in once.text


WRAPPED = (
    "la première cargaison est arrivée vendredi à Kiev, selon l’ambassade des\n"
    "citoyens des États-Unis qui comprend des munitions, a indiqué le présid-\n"
)


@pytest.mark.parametrize(
    "text",
    [
        WRAPPED * 5_000,
        "A " * 200_000,
        "Par Aa\n" * 60_000,
        "(AFP)\n\n" * 60_000,
        "«" * 400_000,
        "a-\n" * 130_000,
    ],
    ids=["wrapped", "words", "by-lines", "credits", "marks", "hyphens"],
)
def test_time_stays_linear_on_contrived_texts(text: str) -> None:
    begin = time.thread_time()
    clean_text(text)
    assert time.thread_time() - begin < 20
