"""What Telegram would refuse as the webhook’s address is refused at once; the path is secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.receiving.webhook_address import (
    SocketPath,
    TcpAddress,
    check_public_address,
    listening_address,
    secret_path,
)

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz_-12345"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:8443", TcpAddress("127.0.0.1", 8443)),
        (" 10.0.0.7:80 ", TcpAddress("10.0.0.7", 80)),
        ("[::1]:8443", TcpAddress("::1", 8443)),
        ("unix:/run/sourcier.sock", SocketPath("/run/sourcier.sock")),
        ("/run/sourcier.sock", SocketPath("/run/sourcier.sock")),
    ],
)
def test_where_to_listen_is_read_and_written_back(
    text: str, expected: TcpAddress | SocketPath
) -> None:
    assert listening_address(text) == expected
    assert listening_address(str(expected)) == expected


@pytest.mark.parametrize(
    "text", ["", "8443", ":8443", "localhost", "::1:8443", "a:0", "a:70000", "a:٣", "unix:run.sock"]
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:8443"):
        listening_address(text)


@pytest.mark.parametrize("address", ["https://ex.fr", "https://ex.fr:8443/bot", "https://ex.fr:88"])
def test_what_telegram_reaches_is_accepted(address: str) -> None:
    check_public_address(address)


@pytest.mark.parametrize("address", ["http://secret.fr", "https://secret.fr:8080"])
def test_what_telegram_refuses_is_refused_without_being_shown(address: str) -> None:
    with pytest.raises(ValueError, match="une adresse https") as caught:
        check_public_address(address)
    assert "secret" not in str(caught.value)


@given(st.text(min_size=1))
def test_the_path_is_the_same_each_time_and_holds_nothing_of_the_token(token: str) -> None:
    path = secret_path(token)
    assert path == secret_path(token) != secret_path(token + "x")
    assert len(path) == 40
    assert set(path) <= set("0123456789abcdef")


def test_no_part_of_the_token_is_in_the_path() -> None:
    assert not any(TOKEN[at : at + 6] in secret_path(TOKEN) for at in range(len(TOKEN) - 6))
