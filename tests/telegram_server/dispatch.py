"""From a method's name and arguments to the bytes of the answer, with a record of every call."""

import json
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.errors import ApiError, ConnectionLostError
from tests.telegram_server.faults import Fault, Faults
from tests.telegram_server.methods import Described, call
from tests.telegram_server.parameters import Parameters, UploadedFile
from tests.telegram_server.state import State


@dataclass(slots=True)
class Call:
    """One request and its answer; times are ``time.monotonic()``, None until answered.

    ``response`` stays None when the connection ended without an answer.
    """

    method: str
    params: dict[str, str]
    received_at: float
    files: dict[str, UploadedFile] = field(default_factory=dict)
    status: int | None = None
    response: dict[str, Any] | None = None
    answered_at: float | None = None

    @property
    def refused(self) -> bool:
        """Say whether the answer was an error."""
        return self.response is not None and not self.response["ok"]


class Dispatcher:
    """Runs calls one by one against the state, faults first."""

    def __init__(self, state: State, faults: Faults) -> None:
        self._state = state
        self._faults = faults
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()  # calls by method, in lower case
        self.internal_errors: list[str] = []

    def answer(
        self, method: str, values: dict[str, str], files: dict[str, UploadedFile]
    ) -> tuple[int, bytes]:
        """Return status and body. Raises ``ConnectionLostError`` when nothing is to be sent."""
        record = Call(method, values, time.monotonic(), files)
        with self._state.changed:
            self.calls.append(record)
            self.counts[method.lower()] += 1
            self._state.changed.notify_all()
        fault = self._faults.strike(method, values.get("chat_id", ""))
        if fault is not None and fault.delay:
            time.sleep(fault.delay)
        if fault is not None and fault.body is not None:
            return 200, fault.body
        status, response = self._run(Parameters(method, values, files), fault)
        if fault is not None and fault.drop == "after":
            raise ConnectionLostError
        with self._state.changed:
            record.status, record.response = status, response
            record.answered_at = time.monotonic()
            self._state.changed.notify_all()
        return status, json.dumps(response).encode()

    def download_fault(self) -> Fault | None:
        """Let a fault of the method ``download`` strike a file's download.

        Raises ``ApiError`` or ``ConnectionLostError`` as the fault says.
        """
        fault = self._faults.strike("download", "")
        if fault is not None and fault.delay:
            time.sleep(fault.delay)
        if fault is not None and fault.drop is not None:
            raise ConnectionLostError
        if fault is not None and fault.error is not None:
            raise fault.error
        return fault

    def _run(self, parameters: Parameters, fault: Fault | None) -> tuple[int, dict[str, Any]]:
        try:
            if fault is not None and fault.drop == "before":
                raise ConnectionLostError  # noqa: TRY301 - the event a real network would raise here
            if fault is not None and fault.error is not None:
                raise fault.error  # noqa: TRY301 - answered in one place with all refusals
            result = call(self._state, parameters)
        except ApiError as error:
            return error.code, error.response()
        except ConnectionLostError:
            raise
        except Exception:  # noqa: BLE001 - a defect of the emulator, reported when it closes
            self.internal_errors.append(traceback.format_exc())
            return 500, ApiError(500, "Internal Server Error: emulator defect").response()
        if isinstance(result, Described):
            return 200, {"ok": True, "result": result.result, "description": result.description}
        return 200, {"ok": True, "result": result}
