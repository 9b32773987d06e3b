"""One article told in a few of its sentences."""

from knowledge.digest.one_article import article_at, telling_sentences
from knowledge.types import ArticleId
from tests.news import POOL, draft, read

REPEATED = (
    "Lundi 4 mai, le conseil municipal de Valmorin a voté la reconstruction de la piscine. "
    "Le conseil municipal de Valmorin a voté la reconstruction de la piscine lundi 4 mai. "
    "Le chantier coûtera 18 millions d’euros. Il durera deux ans."
)


def told(text: str) -> list[str]:
    return [one.sentence.text for one in telling_sentences(read(draft(text)))]


def test_three_to_five_sentences_are_told_in_the_order_of_the_article() -> None:
    sentences = told(POOL)
    assert 3 <= len(sentences) <= 5
    assert sentences == sorted(sentences, key=POOL.index)
    assert sentences[0].startswith("Lundi 4 mai, le conseil municipal")
    long = " ".join(
        f"Le maire de Brumont a inauguré l’école numéro {number} mardi {number} mai."
        for number in range(1, 30)
    )
    assert len(told(long)) <= 5


def test_what_was_told_is_not_told_again_and_one_sentence_is_enough() -> None:
    sentences = told(REPEATED)
    assert sum("reconstruction" in sentence for sentence in sentences) == 1
    assert "Le chantier coûtera 18 millions d’euros." in sentences
    assert told("Il pleut.") == ["Il pleut."]


def test_what_opens_a_list_or_breaks_a_quotation_gives_way() -> None:
    text = (
        "Le conseil de Valmorin a adopté lundi le budget de la ville. Le budget prévoit, entre "
        "autres dépenses de la ville, trois chantiers : La piscine rouvrira en mars 2027 après "
        "dix mois de travaux. La ligne de tramway sera prolongée jusqu’à la gare de Brumont. "
        "L’école Jean-Moulin accueillera 120 élèves de plus à la rentrée."
    )
    assert all(not sentence.endswith(":") for sentence in told(text))


def test_an_address_is_known_in_its_other_forms_and_the_first_known_link_counts() -> None:
    base: dict[str, ArticleId] = {"https://a.test/x": "1", "http://b.test/y/": "2"}

    def known(origins: object) -> dict[str, ArticleId]:
        return {key: base[key] for key in base if key in set(origins)}  # type: ignore[call-overload]  # any iterable

    assert article_at(["http://a.test/x/?utm_source=z#bas"], known) == "1"
    assert article_at(["https://c.test/", "https://b.test/y", "https://a.test/x"], known) == "2"
    assert article_at(["javascript:alert(1)", "https://"], known) is None
