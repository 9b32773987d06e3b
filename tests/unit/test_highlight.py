"""The short answer that is marked inside a quotation."""

import pytest

from knowledge.search.highlight import short_answer
from knowledge.search.question import analyse_question
from knowledge.search.reading import read_sentence


@pytest.mark.parametrize(
    ("question", "sentence", "marked"),
    [
        (
            "Quand le festival a-t-il lieu ?",
            "Le festival se tient du 21 au 25 juillet 2027 à Valmorin.",
            "du 21 au 25 juillet 2027",
        ),
        (
            "Quand le service est-il fermé ?",
            "Du 29 juin au 6 septembre, le service fermera de 20 heures à 8 heures.",
            "Du 29 juin au 6 septembre",
        ),
        (
            "À quelle heure commence la réunion ?",
            "La réunion commence mardi 23 juin à 19 heures.",
            "19 heures",
        ),
        (
            "Combien de spectateurs ont vu le match ?",
            "Les 6 412 spectateurs du stade n’oublieront pas le match.",
            "6 412 spectateurs",
        ),
        (
            "Quelle température a-t-on relevée ?",
            "Le thermomètre est descendu à -5,2 degrés dans la nuit.",
            "-5,2 degrés",
        ),
        (
            "Quel gisement est fermé ?",
            "Le comité a fermé le gisement des Sept-Veuves.",
            "Sept-Veuves",
        ),
        ("Qui la défend ?", "Elle est défendue par Me Rémi Carvallan.", "Me Rémi Carvallan"),
        ("Quel client a été perdu ?", "Le contrat a été rompu en juin.", None),
        ("À quelle heure part le train ?", "Le train part mardi 23 juin.", None),
        (
            "Combien d’enfants sont nés en 2025 ?",
            "La maternité a compté moins de naissances en 2025.",
            None,
        ),
    ],
)
def test_what_is_marked(question: str, sentence: str, marked: str | None) -> None:
    span = short_answer(analyse_question(question), read_sentence(sentence))
    assert (span.of(sentence) if span else None) == marked
