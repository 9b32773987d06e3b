"""Lists of subjects: what is asked for and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.subject_list import asked_parts, avoided, subject_list


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" , ;\n ", []),
        ("budget", ["budget"]),
        ("budget, école ;transports en commun\n49.3", "budget|école|transports en commun|49.3"),
        ("école., Budget…", ["école", "Budget…"]),
        ("@, …, 👍, école", ["école"]),
        ("football sauf mercato", ["football sauf mercato"]),
    ],
)
def test_a_list_is_cut_at_its_separators(text: str, parts: list[str] | str) -> None:
    assert subject_list(text) == (parts.split("|") if isinstance(parts, str) else parts)


@pytest.mark.parametrize(
    ("text", "wanted", "left_out"),
    [
        ("football sauf mercato", ["football"], ["mercato"]),
        ("football, SAUF mercato", ["football"], ["mercato"]),
        ("école, -météo, – neige, pas de pluie, sans vent", ["école"], "météo|neige|pluie|vent"),
        ("médecins sans frontières", ["médecins sans frontières"], []),
        ("Saint-Denis, sauf", ["Saint-Denis", "sauf"], []),
        ("école, sauf …, -👍, sans @", ["école"], []),
        ("- budget\n- école\n-météo", ["budget", "école"], ["météo"]),
        ("8h\n • budget\n* école", ["8h", "budget", "école"], []),
        ("école, - météo", ["école"], ["météo"]),
        ("- météo\n", [], ["météo"]),
    ],
)
def test_what_is_left_out_is_told_from_what_is_wanted(
    text: str, wanted: list[str], left_out: list[str] | str
) -> None:
    parts = asked_parts(text)
    assert [part for part in parts if avoided(part) is None] == wanted
    found = [name for part in parts if (name := avoided(part)) is not None]
    assert found == (left_out.split("|") if isinstance(left_out, str) else left_out)


@given(text=st.text(alphabet="ab1 .,;\n-–•*…@sufn", max_size=60))
def test_every_part_names_something(text: str) -> None:
    for part in asked_parts(text):
        assert any(map(str.isalnum, avoided(part) or part))
        assert not set(part) & set(",;\n")
