"""What people send that is neither a text nor a file: pictures, voices, stickers, places."""

from tests.telegram_server.model import Json

_SIZES = {"voice": 9_000, "sticker": 20_000, "video_note": 300_000}


def _file(kind: str, serial: int) -> Json:
    return {
        "file_id": f"AwACAgQAAxkB{kind}{serial:06d}",
        "file_unique_id": f"AgAD{kind}{serial:06d}",
        "file_size": _SIZES.get(kind, 50_000),
    }


def media(kind: str, serial: int) -> Json:
    """Return the field of a ``Message`` that holds a piece of media; ``serial`` tells them apart.

    Raises ``ValueError`` for a kind that is none of Telegram's, or not needed so far.
    """
    if kind == "voice":
        return {kind: _file(kind, serial) | {"duration": 3, "mime_type": "audio/ogg"}}
    if kind == "sticker":
        form = {"type": "regular", "width": 512, "height": 512, "emoji": "👍"}
        return {kind: _file(kind, serial) | form | {"is_animated": False, "is_video": False}}
    if kind == "photo":
        return {kind: [_file(kind, serial) | {"width": 90, "height": 60}]}
    if kind == "video_note":
        return {kind: _file(kind, serial) | {"length": 240, "duration": 3}}
    if kind == "location":
        return {kind: {"latitude": 48.8, "longitude": 2.3}}
    if kind == "contact":
        return {kind: {"phone_number": "+33100000000", "first_name": "Ada"}}
    if kind == "dice":
        return {kind: {"emoji": "🎲", "value": 4}}
    raise ValueError(f"no media of the kind {kind!r}")
