from __future__ import annotations

from knowledge.store.saving import check_segmentation
from knowledge.text.segmentation import segment

TEXT = (
    "La piscine de Valmorin rouvrira lundi 4 mai. Les travaux ont coûté 1,5 million d’euros.\n\n"
    "« C’est un soulagement », a déclaré Claire Dubreuil."
)


def test_a_text_becomes_sentences_with_their_speaker_and_passages() -> None:
    segmented = segment(TEXT)
    assert [span.of(TEXT).strip() for span in segmented.sentences] == [
        "La piscine de Valmorin rouvrira lundi 4 mai.",
        "Les travaux ont coûté 1,5 million d’euros.",
        "« C’est un soulagement », a déclaré Claire Dubreuil.",
    ]
    assert segmented.speech == (None, None, "Claire Dubreuil")
    assert segmented.passages == ((0, 2),)


def test_what_it_gives_is_what_the_store_accepts() -> None:
    text = "\n\n".join(f"{TEXT} Paragraphe n° {number}." for number in range(40))
    check_segmentation(segment(text), text)
