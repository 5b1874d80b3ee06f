"""Runs: made when the clock passes a flow's scheduled times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.models.flows import runs as run_model
from tests.unit.flow_emulator.session import DATASET, MISSING, SCHEDULE, START, Session, code

NewSession = Callable[..., Session]
HOUR = 3600
ONCE = {"exportMode": "DAILY_FULL_EXPORT", "timeUnit": "day", "interval": 0, "startTime": START}


def at(session: Session, seconds: float) -> None:
    """Move the time to so many seconds after the schedule's start."""
    session.millis = round((START + seconds) * 1000)
    session.headers = session.login(session.identities[0])


def runs(session: Session, flow_id: str) -> list[dict[str, Any]]:
    """The runs of a flow, the newest first."""
    response = session.get("/runs", params={"property": f"flowId=={flow_id}"})
    assert response.status_code == 200
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def times(session: Session, flow_id: str) -> list[float]:
    """When a flow ran, in hours after its start, the earliest first."""
    return [(run["createdAt"] / 1000 - START) / HOUR for run in reversed(runs(session, flow_id))]


@pytest.mark.rule("runs-by-schedule")
def test_runs_follow_the_schedule(session: Session) -> None:
    """There is no run before the start, one at each scheduled time, and none after the end."""
    flow = session.make_export()["flows"]
    assert times(session, flow) == []
    at(session, -0.001)
    assert times(session, flow) == []
    at(session, 0)
    assert times(session, flow) == [0]
    at(session, 7 * HOUR)
    assert times(session, flow) == [0, 3, 6]
    assert times(session, flow) == [0, 3, 6]
    at(session, 1000 * HOUR)
    assert times(session, flow) == [0, 3, 6, 9, 12, 15, 18, 21, 24]


def test_a_flow_can_run_every_hour(session: Session) -> None:
    """Increments every hour, a choice since July 2026, run at each hour."""
    flow = session.make_export(scheduleParams=SCHEDULE | {"interval": 1})["flows"]
    at(session, 3 * HOUR)
    assert times(session, flow) == [0, 1, 2, 3]


def test_a_run_has_adobes_shape(session: Session) -> None:
    """A run shows its flow, times and counts; its sums are those of its datasets; the flow shows the last."""
    made = session.make_export()
    at(session, 3 * HOUR)
    newest, first = runs(session, made["flows"])

    assert first["flowId"] == made["flows"]
    assert first["flowSpec"] == session.item(f"/flows/{made['flows']}")["flowSpec"]
    assert first["createdClient"] == "aep_activation_batch"
    assert first["etag"].startswith('"')
    metrics = first["metrics"]
    assert metrics["durationSummary"] == {"startedAtUTC": START * 1000, "completedAtUTC": START * 1000}
    assert metrics["statusSummary"] == {"status": "success", "errors": []}
    summary = metrics["recordSummary"]
    (source,), (target,) = summary["sourceSummaries"], summary["targetSummaries"]
    assert (source["id"], target["id"]) == (made["sourceConnections"], made["targetConnections"])
    assert source["entitySummaries"][0]["id"] == f"dataset:{DATASET}"
    assert summary["inputRecordCount"] == source["inputRecordCount"] == target["outputRecordCount"] >= 1000
    assert newest["metrics"]["recordSummary"]["inputRecordCount"] < 500
    assert session.item(f"/flows/{made['flows']}")["lastRunDetails"]["id"] == newest["id"]
    assert session.item(f"/runs/{first['id']}") == first
    assert code(session.get(f"/runs/{MISSING}")) == "1439-404"


def test_a_run_may_take_time(new_session: NewSession) -> None:
    """With the switch a run is in progress until its time is over, without an end and without counts."""
    session = new_session(Behaviour(run_duration_seconds=60))
    flow = session.make_export()["flows"]
    at(session, 59)
    (run,) = runs(session, flow)
    assert run["state"] == "inProgress"
    assert run["metrics"] == {
        "durationSummary": {"startedAtUTC": START * 1000},
        "statusSummary": {"status": "processing", "errors": []},
    }
    assert len(session.get("/runs?property=state==inProgress").json()["items"]) == 1
    at(session, 60)
    assert runs(session, flow)[0]["metrics"]["statusSummary"]["status"] == "success"
    assert session.get("/runs?property=state==inProgress").json()["items"] == []


@pytest.mark.rule("no-runs-later")
def test_a_disabled_flow_does_not_run(session: Session) -> None:
    """What came due while a flow was disabled is not made up for; what came due before is not lost."""
    flow = session.make_export()["flows"]
    at(session, 4 * HOUR)
    session.post(f"/flows/{flow}/action?op=disable")
    at(session, 10 * HOUR)
    assert times(session, flow) == [0, 3]
    session.post(f"/flows/{flow}/action?op=enable")
    at(session, 13 * HOUR)
    assert times(session, flow) == [0, 3, 12]


