"""Runs a chat template that nobody vouches for, in a process with little time and memory.

Started by :mod:`knowledge.model.chat_template` as a script, not imported: it reads one JSON object
from standard input and writes one to standard output. Jinja's sandbox keeps a template from the
machine; what it cannot bound is how long it runs and how much it builds, already while it is
compiled (``{{ 'a' * 3000000000 }}`` is a constant). The operating system bounds both here.
"""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

_SECONDS = 1  # of processor time beside what starting took; a template needs milliseconds
_MEMORY_BYTES = 384 * 2**20
_LONGEST_RESULT = 200_000  # characters; the longest known are near 20,000


class _RefusedError(Exception):
    """The template itself refuses these messages (``raise_exception``)."""


def main() -> None:
    """Render the template of standard input for each list of messages that came with it.

    The answer is ``{"texts": [text or null, ...]}``, null where the template refuses or fails; or
    ``{"error": "syntax"}``.
    """
    from jinja2 import TemplateError
    from jinja2.ext import loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    asked = json.load(sys.stdin)
    _bound()
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[loopcontrols],
        autoescape=False,  # no HTML here, and placeholders hold no markup
    )
    environment.filters["tojson"] = _to_json
    try:
        template = environment.from_string(asked["source"])
    except (TemplateError, RecursionError):
        json.dump({"error": "syntax"}, sys.stdout)
        return
    date_mark = asked["date_mark"]
    values = {
        "add_generation_prompt": True,
        "enable_thinking": False,  # the grammar leaves no room for thoughts
        "tools": None,
        "raise_exception": _refuse,
        "strftime_now": lambda form: f"{date_mark}{str(form).encode().hex()}e",
        **asked["constants"],
    }
    texts = [_rendered(template, values, messages) for messages in asked["conversations"]]
    json.dump({"texts": texts}, sys.stdout)


def _rendered(template: Any, values: dict[str, Any], messages: list[Any]) -> str | None:
    """Return the text, made a piece at a time so that an endless one ends early."""
    pieces: list[str] = []
    length = 0
    try:
        for piece in template.generate(messages=messages, **values):
            pieces.append(piece)
            length += len(piece)
            if length > _LONGEST_RESULT:
                return None
    except Exception:  # noqa: BLE001 - a template may fail in any way
        return None
    return "".join(pieces)


def _bound() -> None:
    try:
        import resource
    except ImportError:  # not on this system: the parent's clock alone bounds the time
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + _SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(_message: str = "") -> NoReturn:
    raise _RefusedError


def _to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


if __name__ == "__main__":
    main()
