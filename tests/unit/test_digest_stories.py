"""One story however many outlets print it; one event however many stories tell it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.digest.events import events
from knowledge.digest.grouping import SAME_EVENT, group, likenesses
from knowledge.digest.headings import heading
from knowledge.digest.shingles import is_same_story, shingles
from knowledge.digest.stories import WindowStories
from knowledge.digest.subjects import Wanted
from knowledge.digest.types import Copy, Source, Subjects
from knowledge.evaluation.digests import shipped_articles
from tests.news import NOW, POOL, TRAIN, WINDOW, draft, read

CUT = " ".join(POOL.split(". ")[:3]) + "."
RETOUCHED = "VALMORIN (Agence) – " + POOL.replace("18 millions", "19 millions")
EARLY = NOW - timedelta(hours=9)


def test_a_story_cut_or_retouched_is_the_same_and_another_is_not() -> None:
    whole = shingles(POOL.split())
    assert is_same_story(whole, shingles(RETOUCHED.split()))
    assert is_same_story(shingles(POOL.split()[:30]), whole)
    assert not is_same_story(whole, shingles(TRAIN.split()))
    assert not is_same_story(shingles("un deux trois quatre cinq".split()), whole)


def test_copies_are_one_story_told_by_the_oldest_with_the_other_sources_once() -> None:
    first = read(draft(outlet="Agence Horizon", published=EARLY))
    second = read(draft(RETOUCHED, outlet="Ouest Presse"), copies=(Copy("Le Soir", None, NOW),))
    third = read(draft(CUT, outlet="ouest presse", published=None))
    other = read(draft(TRAIN, "La ligne rouvrira"))

    stories = WindowStories([third, other, second, first]).stories

    assert [[member.new.id for member in story.members] for story in stories] == [
        [one.new.id for one in (first, second, third)],
        [other.new.id],
    ]
    assert stories[0].sources == (
        Source("Ouest Presse", second.new.article.url, second.new.article.published),
        Source("Le Soir", None, NOW),
    )
    assert stories[1].sources == ()


def test_a_summary_does_not_tell_what_a_whole_article_can() -> None:
    summary = read(draft(CUT, outlet="A", published=EARLY, summary_only=True))
    whole = read(draft(POOL, outlet="B"))
    assert WindowStories([summary, whole]).stories[0].lead == whole


def test_a_story_is_told_by_the_outlet_that_was_asked_for() -> None:
    window = WindowStories([read(draft(published=EARLY)), read(draft(RETOUCHED, outlet="B"))])
    found = events(window.stories, window.likenesses, Wanted(Subjects(outlets=("b",)), WINDOW))
    assert found[0].stories[0].lead.new.article.outlet == "B"
    assert [source.outlet for source in found[0].stories[0].sources] == ["La Gazette"]


def test_the_most_covered_comes_first_then_the_newest() -> None:
    train = read(draft(TRAIN, "La ligne rouvrira", published=NOW - timedelta(minutes=1)))
    pool = [read(draft(published=EARLY)), read(draft(RETOUCHED, outlet="B", published=EARLY))]
    festival = read(draft("Le festival de Brax a attiré 9 000 personnes.", "Brax en fête"))
    window = WindowStories([festival, train, *pool])
    found = events(window.stories, window.likenesses, Wanted(Subjects(), WINDOW))
    assert [event.stories[0].lead.title.text.split()[0] for event in found] == [
        "Valmorin",
        "La",
        "Brax",
    ]


def test_of_the_shipped_articles_only_those_on_one_event_are_grouped() -> None:
    named = shipped_articles()
    names, articles = list(named), list(named.values())
    groups = group(range(len(articles)), likenesses(articles))
    assert [[names[place][:3] for place in places] for places in groups if len(places) > 1] == [
        ["a07", "a08"],
        ["b01", "b02"],
    ]


def test_what_is_of_one_event_stands_well_apart_from_what_is_not() -> None:
    named = shipped_articles()
    names, matrix = [name[:3] for name in named], likenesses(list(named.values())).matrix
    alike = {
        (one, other): float(matrix[i, j])
        for i, one in enumerate(names)
        for j, other in enumerate(names[:i])
    }
    same = [alike.pop(pair) for pair in (("a08", "a07"), ("b02", "b01"))]
    assert min(same) > SAME_EVENT + 0.05
    assert max(alike.values()) < SAME_EVENT - 0.03


def test_likeness_goes_both_ways_and_is_none_where_nothing_has_a_name() -> None:
    named = list(shipped_articles().values())[:8]
    matrix = likenesses(named).matrix
    assert (matrix == matrix.T).all()
    assert (matrix.diagonal() > SAME_EVENT).all()
    nameless = [read(draft("il pleut encore.", "pluie", origin=f"file:{n}")) for n in range(2)]
    assert likenesses(nameless).matrix.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert likenesses([]).matrix.size == 0


def test_the_heading_of_a_group_names_what_its_articles_share() -> None:
    named = shipped_articles()
    pair = [one for name, one in named.items() if name[:3] in ("a07", "a08")]
    assert heading(pair) == "Port-Lannec · maternité"
    assert heading(pair[:1]) == ""


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)), st.sets(st.integers(0, 5), min_size=1))
def test_groups_depend_neither_on_the_order_nor_on_the_others(
    order: list[int], chosen: set[int]
) -> None:
    articles = [
        read(draft(text, f"{title} {number}", outlet=str(number)))
        for number, (text, title) in enumerate([(POOL, "Piscine"), (TRAIN, "Train")] * 3)
    ]
    stories = WindowStories([articles[place] for place in order]).stories
    assert {frozenset(m.new.id for m in story.members) for story in stories} == {
        frozenset(articles[place].new.id for place in places) for places in ((0, 2, 4), (1, 3, 5))
    }
    members = sorted(chosen)
    groups = group(members, likenesses(articles))
    assert sorted(place for places in groups for place in places) == members


@pytest.mark.parametrize("texts", [[], ["Un."], ["Un.", "Deux."]])
def test_nearly_empty_articles_are_no_one_s_copies(texts: list[str]) -> None:
    articles = [read(draft(text, f"Titre {text}")) for text in texts]
    assert len(WindowStories(articles).stories) == len(texts)
