"""What counts as a link, a text or a file to add, and what identifies it."""

from datetime import UTC, datetime

import pytest
from telegram import Chat, Document, Message, MessageOriginChannel

from bot.feeding import (
    Link,
    PastedText,
    SentFile,
    asked_for,
    file_document,
    is_link,
    offered_by,
    text_document,
    titled,
)

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
CHAT = Chat(7, "private")


def message(**values: object) -> Message:
    return Message(1, NOON, CHAT, **values)  # type: ignore[arg-type] # fields of a message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://exemple.test/a?b=c#d", True),
        ("  HTTP://exemple.test/a \n", True),
        ("https://exemple.test/a et la suite", False),
        ("exemple.test/a", False),
        ("ftp://exemple.test/a", False),
        ("https://", False),
        ("https://" + "a" * 3000, False),
    ],
)
def test_a_link_stands_alone(text: str, expected: bool) -> None:
    assert is_link(text) is expected


def test_a_command_takes_a_link_or_a_title_and_a_text() -> None:
    assert asked_for(" https://exemple.test/a ") == Link("https://exemple.test/a")
    assert asked_for("Titre  en\u00a0deux\n\nTexte.\nSuite.") == PastedText(
        "Texte.\nSuite.", "Titre en deux"
    )
    assert asked_for("Titre seul") is None
    assert asked_for("") is None
    assert asked_for("x" * 251 + "\nTexte.") is None


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("exemple.fr/article", "https://exemple.fr/article"),
        (" www.exemple.co.uk:8443/a?b=c#d \n", "https://www.exemple.co.uk:8443/a?b=c#d"),
        ("médias.exemple.fr/été", "https://médias.exemple.fr/été"),
        ("exemple.fr", None),  # the name of a site is no article
        ("exemple.fr/", None),
        ("et/ou", None),
        ("1.5/2", None),
        ("moi@exemple.fr/a", None),
        ("../exemple.fr/a", None),
        ("-.fr/a", None),
        ("exemple.fr/a et la suite", None),
        ("ftp://exemple.fr/a", None),
        ("exemple.fr/" + "a" * 3000, None),
    ],
)
def test_a_command_takes_an_address_without_its_scheme(text: str, link: str | None) -> None:
    assert asked_for(text) == (None if link is None else Link(link))


def test_a_message_may_have_no_title() -> None:
    assert offered_by(message(text="Une phrase seule.")) == PastedText("Une phrase seule.")
    assert offered_by(message(text="Titre\nTexte.")) == PastedText("Texte.", "Titre")
    assert offered_by(message(text="https://exemple.test/a")) == Link("https://exemple.test/a")
    assert offered_by(message()) is None


def test_a_forwarded_post_brings_its_channel_and_its_date() -> None:
    channel = Chat(-100, "channel", title="La Gazette")
    origin = MessageOriginChannel(NOON, channel, 5)
    found = offered_by(message(text="Titre\nTexte.", forward_origin=origin))
    assert found == PastedText("Texte.", "Titre", "La Gazette", NOON)


def test_a_file_comes_before_its_caption() -> None:
    document = Document("id", "unique", file_name="a.pdf", mime_type="application/pdf", file_size=9)
    found = offered_by(message(document=document, caption="https://exemple.test/a"))
    assert found == SentFile("id", "a.pdf", "application/pdf", 9)


def test_the_same_content_has_the_same_origin_whatever_it_is_called() -> None:
    one, other = PastedText("Texte.", "Titre"), PastedText("Texte.", "Autre", "La Gazette")
    assert text_document(one).origin == text_document(other).origin
    assert text_document(one).origin != text_document(PastedText("Texte !", "Titre")).origin
    files = [SentFile("1", name, None, None) for name in ("a.txt", "b.txt")]
    assert len({file_document(each, b"\xff\x00").origin for each in files}) == 1
    assert file_document(files[0], b"a").origin != file_document(files[0], b"b").origin
    assert text_document(one).url is None


def test_a_title_too_long_is_text() -> None:
    assert titled("a" * 251 + "\nb") == (None, "a" * 251 + "\nb")
    assert titled("  ") == (None, "")
