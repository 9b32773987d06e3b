"""What tells a right best sentence from a wrong one."""

from pathlib import Path

import pytest

from knowledge.conversation import ContextualQuestion
from knowledge.evaluation.memory_base import MemoryBase
from knowledge.search.answerability import answerability_features
from knowledge.search.candidates import rank_sentences
from knowledge.search.scoring import shipped_weights
from knowledge.text.frequency import french_frequencies
from knowledge.types import ArticleDraft, Hit

BRIDGE = ArticleDraft(
    origin="file:bridge",
    title="Le pont de Tarnac rouvre",
    text=(
        "Le pont de Tarnac rouvre lundi. Les travaux du pont ont coûté 3 millions d’euros. "
        "Le pont avait fermé en mars après une crue."
    ),
)
MARKET = ArticleDraft(
    origin="file:market",
    title="Le marché de Tarnac",
    text="Le marché de Tarnac attire 40 exposants.",
)


def features(folder: Path, question: str, *drafts: ArticleDraft) -> dict[str, float]:
    base = MemoryBase(drafts)
    found = dict(base.lexical_index(folder / "lexical.sqlite3").search(question, limit=20))
    passages = base.passages(list(found))
    reader, ranked = rank_sentences(
        ContextualQuestion(question),
        hits=[Hit(passages[one], score) for one, score in found.items()],
        sentences=base.sentences_of(list(passages.values())),
        articles=base.by_id,
        rarity=french_frequencies().rarity,
        model=shipped_weights().ranking,
    )
    return answerability_features(reader, ranked)


def test_the_shipped_weights_name_the_features_that_are_read(tmp_path: Path) -> None:
    read = features(tmp_path, "Combien ont coûté les travaux du pont de Tarnac ?", BRIDGE)
    assert set(shipped_weights().answerable.weights) == set(read)


def test_a_word_that_the_article_lacks_is_lacking_and_tells(tmp_path: Path) -> None:
    told = features(tmp_path, "Combien ont coûté les travaux du pont de Tarnac ?", BRIDGE)
    (tmp_path / "other").mkdir()
    untold = features(tmp_path / "other", "Quel architecte a dessiné le pont de Tarnac ?", BRIDGE)
    assert told["lacking"] == 0.0
    assert told["telling"] > untold["telling"] + 0.2
    assert untold["lacking"] >= 2 / 6


def test_an_answer_beside_the_words_asked_is_near_and_none_is_far(tmp_path: Path) -> None:
    near = features(tmp_path, "Combien ont coûté les travaux du pont ?", BRIDGE)
    (tmp_path / "other").mkdir()
    without = features(tmp_path / "other", "Pourquoi le pont avait-il fermé ?", BRIDGE)
    assert near["far_answer"] < 0.3
    assert without["far_answer"] == 1.0


def test_one_sentence_alone_is_of_one_article_without_doubt(tmp_path: Path) -> None:
    alone = features(tmp_path, "Combien d’exposants attire le marché de Tarnac ?", MARKET)
    assert (alone["entropy"], alone["one_article"], alone["share"]) == (0.0, 1.0, 1.0)


@pytest.mark.parametrize("question", ["Tarnac ?", "pont pont", "Qui Tarnac 40 lundi mars ?"])
def test_features_of_any_question_stay_in_their_range(tmp_path: Path, question: str) -> None:
    read = features(tmp_path, question, BRIDGE, MARKET)
    names = ("entropy", "one_article", "lacking", "telling", "far_answer", "in_order", "rarest")
    assert all(0.0 <= read[name] <= 1.1 for name in names), read
