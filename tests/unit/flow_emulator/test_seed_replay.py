"""Every request of Adobe's tutorial is answered in the shape that the tutorial shows.

The requests are those of the provider's own tests, in `tests/acceptance/expected_requests/`. The responses
are typed from the tutorial into `tutorial_responses.json`, where signs such as `<uuid>` mark what
differs from request to request. Both files name how they differ from the printed samples, and why.
"""

from __future__ import annotations

import copy
import json
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from flow_emulator.behaviour.profiles import profile_named
from tests.unit.flow_emulator.session import Session, code

REQUESTS: Final = Path(__file__).parents[2] / "acceptance" / "expected_requests"
LOOKUPS: Final = json.loads((REQUESTS / "lookups.json").read_text(encoding="utf-8"))["requests"]
RESPONSES: Final = json.loads(Path(__file__).with_name("tutorial_responses.json").read_text(encoding="utf-8"))
EXPORTS: Final = sorted(path.stem for path in REQUESTS.glob("*.json") if path.stem != "lookups")
STEPS: Final = {
    "source_connection": "<FROM_STEP_CREATE_SOURCE_CONNECTION>",
    "base_connection": "<FROM_STEP_CREATE_TARGET_BASE_CONNECTION>",
    "target_connection": "<FROM_STEP_CREATE_TARGET_CONNECTION>",
    "flow": "<FROM_STEP_CREATE_DATAFLOW>",
}
A_DAY_LATER: Final = "2030-03-18T18:00:00Z"
MORE: Final = "..."
ETAG: Final = re.compile(r'"[0-9a-f]{8}-0000-0200-0000-[0-9a-f]{8}0000"')
SIGNS: Final[dict[str, Callable[[Any], bool]]] = {
    "<text>": lambda value: isinstance(value, str) and value != "",
    "<uuid>": lambda value: isinstance(value, str) and str(uuid.UUID(value)) == value,
    "<etag>": lambda value: isinstance(value, str) and ETAG.fullmatch(value) is not None,
    "<integer>": lambda value: type(value) is int and value >= 0,
    "<millis>": lambda value: type(value) is int and value > 1_000_000_000_000,
    "<object>": lambda value: isinstance(value, dict),
    "<array>": lambda value: isinstance(value, list),
}


def differences(shown: Any, found: Any, where: str = "") -> Iterator[str]:
    """What an answer has otherwise than the sample, a line each."""
    if isinstance(shown, dict) and isinstance(found, dict):
        keys = {key for key in shown if key != MORE}
        if keys - set(found) or (MORE not in shown and set(found) - keys):
            yield f"{where}: keys {sorted(found)} instead of {sorted(keys)}"
        for key in sorted(keys & set(found)):
            yield from differences(shown[key], found[key], f"{where}.{key}")
    elif isinstance(shown, list) and isinstance(found, list):
        items = [item for item in shown if item != MORE]
        if len(found) < len(items) or (len(found) > len(items) and MORE not in shown):
            yield f"{where}: {len(found)} items instead of {len(items)}"
        for place, (one, other) in enumerate(zip(items, found, strict=False)):
            yield from differences(one, other, f"{where}[{place}]")
    elif isinstance(shown, str) and shown in SIGNS:
        if not SIGNS[shown](found):
            yield f"{where}: {found!r} is no {shown}"
    elif shown != found or type(shown) is not type(found):
        yield f"{where}: {found!r} instead of {shown!r}"


def send(session: Session, request: dict[str, Any], ids: dict[str, str], **query: str) -> httpx.Response:
    """Send a documented request, with the ids of the steps before it."""
    text = json.dumps(request)
    for placeholder, identifier in ids.items():
        text = text.replace(placeholder, identifier)
    filled = json.loads(text)
    headers = filled["headers"] | {name: session.headers[name] for name in session.headers}
    more = {"json": filled["body"]} if "body" in filled else {}
    params = filled.get("query", {}) | query
    return session.raw(filled["method"], filled["path"], params=params, headers=headers, **more)


def require_created(response: httpx.Response) -> str:
    """The id of what was created, when the answer is the documented one."""
    assert response.status_code == 201, response.text
    assert response.headers["content-type"] == "application/json"
    assert not list(differences(RESPONSES["created"], response.json()))
    return str(response.json()["id"])


def replay(session: Session, requests: dict[str, Any]) -> dict[str, str]:
    """Create the four entities of an export, each by its documented request; ids by placeholder."""
    ids: dict[str, str] = {}
    for step, placeholder in STEPS.items():
        ids[placeholder] = require_created(send(session, requests[step], ids))
    return ids


