"""Numbers without sense and deep nesting are rejected wherever the emulator reads JSON or numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from flow_emulator import strict_json
from flow_emulator.faults import fault_store
from flow_emulator.http.body import MAX_BODY
from tests.unit.flow_emulator.session import DATASET, Session, base_body, flow_body, source_body

HERE: Final = "<here>"
ROWS: Final = f"/_emulator/datasets/{DATASET}/rows"
DATASETS: Final = "application/vnd.adobe.adhoc.dataset.activation+json; version=1"
FLOW: Final = "/data/foundation/flowservice"
PATCH: Final = [{"op": "replace", "path": "/policy", "value": {"a": [HERE]}}]
# Every request whose body is JSON, with the value to be replaced.
BODIES: Final[list[tuple[str, str, Any]]] = [
    ("POST", f"{FLOW}/connections", base_body(name=HERE)),
    ("POST", f"{FLOW}/sourceConnections", source_body(data=HERE)),
    ("POST", f"{FLOW}/flows", flow_body("a", "b", scheduleParams={"interval": HERE})),
    ("PATCH", f"{FLOW}/flows/{{flows}}", PATCH),
    ("POST", f"{FLOW}/flows/search", {"limit": HERE}),
    ("POST", "/data/core/activation/disflowprovider/adhocrun", {"activationInfo": HERE}),
    ("PUT", "/_emulator/clock", {"advance": HERE}),
    ("PUT", "/_emulator/behaviour", {"seed": HERE}),
    ("PUT", "/_emulator/behaviour", {"set": {"create_reads": HERE}}),
    ("POST", "/_emulator/faults", {"operation": "*", "kind": "latency", "seconds": HERE}),
    ("POST", "/_emulator/seed", {"connections": {"a": base_body(name=HERE)}}),
    ("PUT", "/_emulator/snapshot", {"snapshot": {"counter": HERE}, "digest": ""}),
    ("POST", ROWS, {"rows": [{"n": HERE}]}),
    ("POST", ROWS, {"generate": {"count": HERE}}),
]
SENSELESS: Final = {
    "NaN": "is not finite",
    "Infinity": "is not finite",
    "-Infinity": "is not finite",
    "1e999": "is not finite",
    "-1e400": "is not finite",
    "9" * 5000: "more than 38 digits",
    "-" + "1" * 40: "more than 38 digits",
    "[" * 500 + "]" * 500: "nested more than 100 deep",
    '{"a":' * 101 + "1" + "}" * 101: "nested more than 100 deep",
    "[" * 100_000: "nested more than 100 deep",
}


@pytest.fixture(params=SENSELESS, ids=lambda text: text[:9])
def senseless(request: pytest.FixtureRequest) -> str:
    """A JSON value that is rejected."""
    return str(request.param)


def test_no_senseless_value_is_read(new_session: Callable[..., Session], senseless: str) -> None:
    """Each request with such a value is a 400 of one sentence without the value, and changes nothing."""
    session = new_session(None)
    made = session.make_export()
    before = session.raw("GET", "/_emulator/state").json()
    for method, path, body in BODIES:
        text = json.dumps(body).replace(f'"{HERE}"', senseless)
        headers = {**session.headers, "content-type": "application/json", "accept": DATASETS}
        if method == "PATCH":
            headers["if-match"] = session.item(f"/flows/{made['flows']}")["etag"]
        response = session.raw(method, path.format(**made), content=text, headers=headers)

        assert response.status_code == 400, (path, response.text[:200])
        detail = response.json()["detail"]
        assert SENSELESS[senseless] in detail, path
        assert (len(detail) < 100, detail.count(". ")) == (True, 0)
    assert session.raw("GET", "/_emulator/state").json() == before


def test_no_senseless_row_is_stored(session: Session, senseless: str) -> None:
    """A line of NDJSON with such a value is a 400 that names the line, and no row is stored."""
    lines = '{"n": 1}\n{"n": ' + senseless + "}\n"
    headers = {"content-type": "application/x-ndjson"}
    response = session.raw("POST", ROWS, content=lines, headers=headers)

    assert response.status_code == 400
    assert response.json()["detail"].startswith("Line 2 ")
    assert session.raw("GET", ROWS).json()["rows"] == 0


@pytest.mark.parametrize("text", ["1e400", "NaN", "9" * 5000, "9" * 39, "-1", "1.5", "", "\u0663"])
def test_no_senseless_number_is_read_from_a_query(session: Session, text: str) -> None:
    """Numbers of a query are whole numbers within bounds, or a 400."""
    for path in ("/flows?limit=", "/flows?property=createdAt>"):
        if text not in ("-1", "1.5") or "limit" in path:
            assert session.get(path + text).status_code == 400, (path, text)
    assert session.raw("GET", f"/_emulator/requests?after={text}").status_code == 400


def test_a_page_token_of_a_stranger_is_rejected(session: Session) -> None:
    """A token with half of a surrogate pair, an infinite number or deep nesting is a 400."""
    import base64

    session.make("connections", base_body())
    for key in ('[[2,0,"\\ud800"],1]', '[[1,1e999,""],1]', "[" * 900, '[[1,NaN,""],1]'):
        token = base64.urlsafe_b64encode(key.encode()).decode()
        assert session.get(f"/connections?orderby=name&continuationToken={token}").status_code == 400


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("create_reads", "-1"),
        ("create_reads", "1" * 5000),
        ("run_duration_seconds", "1000000001"),
        ("max_runs_per_move", "0"),
        ("max_runs_per_move", "1000000"),
        ("default_page_size", "0"),
        ("extra_hour_intervals", "8,0"),
        ("extra_hour_intervals", "-24"),
        ("extra_hour_intervals", "8," * 1000),
        ("request_log_size", "-1"),
        ("landing_zone_seconds", "1e9"),
    ],
)
def test_switches_have_bounds(new_session: Callable[..., Session], switch: str, value: str) -> None:
    """A number that is no sense for its switch is a 400 that names the switch, and not stored."""
    session = new_session(None)
    response = session.raw("PUT", "/_emulator/behaviour", json={"set": {switch: value}})

    assert response.status_code == 400
    assert response.json()["detail"].startswith(f"{switch} is ")
    assert len(response.json()["detail"]) < 300
    assert session.raw("GET", "/_emulator/behaviour").json()["set"] == {}
    assert session.raw("PUT", "/_emulator/behaviour", json={"seed": 10**30}).status_code == 400


def test_the_number_of_faults_is_bounded(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults beyond the limit are a 400, and none of a list is set then; a text of a fault is bounded too."""
    monkeypatch.setattr(fault_store, "MAX_FAULTS", 3)
    assert session.raw("POST", "/_emulator/faults", json="* status").status_code == 201
    response = session.raw("POST", "/_emulator/faults", json={"items": ["* status"] * 3})
    assert (response.status_code, "3 faults" in response.json()["detail"]) == (400, True)
    assert len(session.raw("GET", "/_emulator/faults").json()["items"]) == 1
    for fault in ("* status message=" + "x" * 20_000, {"operation": "[" * 1000, "kind": "status"}):
        response = session.raw("POST", "/_emulator/faults", json=fault)
        assert (response.status_code, len(response.text) < 3000) == (400, True)


def test_what_other_programs_write_is_read() -> None:
    """Large and small numbers of ordinary JSON stay what they are, and a depth of 100 is read."""
    for text in ("1e308", "-0.0", "18446744073709551615", "9" * 38, "1E-400"):
        assert strict_json.parse(text) == json.loads(text)
    deep = "[" * 100 + "]" * 100
    assert strict_json.parse(deep) == json.loads(deep)
    assert strict_json.parse('"\\ud83d\\ude00"') == "\U0001f600"


def test_a_body_that_is_promised_too_large_is_not_awaited(session: Session) -> None:
    """Content-Length alone is enough for 413, whatever its number of digits."""
    for length in (str(MAX_BODY + 1), "9" * 30):
        headers = {"content-length": length}
        response = session.raw("PUT", "/_emulator/clock", content=b"{}", headers=headers)
        assert response.status_code == 413
        assert response.json()["detail"] == f"The body is larger than {MAX_BODY} bytes."
