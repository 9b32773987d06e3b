"""PDF files written here with pypdf: text, properties, and everything that is no readable PDF."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from knowledge.errors import DocumentTooLargeError, UnreadableDocumentError
from knowledge.sources.reading import read_document
from knowledge.types import ArticleDraft, RawDocument

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = "file:/articles/note.pdf"
LINES = (
    "Le conseil municipal de Valmorin a adopté jeudi la reconstruction de la prési-",
    "dence et de la piscine des Tanneurs, fermée depuis deux ans, par 27 voix contre",
    "neuf. Le maire viendra peut-être à la fin des travaux, a-t-il dit.",
    "Le chantier doit commencer en septembre 2026, pour une ouverture au public prévue",
    "au printemps.",
)
TEXT = (
    "Le conseil municipal de Valmorin a adopté jeudi la reconstruction de la présidence et de la "
    "piscine des Tanneurs, fermée depuis deux ans, par 27 voix contre neuf. Le maire viendra "
    "peut-être à la fin des travaux, a-t-il dit. Le chantier doit commencer en septembre 2026, "
    "pour une ouverture au public prévue au printemps."
)


def write_pdf(
    *pages: tuple[str, ...], properties: dict[str, str] | None = None, password: str | None = None
) -> bytes:
    """Return a PDF whose pages show these lines in Helvetica."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        stream.set_data(_content(lines))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if properties is not None:
        writer.add_metadata(properties)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _content(lines: tuple[str, ...]) -> bytes:
    escaped = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    shown = "".join(f"({line}) Tj T*\n" for line in escaped)
    return f"BT /F1 11 Tf 14 TL 50 780 Td\n{shown}ET".encode("cp1252")


def read(data: bytes) -> ArticleDraft:
    return read_document(RawDocument(data, ORIGIN), max_bytes=20_000_000, now=NOW)


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocumentError) as caught:
        read(data)
    assert caught.value.subject == ORIGIN
    return caught.value.message


def test_lines_are_joined_into_paragraphs_and_hyphens_mended() -> None:
    assert read(write_pdf(LINES)).text == TEXT


def test_heads_feet_and_page_numbers_are_dropped() -> None:
    pages = [
        (
            "La Gazette - 6 février 2026",
            first,
            *LINES[:3],
            last,
            f"Page {number}",
            "gazette.example",
        )
        for number, (first, last) in enumerate((("Un.", "Deux."), ("Trois.", "Quatre.")), 1)
    ]
    text = read(write_pdf(*pages)).text
    body = TEXT[: TEXT.index(" Le chantier")]
    assert text == f"Un.\n\n{body} Deux.\n\nTrois.\n\n{body} Quatre."


def test_a_sentence_goes_on_over_the_page() -> None:
    text = read(write_pdf((*LINES[:2], "12"), (*LINES[2:], "13"))).text
    assert text == TEXT


def test_a_heading_is_a_paragraph_of_its_own() -> None:
    lines = (*LINES[:3], "Un coût élevé", *LINES[3:])
    assert "a-t-il dit.\n\nUn coût élevé\n\nLe chantier" in read(write_pdf(lines)).text


def test_title_and_author_of_the_properties_are_taken_when_they_are_such() -> None:
    stated = {"/Title": "Le vote de la piscine", "/Author": "Anne Roy"}
    draft = read(write_pdf(LINES, properties=stated))
    assert (draft.title, draft.author) == ("Le vote de la piscine", "Anne Roy")
    machine = {"/Title": "Microsoft Word - note_v3.docx", "/Author": "admin"}
    draft = read(write_pdf(LINES, properties=machine))
    assert draft.title.startswith("Le conseil municipal de Valmorin")
    assert draft.author is None


def test_when_the_file_was_made_is_not_when_it_was_published() -> None:
    made = {"/CreationDate": "D:20260206073000+01'00'"}
    assert read(write_pdf(LINES, properties=made)).published is None


def test_a_truncated_pdf_is_said_to_be_truncated() -> None:
    data = write_pdf(LINES)
    for end in (100, len(data) // 2, len(data) - 10):
        assert "tronqué" in refusal(data[:end])


def test_a_protected_pdf_is_said_to_be_protected() -> None:
    assert "mot de passe" in refusal(write_pdf(LINES, password="secret"))


def test_a_pdf_that_opens_without_password_is_read() -> None:
    assert read(write_pdf(LINES, password="")).text == TEXT


def test_a_pdf_of_images_asks_for_character_recognition() -> None:
    assert "OCR" in refusal(write_pdf(()))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n" + b"x" * 5000 + b"\n%%EOF",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        write_pdf(LINES).replace(b"/Page", b"/Pbge"),
    ],
    ids=["nothing", "noise", "cyclic", "no pages"],
)
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    assert refusal(data)


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    with pytest.raises(DocumentTooLargeError, match="500 pages"):
        read(write_pdf(*[("a",)] * 501))


def test_a_stream_that_swells_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(write_pdf(LINES))))
    stream = DecodedStreamObject()
    stream.set_data(b"q Q " * 5_000_000)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    buffer = io.BytesIO()
    writer.write(buffer)
    assert buffer.tell() < 200_000
    with pytest.raises((DocumentTooLargeError, UnreadableDocumentError)):
        read(buffer.getvalue())
