"""The clock, the request log, the state and the reset under ``/_emulator/``, and the clock of a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flow_emulator.emulator_file.clock import read_clock, set_clock
from flow_emulator.store import Store
from tests.unit.flow_emulator.session import BASE, NOW, START, Session, base_body

NewSession = Callable[..., Session]


def test_a_set_clock_is_stopped(session: Session) -> None:
    """A set clock shows one time until it is set again; null lets real time go on."""
    assert session.raw("GET", "/_emulator/clock").json() == {
        "now": "2030-03-17T17:46:40Z",
        "set": False,
        "stands": False,
    }
    response = session.set_clock("2031-01-02T01:00:00+01:00").json()
    assert response == {"now": "2031-01-02T00:00:00Z", "set": True, "stands": True, "runs": 0}
    session.millis += 1_000_000
    made = session.item(f"/connections/{session.make('connections', base_body())}")
    assert made["createdAt"] == datetime(2031, 1, 2, tzinfo=UTC).timestamp() * 1000
    assert session.set_clock(None).json()["set"] is False
    assert session.raw("GET", "/_emulator/clock").json()["now"] == "2030-03-17T18:03:20Z"


def test_moving_the_clock_makes_the_runs(session: Session) -> None:
    """Setting the clock answers with how many runs came due on the way."""
    session.make_export()
    assert session.set_clock("2030-03-18T00:30:00Z").json()["runs"] == 3


def test_the_clock_runs_from_where_it_is_set(session: Session) -> None:
    """A clock that was set to run keeps pace with real time, is moved, stopped and let go on."""

    def put(body: dict[str, Any]) -> dict[str, Any]:
        response = session.raw("PUT", "/_emulator/clock", json=body)
        assert response.status_code == 200, response.text
        shown: dict[str, Any] = response.json()
        return shown

    shown = put({"now": "2031-01-02T00:00:00Z", "stands": False})
    assert shown == {"now": "2031-01-02T00:00:00Z", "set": True, "stands": False, "runs": 0}
    session.millis += 5_000
    assert put({"advance": 60})["now"] == "2031-01-02T00:01:05Z"
    session.millis += 1_000
    assert put({"stands": True}) == {"now": "2031-01-02T00:01:06Z", "set": True, "stands": True, "runs": 0}
    session.millis += 1_000_000
    assert put({"advance": 0.5})["now"] == "2031-01-02T00:01:06.500Z"
    assert put({"stands": False})["stands"] is False
    session.millis += 500
    assert session.raw("GET", "/_emulator/clock").json()["now"] == "2031-01-02T00:01:07Z"
    assert put({"now": None})["set"] is False


def test_a_running_clock_makes_runs(session: Session) -> None:
    """A flow runs at its times by a clock that goes on, and stops at its end time."""
    session.raw("PUT", "/_emulator/clock", json={"now": "2030-03-17T17:59:59Z", "stands": False})
    session.make_export()
    assert session.get("/runs").json()["items"] == []
    session.millis += 1_000
    assert len(session.get("/runs").json()["items"]) == 1
    session.millis += 80_000_000
    assert len(session.get("/runs").json()["items"]) == 8
    session.raw("PUT", "/_emulator/clock", json={"advance": 10 * 86_400})
    session.headers = session.login(session.identities[0])
    assert len(session.get("/runs").json()["items"]) == 9


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"now": 5},
        {"now": "tomorrow"},
        {"now": "2031-01-02"},
        {"now": "2031-13-02T00:00:00Z"},
        {"now": "5031-01-02T00:00:00Z"},
        {"now": None, "stands": True},
        {"now": "2031-01-02T00:00:00Z", "other": 1},
        {"advance": True},
        {"advance": "1"},
        {"advance": 1e300},
        {"advance": -1e12},
        {"advance": 1, "now": None},
        {"stands": 1},
    ],
)
def test_a_wrong_time_is_rejected(session: Session, body: Any) -> None:
    """What is no RFC 3339 time with an offset is refused with a sentence, and the clock goes on."""
    response = session.raw("PUT", "/_emulator/clock", json=body)
    assert response.status_code == 400
    assert response.json()["detail"]
    assert session.raw("GET", "/_emulator/clock").json()["set"] is False


def test_the_clock_of_a_file(new_session: NewSession, tmp_path: Path) -> None:
    """The clock of a file is set from outside, creates the due runs, and holds for all of its processes."""
    file = tmp_path / "emulator.sqlite"
    session = new_session(store=Store(file))
    flow = session.make_export()["flows"]

    reading = set_clock(file, datetime.fromtimestamp(START, UTC))
    assert (reading.text, reading.is_set) == ("2030-03-17T18:00:00Z", True)
    assert read_clock(file) == reading
    assert session.raw("GET", "/_emulator/clock").json()["now"] == "2030-03-17T18:00:00Z"
    assert len(session.get(f"/runs?property=flowId=={flow}").json()["items"]) == 1
    assert set_clock(file, None).is_set is False


def test_the_clock_of_no_file(tmp_path: Path) -> None:
    """Reading needs a file and makes none; setting makes one, unless the time is wrong."""
    file = tmp_path / "emulator.sqlite"
    with pytest.raises(FileNotFoundError, match=r"emulator\.sqlite"):
        read_clock(file)
    with pytest.raises(ValueError, match="RFC 3339"):
        set_clock(file, "tomorrow")
    assert not file.exists()
    assert set_clock(file, "2031-01-02T00:00:00Z").text == "2031-01-02T00:00:00Z"
    assert read_clock(file).is_set


def test_the_log_has_every_request(session: Session) -> None:
    """Each request is logged with headers, body and outcome, secrets masked; the emulator's own are not."""
    session.raw("DELETE", "/_emulator/requests")
    session.post("/connections", base_body("sftp_password"))
    session.get("/flows/none?property=x")
    session.token(client_id="flowbridge-emulator", client_secret="canary")
    items = session.raw("GET", "/_emulator/requests").json()["items"]

    made, refused, token = items
    assert (made["method"], made["path"], made["status"]) == ("POST", f"{BASE}/connections", 201)
    assert made["at"] == "2030-03-17T17:46:40Z"
    assert made["headers"]["authorization"] == "****"
    assert made["headers"]["x-sandbox-name"] == "prod"
    expected = base_body("sftp_password")
    expected["auth"]["params"]["password"] = "****"
    assert made["body"] == expected
    assert (refused["status"], refused["code"], refused["query"]) == (400, "1451", [["property", "x"]])
    assert token["body"]["client_secret"] == "****"
    assert token["body"]["client_id"] == "flowbridge-emulator"
    after = session.raw("GET", f"/_emulator/requests?after={refused['seq']}").json()["items"]
    assert after == [token]


