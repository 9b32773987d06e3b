"""What the local Bot API server takes for a text with entities, and how it words its refusals."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.interface.bot_api_client import BotApiClient
from tests.telegram_server import Leniency, TelegramServer

PARSE = "can't parse MessageEntity: "
NESTED_QUOTES = (
    'strict: entity "expandable_blockquote" at 1..3 can\'t be nested in entity "blockquote" at 0..6'
)
HTTPS = "https://exemple.fr/article"


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    with TelegramServer(lenient=[Leniency.FLOOD]) as running:
        yield running


@pytest.fixture(scope="module")
def bot(server: TelegramServer) -> Iterator[BotApiClient]:
    with BotApiClient(server) as client:
        yield client


@pytest.fixture(scope="module")
def chat_id(server: TelegramServer) -> int:
    alice = server.user()
    alice.start()
    return alice.id


def entity(kind: str, offset: int, length: int, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **fields}


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("\u200b\u00a0", "text must be non-empty"),
        ("x" * 32769, "text is too long"),
        ("é" * 16385, "text is too long"),
        ("x" * 4097, "message is too long"),
        ("🙂" * 4097, "message is too long"),
        (" Bonjour", "strict: Telegram trims the text and shifts its entities"),
        ("Bonjour\n", "strict: Telegram trims the text and shifts its entities"),
        ("Bon\tjour", "strict: Telegram replaces or removes U+0009"),
        ("Bon\r\njour", "strict: Telegram replaces or removes U+000D"),
        ("Bon\u2028jour", "strict: Telegram replaces or removes U+2028"),
    ],
)
def test_texts_telegram_refuses_or_would_change(
    bot: BotApiClient, chat_id: int, text: str, description: str
) -> None:
    assert bot.refusal("sendMessage", chat_id=chat_id, text=text) == f"Bad Request: {description}"


@pytest.mark.parametrize("text", ["x" * 4096, "🙂" * 4096, "« Été »", "\u00a0x\u202f", "a\n\n b"])
def test_texts_telegram_keeps_as_they_are(bot: BotApiClient, chat_id: int, text: str) -> None:
    assert bot.result("sendMessage", chat_id=chat_id, text=text)["text"] == text


REFUSED_ENTITIES: list[tuple[str, list[Any], str]] = [
    ("abc", ["bold"], f"{PARSE}expected an Object"),
    ("abc", [{"type": "bold", "length": 1}], f'{PARSE}Can\'t find field "offset"'),
    ("abc", [{"type": "bold", "offset": 0}], f'{PARSE}Can\'t find field "length"'),
    ("abc", [{"offset": 0, "length": 1}], f'{PARSE}Can\'t find field "type"'),
    ("abc", [entity("bold", "0", 1)], f'{PARSE}Field "offset" must be of type Number'),  # type: ignore[arg-type] # the mistake under test
    ("abc", [entity("", 0, 1)], f"{PARSE}Type is not specified"),
    ("abc", [entity("shiny", 0, 1)], f"{PARSE}Unsupported type specified"),
    ("abc", [entity("text_link", 0, 1)], f'{PARSE}Can\'t find field "url"'),
    ("abc", [entity("text_mention", 0, 1, user={})], f'{PARSE}Can\'t find field "id"'),
    ("abc", [entity("date_time", 0, 1)], f'{PARSE}Can\'t find field "unix_time"'),
    (
        "abc",
        [entity("bold", 0, 1, url=HTTPS)],
        f'strict: {PARSE}field "url" is unknown or not emulated',
    ),
    (
        "abc",
        [entity("url", 0, 1)],
        'strict: Telegram ignores an entity "url" sent by a bot',
    ),
    ("abc", [entity("bold", -1, 1)], "receive an entity with incorrect offset -1"),
    ("abc", [entity("bold", 0, -1)], "receive an entity with incorrect length -1"),
    ("abc", [entity("bold", 0, 1_000_001)], "receive an entity with incorrect length 1000001"),
    (
        "abc",
        [entity("bold", 3, 1)],
        "entity begins after the end of the text at UTF-16 offset 3",
    ),
    (
        "abc",
        [entity("bold", 1, 3)],
        "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 4",
    ),
    (
        "é🙂b",
        [entity("bold", 2, 1)],
        "entity begins in a middle of a UTF-16 symbol at byte offset 6",
    ),
    (
        "é🙂b",
        [entity("bold", 0, 2)],
        "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 6",
    ),
    ("abc", [entity("bold", 1, 0)], "strict: Telegram drops an entity without visible text"),
    ("a b", [entity("bold", 1, 1)], "strict: Telegram drops an entity without visible text"),
    (
        "abcdef",
        [entity("bold", 0, 3), entity("italic", 2, 3)],
        'strict: entity "italic" at 2..5 overlaps entity "bold" at 0..3 in part',
    ),
    (
        "abcdef",
        [entity("blockquote", 0, 6), entity("blockquote", 1, 2)],
        'strict: entity "blockquote" at 1..3 can\'t be nested in entity "blockquote" at 0..6',
    ),
    (
        "abcdef",
        [entity("blockquote", 0, 6), entity("expandable_blockquote", 1, 2)],
        NESTED_QUOTES,
    ),
    (
        "abcdef",
        [entity("bold", 0, 6), entity("code", 1, 2)],
        'strict: entity "code" at 1..3 can\'t be nested in entity "bold" at 0..6',
    ),
    (
        "abcdef",
        [entity("text_link", 0, 6, url=HTTPS), entity("blockquote", 1, 2)],
        'strict: entity "blockquote" at 1..3 can\'t be nested in entity "text_link" at 0..6',
    ),
    (
        "abcdef",
        [entity("bold", 0, 6), entity("italic", 0, 6), entity("bold", 1, 2)],
        'strict: entity "bold" at 1..3 can\'t be nested in entity "bold" at 0..6',
    ),
    (
        "x" * 101,
        [entity("bold", index, 1) for index in range(101)],
        "strict: Telegram drops entities after the first 100, got 101",
    ),
    (
        "x" * 99,
        [entity("text_link", index, 1, url=f"{HTTPS}/{'a' * 80}") for index in range(99)],
        "ENTITIES_TOO_LONG",
    ),
]


@pytest.mark.parametrize(("text", "entities", "description"), REFUSED_ENTITIES)
def test_entities_telegram_refuses_or_would_change(
    bot: BotApiClient, chat_id: int, text: str, entities: list[Any], description: str
) -> None:
    assert bot.refusal("sendMessage", chat_id=chat_id, text=text, entities=entities) == (
        f"Bad Request: {description}"
    )


@pytest.mark.parametrize(
    ("url", "description"),
    [
        ("localhost", "strict: entity URL 'localhost' is invalid: Telegram would add http://…"),
        ("http://localhost/", "entity URL 'http://localhost/' is invalid: Wrong HTTP URL"),
        ("https://a b.fr/", "entity URL 'https://a b.fr/' is invalid: Wrong HTTP URL"),
        ("https://exemple.fr:x/", "entity URL 'https://exemple.fr:x/' is invalid: Wrong HTTP URL"),
        (
            "ftp://exemple.fr/",
            "entity URL 'ftp://exemple.fr/' is invalid: Unsupported URL protocol",
        ),
        ("", "strict: entity URL '' is invalid: Telegram would add http://…"),
        ("https://exemple.fr/a#:~:text=Le%20maire,a%20dit", None),
        ("http://127.0.0.1:8080/", None),
        ("tg://resolve?domain=x", None),
    ],
)
def test_links_are_links(
    bot: BotApiClient, chat_id: int, url: str, description: str | None
) -> None:
    answer = bot.call(
        "sendMessage", chat_id=chat_id, text="abc", entities=[entity("text_link", 0, 3, url=url)]
    )
    wanted = description and f"Bad Request: {description}".replace("http://…", "http:// by itself")
    assert answer.get("description") == wanted


ACCEPTED_ENTITIES: list[tuple[str, list[dict[str, Any]]]] = [
    ("🙂b", [entity("bold", 0, 2), entity("italic", 2, 1)]),
    ("abc", [entity("bold", 0, 3), entity("italic", 0, 3), entity("underline", 1, 1)]),
    ("abc", [entity("blockquote", 0, 3), entity("text_link", 0, 3, url=HTTPS)]),
    ("abc", [entity("text_link", 0, 3, url=HTTPS), entity("blockquote", 0, 3)]),
    ("abc", [entity("text_link", 0, 3, url=HTTPS), entity("bold", 1, 1)]),
    ("abc", [entity("blockquote", 0, 2), entity("blockquote", 2, 1)]),
    ("abc", [entity("expandable_blockquote", 0, 3), entity("code", 1, 1)]),
    ("abc", [entity("pre", 0, 3, language="python")]),
    ("abc", [entity("date_time", 0, 3, unix_time=1_790_000_000, date_time_format="d")]),
    ("x" * 100, [entity("bold", index, 1) for index in range(100)]),
]


@pytest.mark.parametrize(("text", "entities"), ACCEPTED_ENTITIES)
def test_entities_telegram_takes(
    bot: BotApiClient, chat_id: int, text: str, entities: list[dict[str, Any]]
) -> None:
    sent = bot.result("sendMessage", chat_id=chat_id, text=text, entities=entities)
    assert sent["entities"] == entities


def test_parse_modes_are_refused_unless_asked_otherwise(
    server: TelegramServer, bot: BotApiClient, chat_id: int
) -> None:
    def send(mode: str) -> str:
        return bot.refusal("sendMessage", chat_id=chat_id, text="<b>a</b>", parse_mode=mode)

    assert send("bbcode") == "Bad Request: unsupported parse_mode"
    assert send("HTML") == "Bad Request: strict: parse_mode is refused, send entities"
    server.state.lenient.add(Leniency.PARSE_MODE)
    sent = bot.result("sendMessage", chat_id=chat_id, text="<b>a</b>", parse_mode="HTML")
    server.state.lenient.remove(Leniency.PARSE_MODE)
    assert sent["text"] == "<b>a</b>"


def test_entities_that_are_not_an_array_are_refused(bot: BotApiClient, chat_id: int) -> None:
    def send(entities: Any) -> str:
        return bot.refusal("sendMessage", chat_id=chat_id, text="abc", entities=entities)

    assert send("[oops") == "Bad Request: can't parse entities JSON object"
    assert send({"type": "bold"}) == (
        "Bad Request: strict: entities must be an Array, Telegram would ignore them"
    )
