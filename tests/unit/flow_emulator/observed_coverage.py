"""What a test observes of the emulator, and what `flow_emulator/COVERAGE.md` expects of it.

`coverage.json` has for each operation, error and switch tests that observe it. A test that is listed fails
when it observes less; `python -m tools.generate_coverage --record` records it anew.
"""

from __future__ import annotations

import dataclasses
import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.routing import compile_path

from flow_emulator.behaviour.switches import STRICT, Behaviour
from flow_emulator.http.paths import is_own
from flow_emulator.routes import ROUTES

FILE: Final = Path(__file__).with_name("coverage.json")
RECORD_TO: Final = "FLOWBRIDGE_RECORD_COVERAGE"
_PATTERNS: Final = [(route, compile_path(route.path)[0]) for route in ROUTES]
_FLOW: Final = "https://ns.adobe.com/aep/errors/"


def of_response(response: httpx.Response) -> set[str]:
    """The operation that responded, and its error if any; nothing for the emulator's own paths."""
    path = response.request.url.path
    if is_own(path):
        return set()
    name = _operation(response.request.method, path)
    if name is None:
        return {f"error {error_key(response)}"} if response.status_code >= 400 else set()
    if response.status_code < 400:
        return {f"operation {name}"}
    return {f"refused {name}", f"error {error_key(response)}"}


def of_switches(behaviour: Behaviour) -> set[str]:
    """The switches that are not as they are by default."""
    return {
        f"switch {field.name}"
        for field in dataclasses.fields(behaviour)
        if getattr(behaviour, field.name) != getattr(STRICT, field.name)
    }


def error_key(response: httpx.Response) -> str:
    """The key of an error: its code, or its shape and status."""
    try:
        body = response.json()
    except ValueError:
        return f"none {response.status_code}"
    if not isinstance(body, dict):
        return f"none {response.status_code}"
    if str(body.get("type", "")).startswith(_FLOW):
        return str(body["type"]).removeprefix(_FLOW)
    for name in ("error_code", "error"):
        if name in body:
            return str(body[name])
    shape = body.get("title") or next((name for name in ("errorMessage", "message") if name in body), "none")
    return f"{shape} {response.status_code}"


def check_or_record(test: str, observed: set[str]) -> None:
    """Record what a test observed while tests are recorded; else fail when it observed less than expected."""
    file = os.environ.get(RECORD_TO)
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"test": test, "seen": sorted(observed)}) + "\n")
        return
    missing = sorted(_expected().get(test, set()) - observed)
    assert not missing, (
        f"by coverage.json this test observes {', '.join(missing)}, and it does not any more:"
        " run `python -m tools.generate_coverage --record`."
    )


@cache
def _expected() -> dict[str, set[str]]:
    known: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    expected: dict[str, set[str]] = {}
    for key, tests in known.items():
        for test in tests:
            expected.setdefault(test, set()).add(key)
    return expected


def _operation(method: str, path: str) -> str | None:
    for route, pattern in _PATTERNS:
        if route.method == method and pattern.match(path.rstrip("/") or "/"):
            return route.operation
    return None
