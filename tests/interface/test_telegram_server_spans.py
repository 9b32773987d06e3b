"""Spans of entities in the local Bot API server: UTF-16, nesting, what leniency repairs."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.telegram_server import Leniency
from tests.telegram_server.entities import SPLITTABLE, check_nesting
from tests.telegram_server.errors import ApiError
from tests.telegram_server.formatted import fix, read_entities
from tests.telegram_server.text import (
    byte_offset_after,
    first_replaced_character,
    splits_surrogate_pair,
    utf16_length,
    utf16_slice,
)


def entity(kind: str, offset: int, length: int, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **fields}


def test_a_lenient_server_repairs_as_telegram_does() -> None:
    lenient = {
        Leniency.UNTRIMMED_TEXT,
        Leniency.EXTRA_ENTITIES,
        Leniency.EMPTY_ENTITIES,
        Leniency.DETECTED_ENTITIES,
        Leniency.REPLACED_CHARACTERS,
    }
    trimmed = fix(
        " \n🙂 mot\t! \n",
        [entity("bold", 5, 3), entity("italic", 9, 3), entity("code", 10, 1)],
        lenient,
    )
    assert (trimmed.text, trimmed.entities) == (
        "🙂 mot\t!",
        (entity("bold", 3, 3), entity("italic", 7, 1)),
    )
    kept = fix("  a", [entity("bold", 1, 2)], lenient)
    assert (kept.text, kept.entities) == (" a", (entity("bold", 0, 2),))
    many = [entity("bold", index, 1) for index in range(105)] + [entity("url", 0, 3)]
    assert read_entities(many, lenient) == many[:100]


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("aé 🙂\n«𝔸"), min_size=1, max_size=30), st.data())
def test_any_span_between_two_characters_is_accepted_and_covers_them(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    offset, length = utf16_length(text[:start]), utf16_length(text[start:end])
    assert utf16_slice(text, offset, length) == text[start:end]
    assert not splits_surrogate_pair(text, offset)
    assert not splits_surrogate_pair(text, offset + length)
    assert byte_offset_after(text, offset + length) == len(text[:end].encode())
    assert first_replaced_character(text) is None


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(SPLITTABLE)), st.integers(0, 9), st.integers(1, 5)))
)
def test_nesting_is_accepted_exactly_when_spans_of_different_types_contain_or_miss_each_other(
    spans: list[tuple[str, int, int]],
) -> None:
    def fit(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
        (kind, start, length), (other_kind, other_start, other_length) = one, other
        end, other_end = start + length, other_start + other_length
        if end <= other_start or other_end <= start:
            return True
        inside = start >= other_start and end <= other_end
        around = start <= other_start and end >= other_end
        return kind != other_kind and (inside or around)

    expected = all(fit(a, b) for i, a in enumerate(spans) for b in spans[i + 1 :])
    try:
        check_nesting([entity(*span) for span in spans])
        accepted = True
    except ApiError:
        accepted = False
    assert accepted == expected
