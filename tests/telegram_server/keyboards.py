"""Reply markups: inline keyboards in full, the other kinds by their shape."""

from typing import Any

from tests.telegram_server.entities import link_error
from tests.telegram_server.errors import ApiError, bad_request, strict
from tests.telegram_server.parameters import JsonFields, Parameters

MAX_CALLBACK_DATA_BYTES = 64
MAX_BUTTONS = 100
MAX_BUTTONS_PER_ROW = 8

_ACTIONS = {
    "url": "String",
    "callback_data": "String",
    "switch_inline_query": "String",
    "switch_inline_query_current_chat": "String",
    "copy_text": "Object",
}
_MARKUPS = frozenset({"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"})
_OPTIONS = frozenset(
    {
        "is_persistent",
        "resize_keyboard",
        "one_time_keyboard",
        "input_field_placeholder",
        "selective",
    }
)


def read_reply_markup(
    parameters: Parameters, *, inline_only: bool = False
) -> dict[str, Any] | None:
    """Return the markup, None when absent or an inline keyboard without buttons.

    Raises ``ApiError`` with Telegram's wording for what it refuses.
    """
    value = parameters.json("reply_markup", what="reply keyboard markup")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    JsonFields(value).refuse_others(_MARKUPS | _OPTIONS)
    kinds = [name for name in value if name in _MARKUPS]
    if len(kinds) != 1:
        raise strict("a reply markup is exactly one of inline_keyboard, keyboard, …")
    if kinds != ["inline_keyboard"]:
        if inline_only:
            raise bad_request("inline keyboard expected")
        return value
    rows = JsonFields(value).required("inline_keyboard", "Array")
    _check_rows(rows)
    return {"inline_keyboard": rows} if rows else None


def _check_rows(rows: list[Any]) -> None:
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(
                'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
            )
        if not row:
            raise strict("Telegram drops an empty row of buttons")
        if len(row) > MAX_BUTTONS_PER_ROW:
            raise strict(f"more than {MAX_BUTTONS_PER_ROW} buttons in a row")
        for button in row:
            _check_button(button)
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")


def _check_button(button: Any) -> None:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(f"{prefix}InlineKeyboardButton must be an Object")
    fields = JsonFields(button, prefix=prefix)
    text = fields.required("text", "String")
    actions = {
        name: found
        for name, kind in _ACTIONS.items()
        if (found := fields.optional(name, kind)) is not None
    }
    fields.refuse_others({"text", *_ACTIONS})
    if not any(actions.values()) and not {"switch_inline_query_current_chat"} & set(actions):
        raise bad_request(f"{prefix}Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise strict(f"{prefix}a button has exactly one action")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if len(actions.get("callback_data", "").encode()) > MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions:
        _check_url(actions["url"])


def _check_url(url: str) -> None:
    error = link_error(url)
    if error is not None:
        wording = error.description.replace("entity URL", "inline keyboard button URL")
        raise ApiError(400, wording)
