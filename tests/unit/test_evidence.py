"""Which sentences a model is shown."""

from knowledge.evaluation.memory_base import MemoryBase
from knowledge.model.prompting import article_heading
from knowledge.search.evidence import select_evidence
from knowledge.types import ArticleDraft, Evidence, Hit

TEXT = "Première phrase de l’article. Deuxième phrase de l’article. Troisième phrase."
BASE = MemoryBase(
    [
        ArticleDraft(origin=f"file:{name}", title=f"Article {name}", text=f"{name} : {TEXT}")
        for name in ("un", "deux", "trois")
    ]
)
PASSAGES = [record.passage for record in BASE.records()]


def select(order: list[int], budget: int) -> tuple[Evidence, ...]:
    hits = [Hit(PASSAGES[place], 1.0 / rank) for rank, place in enumerate(order, 1)]
    return select_evidence(
        hits,
        BASE.sentences_of(PASSAGES),
        BASE.by_id,
        budget_tokens=budget,
        count_tokens=lambda text: len(text.split()),
        count_heading=lambda article: len(article_heading(article).split()),
    )


def test_labels_count_from_one_in_an_order_that_does_not_depend_on_scores() -> None:
    one, other = select([0, 1, 2], 1000), select([2, 0, 1], 1000)
    assert [item.label for item in one] == list(range(1, 10))
    assert [item.sentence for item in one] == [item.sentence for item in other]


def test_the_best_passages_are_kept_when_the_budget_is_short() -> None:
    chosen = select([2, 0, 1], 60)
    assert {item.article.id for item in chosen} == {PASSAGES[2].article_id}
    assert len(chosen) == 3


def test_a_budget_below_one_passage_takes_its_first_sentences() -> None:
    chosen = select([1], 4 + 6 + 6 + 6)
    assert [item.sentence.index for item in chosen] == [0]


def test_a_long_heading_counts_as_it_is_shown() -> None:
    base = MemoryBase(
        [
            ArticleDraft(
                origin="file:long", title="Un titre " * 10, outlet="Un journal " * 3, text=TEXT
            )
        ]
    )
    [record] = base.records()

    def chosen(budget: int) -> int:
        return len(
            select_evidence(
                [Hit(record.passage, 1.0)],
                base.sentences_of([record.passage]),
                base.by_id,
                budget_tokens=budget,
                count_tokens=lambda text: len(text.split()),
                count_heading=lambda article: len(article_heading(article).split()),
            )
        )

    heading = 2 + 20 + 1 + 6
    assert (chosen(heading + 6 + 4), chosen(heading + 6 + 4 + 6)) == (0, 1)


def test_no_budget_is_no_evidence() -> None:
    assert select([0], 0) == ()


def test_the_same_sentence_is_told_once() -> None:
    assert len(select([0, 0], 1000)) == 3
