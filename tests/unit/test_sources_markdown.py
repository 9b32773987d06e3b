"""Markdown loses its markup, keeps its words, and ends however hostile it is."""

import time

import pytest

from knowledge.sources.markdown import read_markdown
from tests.readings import BODY, NOW, read


def test_markdown_leaves_its_words() -> None:
    draft = read(
        "# Le *budget* voté\n\n"
        "Le **maire** a [présenté](https://a.example/x_y) le `budget` jeudi.\n"
        "![Photo](a.png)\n\n"
        "## Un coût élevé\n\n"
        "* trois écoles ;\n* deux crèches.\n\n"
        "1. premier ;\n2. second.\n\n"
        "> « Nous tiendrons », a-t-il dit.\n\n"
        "| Année | Coût |\n|---|---|\n| 2025 | 3 M€ |\n\n"
        "```\nfin du code\n```\n\n"
        "5 \\* 3 &amp; <b>gras</b>\n\n---\n\nFin.\n",
        "file:/a.md",
    )
    assert draft.title == "Le budget voté"
    assert draft.text == (
        "Le maire a présenté le budget jeudi.\n\n"
        "Un coût élevé\n\n"
        "- trois écoles ;\n- deux crèches.\n\n"
        "1. premier ;\n2. second.\n\n"
        "« Nous tiendrons », a-t-il dit.\n\n"
        "Année ; Coût\n2025 ; 3 M€\n\n"
        "fin du code\n\n"
        "5 * 3 & gras\n\n"
        "Fin."
    )


def test_headings_alone_are_removed_as_the_parser_would() -> None:
    simple = f"# Le budget #\n{BODY}\n## Un coût élevé\n{BODY}\n\n#Valmorin n’est pas un titre.\n"
    for text in (simple, simple + "\n*fin*\n"):
        draft = read(text, "file:/a.md")
        assert draft.title == "Le budget"
        assert draft.text.removesuffix("\n\nfin") == (
            f"{BODY}\n\nUn coût élevé\n\n{BODY}\n\n#Valmorin n’est pas un titre."
        )


def test_a_sign_before_a_figure_is_no_bullet() -> None:
    assert "+ 3 % en un an" in read(f"{BODY}\n\n+ 3 % en un an.\n", "file:/a.md").text


def test_a_year_that_looks_like_a_list_number_stays() -> None:
    assert read(f"{BODY}\n\n2026. Tout change.\n", "file:/a.md").text.endswith("2026. Tout change.")


def test_a_glued_headline_in_markdown_stays_apart() -> None:
    text = f"{BODY}\n\nUn autre sujet sans point\n{BODY}"
    assert "\n\nUn autre sujet sans point\n\n" in read(text, "file:/a.md").text


def test_a_long_markdown_text_loses_its_markup_throughout() -> None:
    text = read(
        f"# Un *titre*\n\n{BODY}\n\n" + "Un *mot* **fort** suivi d’un [lien](a).\n\n" * 2_000,
        "file:/a.md",
    ).text
    assert text == BODY + "\n\nUn mot fort suivi d’un lien." * 2_000


@pytest.mark.parametrize("piece", ["[", "*a ", "![a", "> ", "a\n", "[a](b", "|a", "<!--"])
def test_hostile_markdown_ends(piece: str) -> None:
    paragraph = piece * (19_000 // len(piece)) + "\n\n"
    begin = time.thread_time()
    read(BODY + "\n\n" + paragraph * 3 + piece * (1_100_000 // len(piece)), "file:/a.md")
    read(BODY + "\n\n" + paragraph * 3 + piece * (100_000 // len(piece)), "file:/a.md")
    assert time.thread_time() - begin < 90  # a few seconds; what is quadratic takes hours


@pytest.mark.parametrize("unit", ["a *b*\n\n", "a *b*\n" * 20 + "\n", "a\n" * 9_500 + "\n*x*\n\n"])
def test_a_megabyte_of_short_lines_of_markdown_ends_soon(unit: str) -> None:
    text = unit * (990_000 // len(unit))
    begin = time.thread_time()
    extraction = read_markdown(text, now=NOW)
    assert time.thread_time() - begin < 60
    assert extraction.text.count("a") == text.count("a")
