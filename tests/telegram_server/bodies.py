"""The body of a request: urlencoded, multipart or JSON, as the official server reads them."""

import json
from collections.abc import Mapping
from email.message import Message as Headers
from typing import Any
from urllib.parse import parse_qsl

from tests.telegram_server.errors import NOT_UTF_8, bad_request, strict
from tests.telegram_server.parameters import UploadedFile

Body = tuple[dict[str, str], dict[str, UploadedFile]]


def read_body(query: str, content_type: str, body: bytes) -> Body:
    """Return parameters and files; those of the body win over those of the query string.

    Raises ``ApiError`` for a body that is not what its content type says.
    """
    try:
        return _read(query, content_type, body)
    except UnicodeDecodeError as error:
        raise bad_request(NOT_UTF_8) from error


def _read(query: str, content_type: str, body: bytes) -> Body:
    values = dict(parse_qsl(query, keep_blank_values=True))
    kind, options = _header(content_type)
    if not body:
        return values, {}
    if kind == "multipart/form-data":
        found, files = _multipart(body, options.get("boundary", ""))
        return values | found, files
    if kind == "application/json":
        return values | _json(body), {}
    if kind == "application/x-www-form-urlencoded":
        return values | dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict")), {}
    raise strict(f"content type {kind} is not one of a Bot API request")


def _json(body: bytes) -> dict[str, str]:
    try:
        decoded = json.loads(body)
    except ValueError as error:
        raise bad_request("can't parse JSON in the request") from error
    if not isinstance(decoded, dict):
        raise bad_request("object expected as request")
    return {name: _as_text(value) for name, value in decoded.items() if value is not None}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _multipart(body: bytes, boundary: str) -> Body:
    if not boundary:
        raise strict("multipart request without boundary")
    values: dict[str, str] = {}
    files: dict[str, UploadedFile] = {}
    # A leading line break lets the first delimiter look like all others (RFC 2046, 5.1.1).
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:]:
        if part.startswith(b"--"):
            break
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = _part_headers(head)
        _, options = _header(headers.get("content-disposition", ""))
        name = options.get("name", "")
        if "filename" in options:
            mime_type = headers.get("content-type", "application/octet-stream")
            files[name] = UploadedFile(options["filename"], mime_type, content)
        else:
            values[name] = content.decode()
    return values, files


def _part_headers(head: bytes) -> Mapping[str, str]:
    lines = (line.partition(":") for line in head.decode().split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _header(value: str) -> tuple[str, dict[str, str]]:
    headers = Headers()
    headers["content-type"] = (
        value.replace("form-data", "x/form-data", 1) if (value.startswith("form-data")) else value
    )
    pairs = headers.get_params(failobj=[], unquote=True) or []
    options = {name.lower(): text for name, text in pairs[1:]}
    return (pairs[0][0].lower() if pairs else ""), options