def test_a_changed_schedule_counts_from_the_change(session: Session) -> None:
    """After a change of the schedule the old times stay and the new ones follow."""
    flow = session.make_export()["flows"]
    at(session, 4 * HOUR)
    changed = {"op": "replace", "path": "/scheduleParams", "value": SCHEDULE | {"interval": 12}}
    session.patch(f"/flows/{flow}", changed)
    at(session, 13 * HOUR)
    assert times(session, flow) == [0, 3, 12]


@pytest.mark.rule("one-time-at-once")
def test_a_one_time_export_runs_once(session: Session) -> None:
    """A full export runs at its start, or at once when that has passed, and never again."""
    on_time = session.make_export(scheduleParams=ONCE)["flows"]
    late = session.make_export(scheduleParams=ONCE | {"startTime": START - 100 * HOUR})["flows"]
    assert len(times(session, late)) == 1
    at(session, 500 * HOUR)
    assert times(session, on_time) == [0]
    assert len(times(session, late)) == 1


@pytest.mark.rule("runs-by-schedule")
def test_a_daily_flow_runs_daily(session: Session) -> None:
    """Interval one with unit day is one run each 24 hours."""
    daily = SCHEDULE | {"timeUnit": "day", "interval": 1, "endTime": START + 50 * HOUR}
    flow = session.make_export(scheduleParams=daily)["flows"]
    at(session, 100 * HOUR)
    assert times(session, flow) == [0, 24, 48]


@pytest.mark.rule("no-runs-later")
def test_a_start_in_the_past_makes_no_runs(session: Session) -> None:
    """An incremental flow with a start long ago runs at its next scheduled time."""
    past = SCHEDULE | {"startTime": START - 100 * HOUR}
    flow = session.make_export(scheduleParams=past)["flows"]
    assert times(session, flow) == []
    at(session, 4 * HOUR)
    assert times(session, flow) == [2]


def test_runs_are_bounded(new_session: NewSession) -> None:
    """One request creates a bounded number of runs for a flow, and the next one continues."""
    session = new_session(Behaviour(max_runs_per_move=5))
    flow = session.make_export()["flows"]
    at(session, 1000 * HOUR)
    assert times(session, flow) == [0, 3, 6, 9, 12]
    assert times(session, flow) == [0, 3, 6, 9, 12, 15, 18, 21, 24]


@pytest.mark.rule("filters")
def test_filters_of_runs(session: Session) -> None:
    """Runs are found by flow, status and time, over several flows in the order of their times."""
    one, two = session.make_export()["flows"], session.make_export()["flows"]
    at(session, 3 * HOUR)

    def count(*filters: str) -> int:
        found: int = session.get("/runs", params={"property": list(filters), "count": "true"}).json()["count"]
        return found

    assert count() == 4
    assert count(f"flowId=={one},{two}") == 4
    assert count("metrics.statusSummary.status==success", f"flowId=={one}") == 2
    assert count(f"metrics.durationSummary.startedAtUTC>{START * 1000}") == 2
    newest_first = [run["createdAt"] for run in session.get("/runs").json()["items"]]
    assert newest_first == sorted(newest_first, reverse=True)
    ordered = session.get("/runs?orderby=-createdAt&limit=3").json()
    assert [run["createdAt"] for run in ordered["items"]] == newest_first[:3]
    assert "next" in ordered["_links"]


def test_one_move_of_the_clock_makes_a_bounded_number_of_runs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With many flows that are due the earliest runs come first, and the next requests bring the others."""
    monkeypatch.setattr(run_model, "MOST_AT_ONCE", 5)
    for _ in range(3):
        session.make_export()
    made = session.raw("PUT", "/_emulator/clock", json={"now": "2030-03-18T02:00:00Z"}).json()["runs"]
    assert made == 5
    stored = session.raw("GET", "/_emulator/state").json()["runs"]
    times = [run["document"]["metrics"]["durationSummary"]["startedAtUTC"] for run in stored]
    assert times == sorted(times)
    session.headers = session.login(session.identities[0])
    for _ in range(3):
        session.get("/flows")
    assert session.get("/runs?count=true").json() == {"count": 9}
    for flow in session.get("/flows").json()["items"]:
        listed = session.get(f"/runs?property=flowId=={flow['id']}").json()["items"]
        assert len({run["createdAt"] for run in listed}) == 3
