"""The methods of the server by name: small functions ``(state, parameters) -> result``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.telegram_server.errors import NOT_UTF_8, ApiError, bad_request, strict
from tests.telegram_server.leniency import Leniency
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.state import State

Method = Callable[[State, Parameters], Any]
M = TypeVar("M", bound=Method)


@dataclass(frozen=True, slots=True)
class Described:
    """A result that Telegram sends with a ``description``."""

    result: Any
    description: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A method and the parameters it knows."""

    name: str
    parameters: frozenset[str]
    run: Method


METHODS: dict[str, Registered] = {}


def method(name: str, parameters: str = "") -> Callable[[M], M]:
    """Register a function under a method's name, with its parameters separated by blanks."""

    def register(run: M) -> M:
        METHODS[name.lower()] = Registered(name, frozenset(parameters.split()), run)
        return run

    return register


def call(state: State, parameters: Parameters) -> Any:
    """Run a method, whose name is matched without regard to case, under the state's lock.

    Raises ``ApiError`` for a refusal.
    """
    registered = METHODS.get(parameters.method.lower())
    if registered is None:
        raise ApiError(404, "Not Found: method not found")
    if state.logged_out:
        raise ApiError(400, "Logged out")
    unknown = sorted(_named(parameters) - registered.parameters)
    if unknown and Leniency.UNKNOWN_PARAMETERS not in state.lenient:
        raise strict(f'parameter "{unknown[0]}" of {registered.name} is unknown or not emulated')
    with state.changed:
        try:
            result = registered.run(state, parameters)
        except UnicodeEncodeError as error:  # half of a surrogate pair, from a JSON escape
            raise bad_request(NOT_UTF_8) from error
        state.changed.notify_all()
        return result


def _named(parameters: Parameters) -> set[str]:
    """Return the parameters' names, without the file parts that a value refers to."""
    attached = {
        value.removeprefix("attach://")
        for value in parameters.values.values()
        if value.startswith("attach://")
    }
    return parameters.names() - attached
