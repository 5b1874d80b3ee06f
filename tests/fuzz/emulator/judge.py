"""What an answer must not be: late, an unexpected error, of an undocumented form, or with a secret in it."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.fuzz.emulator.bodies import CANARY
from tests.fuzz.emulator.requests import Request
from tests.fuzz.emulator.wire import Answer
from tests.fuzz.emulator.world import World

MAX_CPU_SECONDS: Final = 5.0
_INVALID_HTTP: Final = b"Invalid HTTP request received."
# The fields of the documented errors: gateway, token endpoint, platform, Flow Service, ad-hoc runs.
_ERRORS: Final = (
    {"error_code": (str, int), "message": str},
    {"error": str, "error_description": str},
    {"type": str, "status": int, "title": str, "detail": str},
    {"type": str, "title": str, "status": int, "report": dict, "errorMessage": str, "errorDetails": str},
    {"errorMessage": str, "errorDetails": str},
    {"message": str},
)


def problems(request: Request, answer: Answer, world: World) -> list[str]:
    """Return a sentence for each rule that an answer breaks."""
    found = [*_lateness(answer), *_status(request, answer, world)]
    if answer.status > 0:
        found += _leaks(request, answer, world)
        faulty = bool(world.faults) and not is_own(request)
        if not faulty and request.message.method != b"HEAD" and not answer.truncated:
            found += _form(request, answer)
    return found


def is_own(request: Request) -> bool:
    """Whether a request is for the page or `/_emulator`, which no fault hits."""
    path = request.message.target.partition(b"?")[0]
    return path == b"/" or path.startswith(b"/_emulator")


def parsed(answer: Answer) -> Any:
    """The body as JSON, or None."""
    try:
        return json.loads(answer.body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _lateness(answer: Answer) -> list[str]:
    if answer.status == -1:
        return ["no answer came"]
    late = answer.cpu_seconds > MAX_CPU_SECONDS
    return [f"the answer took {answer.cpu_seconds:.1f} s of CPU"] if late else []


def _status(request: Request, answer: Answer, world: World) -> list[str]:
    kinds = {fault["kind"] for fault in world.faults}
    if answer.status == 0:
        expected = request.route == "malformed" or (kinds & {"reset", "truncate"} and not is_own(request))
        return [] if expected else ["the connection was closed without an answer"]
    if answer.truncated and ("truncate" not in kinds or is_own(request)):
        return ["the answer was cut off"]
    asked = {fault.get("status", 503) for fault in world.faults if fault["kind"] == "status"}
    if answer.status >= 500 and answer.status != 501 and (answer.status not in asked or is_own(request)):
        return [f"status {answer.status}: {answer.body[:300]!r}"]
    return []


def _leaks(request: Request, answer: Answer, world: World) -> list[str]:
    found = []
    if CANARY.encode() in answer.body and (is_own(request) or not world.echo):
        position = answer.body.index(CANARY.encode())
        found.append(f"a secret came out: {answer.body[max(position - 80, 0) : position + 20]!r}")
    if world.token and is_own(request) and world.token.encode() in answer.body:
        found.append("an access token came out")
    return found


def _form(request: Request, answer: Answer) -> list[str]:
    if request.route == "malformed" and answer.status == 400 and answer.body == _INVALID_HTTP:
        return []
    if answer.kind == "text/html":
        return [] if is_own(request) else ["HTML came from Flow Service"]
    if not answer.body:
        fits = answer.status < 400
        return [] if fits else [f"status {answer.status} without a body"]
    document = parsed(answer)
    if answer.kind != "application/json" or document is None:
        return [f"{answer.kind or 'no type'} that is not JSON: {answer.body[:100]!r}"]
    if answer.status < 400 or any(_fits(document, fields) for fields in _ERRORS):
        return []
    return [f"an error of an undocumented form: {answer.body[:300]!r}"]


def _fits(document: Any, fields: dict[str, Any]) -> bool:
    return (
        isinstance(document, dict)
        and document.keys() == fields.keys()
        and all(isinstance(document[name], kind) for name, kind in fields.items())
    )
