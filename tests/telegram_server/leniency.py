"""What a test may ask the server to let pass, by name; nothing is lenient by default."""

from enum import StrEnum


class Leniency(StrEnum):
    """One thing Telegram tolerates, repairs or ignores and the strict server refuses."""

    UNKNOWN_PARAMETERS = "unknown parameters are ignored, as Telegram does"
    PARSE_MODE = "parse_mode is accepted; the markup stays in the text, unparsed"
    UNTRIMMED_TEXT = "spaces and line breaks at both ends are trimmed and entities shifted"
    REPLACED_CHARACTERS = "characters Telegram would replace or remove are kept as they are"
    EXTRA_ENTITIES = "entities after the hundredth are dropped, as Telegram does"
    DETECTED_ENTITIES = "entities that Telegram detects by itself are ignored"
    EMPTY_ENTITIES = "entities without visible text are dropped, as Telegram does"
    HTTP_WEBHOOK = "setWebhook takes an http:// address of the loopback interface"
    FLOOD = "no flood limit"