def requests_of(export: str) -> dict[str, Any]:
    """The four requests of an export."""
    requests = json.loads((REQUESTS / f"{export}.json").read_text(encoding="utf-8"))["requests"]
    return dict(requests)


def test_the_comparison_sees_differences() -> None:
    """A missing key, a key too many, a wrong value, type, form and length are each seen."""
    for shown, found in [
        ({"a": 1}, {}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, MORE: "more"}, {"b": 2}),
        ({"a": 1}, {"a": True}),
        (["<integer>"], []),
        (["<integer>"], [1, 2]),
        ("<etag>", "0500ebe1-0000-0200-0000-63e28d060000"),
        ("<millis>", 1_675_807_718),
        ({"a": []}, [{"a": []}]),
    ]:
        assert list(differences(shown, found)), (shown, found)
    assert not list(differences({"a": [1, MORE], MORE: "more"}, {"a": [1, 2], "b": 3}))


@pytest.mark.parametrize("destination", sorted(RESPONSES["connection_specs"]))
def test_a_connection_spec_is_shown(session: Session, destination: str) -> None:
    """A connection spec has the ids, names, auth spec and target spec that the tutorial prints."""
    response = send(session, LOOKUPS["connection_specs"][destination], {})
    assert response.status_code == 200
    assert not list(differences(RESPONSES["connection_specs"][destination], response.json()))


def test_every_lookup_has_its_response() -> None:
    """The requests and the answers are of the same destinations."""
    assert LOOKUPS["connection_specs"].keys() == RESPONSES["connection_specs"].keys()


def test_the_datasets_are_shown(session: Session) -> None:
    """The list begins with the tutorial's five datasets, in the tutorial's pages of twenty."""
    response = send(session, LOOKUPS["datasets"], {}, limit="20")
    assert response.status_code == 200
    assert not list(differences(RESPONSES["datasets"], response.json()))
    assert len(response.json()["items"]) == 20
    assert response.json()["pageInfo"]["end"] == 19


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_is_created_and_runs(session: Session, export: str) -> None:
    """The four requests of a tab are each answered with id and etag, and a day later the flow has runs."""
    ids = replay(session, requests_of(export))
    session.set_clock(A_DAY_LATER)
    response = send(session, LOOKUPS["runs"], ids)
    assert response.status_code == 200
    assert not list(differences(RESPONSES["runs"], response.json()))
    assert {run["flowId"] for run in response.json()["items"]} == {ids[STEPS["flow"]]}


@pytest.mark.parametrize("export", EXPORTS)
def test_the_samples_of_2023_are_taken_as_printed(new_session: Callable[..., Session], export: str) -> None:
    """With the profile of 2023, JSON without compression and a schedule without export mode are taken."""
    session = new_session(profile_named("documented-2023").behaviour)
    requests = copy.deepcopy(requests_of(export))
    requests["target_connection"]["body"]["params"]["compression"] = "NONE"
    del requests["flow"]["body"]["scheduleParams"]["exportMode"]
    ids = replay(session, requests)
    shown = session.item(f"/flows/{ids[STEPS['flow']]}")
    assert shown["scheduleParams"] == requests["flow"]["body"]["scheduleParams"]


def test_the_samples_of_2023_are_rejected_by_default(session: Session) -> None:
    """By default the pair of JSON and NONE is refused, and so is a schedule without export mode."""
    requests = requests_of("amazon_s3_access_key")
    target, flow = copy.deepcopy((requests["target_connection"], requests["flow"]))
    target["body"]["params"]["compression"] = "NONE"
    del flow["body"]["scheduleParams"]["exportMode"]
    ids = replay(session, requests)
    assert send(session, target, ids).status_code == 400
    assert send(session, flow, ids).status_code == 400


def test_the_broken_sample_is_rejected(session: Session) -> None:
    """The tutorial's base connection of the Data Landing Zone is no JSON; closed, its spec is missing."""
    printed = """{
      "name": "Data Landing Zone(DLZ) Base Connection",
      "auth": {
        "name": "Data Landing Zone(DLZ) Base Connection",
        "description": "Data Landing Zone(DLZ) Base Connection",
        "connectionSpec": {"id": "10440537-2a7b-4583-ac39-ed38d4b848e8", "version": "1.0"}
    }"""
    headers = {"content-type": "application/json"}
    responses = [
        session.ask("POST", "/connections", content=text, headers=headers)
        for text in (printed, printed + "}")
    ]
    assert [response.status_code for response in responses] == [400, 400]
    assert responses[0].json()["title"] == "BadRequestError"
    assert code(responses[1]) == "1413-400"
