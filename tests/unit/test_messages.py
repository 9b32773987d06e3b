"""Messages measured as Telegram does: UTF-16 units, entities, limits, what it would change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.messages import (
    MAX_ENTITIES,
    MAX_UNITS,
    Block,
    Entity,
    EntityType,
    Message,
    Piece,
    Writer,
    carriable,
    inline,
    is_invisible,
    pack,
    split_words,
    utf16_length,
)
from tests.telegram_server.text import first_replaced_character
from tests.telegram_server.text import is_invisible as is_invisible_to_telegram

CHANGED = st.sampled_from("\x00\t\r\n\u2028\u202e\u0333\u033f\u030aaAe\u0308 ")
SURROGATES_TOO = st.text(st.characters(exclude_categories=()) | CHANGED, max_size=60)


def test_offsets_count_utf16_units() -> None:
    writer = Writer().write("😀é ").write("né", EntityType.BOLD)
    assert writer.block() == Block("😀é né", (Entity(EntityType.BOLD, 4, 2),))


def test_what_cannot_be_seen_is_not_marked() -> None:
    writer = Writer().write(" \n\u200b", EntityType.BOLD)
    writer.mark(EntityType.BLOCKQUOTE, 0)
    assert writer.block() == Block(" \n\u200b")


def test_outer_entities_come_before_inner_ones() -> None:
    writer = Writer().write("oui", EntityType.BOLD).write(" non")
    writer.mark(EntityType.BLOCKQUOTE, 0)
    assert [entity.type for entity in writer.block().entities] == ["blockquote", "bold"]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("", ()),
        ("\u200b", ()),
        ("a" * (MAX_UNITS + 1), ()),
        ("😀" * (MAX_UNITS // 2 + 1), ()),
        ("a" * 200, tuple(Entity(EntityType.BOLD, n, 1) for n in range(MAX_ENTITIES + 1))),
        ("abc", (Entity(EntityType.BOLD, 2, 2),)),
        ("abcdef", tuple(Entity(EntityType.TEXT_LINK, n, 1, "x" * 2000) for n in range(6))),
    ],
)
def test_a_message_beyond_telegram_s_limits_cannot_be_made(
    text: str, entities: tuple[Entity, ...]
) -> None:
    with pytest.raises(ValueError, match=r"message|entities"):
        Message(text, entities)


def test_only_a_link_has_an_address() -> None:
    with pytest.raises(ValueError, match="address"):
        Entity(EntityType.BOLD, 0, 1, "https://ex.fr")
    with pytest.raises(ValueError, match="address"):
        Entity(EntityType.TEXT_LINK, 0, 1)


def test_blocks_share_a_message_until_it_is_full() -> None:
    bold = Block("b" * 2000, (Entity(EntityType.BOLD, 0, 2000),))
    assert pack([Piece(bold)] * 3) == (
        Message(
            f"{bold.text}\n\n{bold.text}",
            (Entity(EntityType.BOLD, 0, 2000), Entity(EntityType.BOLD, 2002, 2000)),
        ),
        Message(bold.text, bold.entities),
    )


def test_blanks_at_the_start_of_a_message_are_kept_from_being_trimmed() -> None:
    assert pack([Piece(Block(" oui", (Entity(EntityType.BOLD, 0, 4),)))]) == (
        Message("\u200b oui", (Entity(EntityType.BOLD, 1, 4),)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\x00c\x1b[31m", "a b c [31m"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\u202eb\u202c", "ab"),
        ("A\u030angstro\u0308m q\u030a", "Ångstro\u0308m q"),
        ("\u030a\u030aa\u030a\u030a", "å"),
        ("\ud800é", "\ufffdé"),
        ("«\u00a0l’été\u202f!\u00a0» 😀\u200d\u2067", "«\u00a0l’été\u202f!\u00a0» 😀\u200d\u2067"),
    ],
)
def test_only_what_telegram_would_change_is_changed(text: str, expected: str) -> None:
    assert carriable(text) == expected


CARRIED_AS = {
    **dict.fromkeys(range(0x20), " "),
    ord("\n"): "\n",
    **dict.fromkeys(map(ord, "\r\u2028\u2029"), "\n"),
    **dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a"), ""),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def test_every_other_character_is_carried_as_it_is() -> None:
    carried = {code: carriable(f"q{chr(code)}q")[1:-1] for code in range(0x11000)}
    changed = {code: to for code, to in carried.items() if to != chr(code)}
    assert changed == {code: to for code, to in CARRIED_AS.items() if chr(code) != to}


@given(SURROGATES_TOO)
def test_telegram_has_nothing_left_to_change(text: str) -> None:
    assert first_replaced_character(carriable(text)) is None
    carriable(text).encode()


@given(st.text())
def test_what_telegram_takes_for_empty_is_invisible(text: str) -> None:
    assert is_invisible(text) or not is_invisible_to_telegram(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Un\n titre\u00a0! ", "Un titre\u00a0!"),
        ("a" * 30, "a" * 19 + "…"),
        ("\u2067titre\u2069", "titre"),
        ("مرحبا", "\u2068مرحبا\u2069"),
    ],
)
def test_a_title_stays_in_its_line_and_direction(text: str, expected: str) -> None:
    assert inline(text, limit=20) == expected


@given(st.text(st.sampled_from("ab é😀\u0301\u200d\n"), max_size=200), st.integers(17, 40))
def test_parts_lose_nothing_and_fit(text: str, limit: int) -> None:
    parts = list(split_words(text, limit=limit))
    assert "".join(parts) == text
    assert all(0 < utf16_length(part) <= limit for part in parts)


def test_parts_are_cut_after_a_blank() -> None:
    assert list(split_words("un deux trois", limit=9)) == ["un deux ", "trois"]
    assert list(split_words("abcdefe\u0301ghi", limit=7)) == ["abcdef", "e\u0301ghi"]