@pytest.mark.rule("secrets-hidden")
def test_the_log_keeps_no_malformed_secret(session: Session) -> None:
    """Bodies that are no JSON, odd shapes of auth, and secrets in addresses are not kept."""
    session.raw("DELETE", "/_emulator/requests")
    json_type = {"content-type": "application/json"}
    session.ask("POST", "/connections", content=b'{"auth": "canary', headers=json_type)
    for auth in ("canary", ["canary"], {"canary": "x", "params": "canary"}, {"other": {"url": ["c"]}}):
        session.post("/connections", base_body(auth=auth))
    session.get("/connections?property=auth.params.password==canary")
    session.raw("POST", "/ims/token/v3?client_secret=canary")
    session.raw("GET", f"{BASE}/flows", headers={"authorization": "canary", "x-other": "canary"})

    log = session.raw("GET", "/_emulator/requests")
    assert len(log.json()["items"]) == 8
    values = log.text.replace('"canary": ', "")
    assert "canary" not in values


def test_the_state_shows_everything(session: Session) -> None:
    """The state has all collections, clock and switches; a reset empties it all, tokens too."""
    made = session.make_export()
    session.set_clock("2030-03-18T00:00:00Z")
    state = session.raw("GET", "/_emulator/state").json()
    assert {name: [each["id"] for each in state[name]] for name in made} == {
        name: [entity_id] for name, entity_id in made.items()
    }
    assert len(state["runs"]) == 3
    assert state["flows"][0]["dueAt"] == "2030-03-18T03:00:00Z"
    assert state["behaviour"]["secrets"] == "masked"

    assert session.raw("POST", "/_emulator/reset").status_code == 204
    assert session.get("/flows").json()["error_code"] == "401013"
    state = session.raw("GET", "/_emulator/state").json()
    assert all(state[name] == [] for name in (*made, "runs"))
    assert state["clock"]["set"] is False
    assert session.millis == NOW
