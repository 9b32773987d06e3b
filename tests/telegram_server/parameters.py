"""The parameters of one request: strings as they came, read as numbers, booleans and JSON.

The official server reads leniently (a number it cannot read is 0). The strict server refuses what
is not exactly a number, a boolean or a JSON value, so that a bot's mistake shows in its test.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.errors import bad_request, strict

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_BOOLEANS = {"true": True, "false": False}
_JSON_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"),
    (int, "Number"),
    (float, "Number"),
    (str, "String"),
    (list, "Array"),
    (dict, "Object"),
)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file part of a multipart request."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parameters:
    """The arguments of one call of ``method``."""

    method: str
    values: Mapping[str, str]
    files: Mapping[str, UploadedFile] = field(default_factory=dict)

    def names(self) -> set[str]:
        """Return every name given, files included."""
        return {*self.values, *self.files}

    def text(self, name: str) -> str:
        """Return a string, empty when absent."""
        return self.values.get(name, "")

    def integer(self, name: str) -> int | None:
        """Return an integer, or None when absent."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not _INTEGER.fullmatch(value):
            raise strict(f'parameter "{name}" must be an Integer')
        return int(value)

    def boolean(self, name: str) -> bool:
        """Return a boolean, False when absent."""
        value = self.values.get(name, "false")
        if value not in _BOOLEANS:
            raise strict(f'parameter "{name}" must be true or false')
        return _BOOLEANS[value]

    def json(self, name: str, *, what: str) -> Any:
        """Return a decoded JSON value, or None when absent.

        Raises ``ApiError``: "can't parse <what> JSON object".
        """
        value = self.values.get(name, "")
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {what} JSON object") from error


def json_type(value: object) -> str:
    """Return the name Telegram gives to the type of a JSON value."""
    return next((name for kind, name in _JSON_TYPES if isinstance(value, kind)), "Null")


class JsonFields:
    """The fields of a JSON object, read with Telegram's messages.

    ``prefix`` goes before a message, for instance "can't parse MessageEntity: ".
    """

    def __init__(self, value: dict[str, Any], *, prefix: str = "") -> None:
        self._value = value
        self._prefix = prefix

    def required(self, name: str, kind: str) -> Any:
        """Return a field that must be there and of a JSON type."""
        if name not in self._value:
            raise bad_request(f'{self._prefix}Can\'t find field "{name}"')
        return self.optional(name, kind)

    def optional(self, name: str, kind: str) -> Any:
        """Return a field of a JSON type, or None when absent."""
        value = self._value.get(name)
        if name in self._value and (json_type(value) != kind or isinstance(value, float)):
            raise bad_request(f'{self._prefix}Field "{name}" must be of type {kind}')
        return value

    def refuse_others(self, known: Collection[str]) -> None:
        """Refuse fields outside ``known``, which Telegram ignores."""
        for name in self._value:
            if name not in known:
                raise strict(f'{self._prefix}field "{name}" is unknown or not emulated')
