"""Transitions end by time or by observations, also while the clock is stopped."""

from __future__ import annotations

from collections.abc import Callable

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.session import SCHEDULE, START, Session, base_body, code

NewSession = Callable[..., Session]
RENAME = {"op": "replace", "path": "/name", "value": "new"}
SLOW = Behaviour(create_seconds=5, update_seconds=2, delete_seconds=10, delete_reads=1, create_reads=1)


def state(session: Session, path: str) -> str:
    """The state of an entity."""
    return str(session.item(path)["state"])


def test_a_new_flow_is_initializing_for_some_time(new_session: NewSession) -> None:
    """While the clock runs, time ends the transition, however often the entity is read."""
    session = new_session(SLOW)
    path = f"/flows/{session.make_export()['flows']}"
    session.millis += 4_999
    assert [state(session, path) for _ in range(4)] == ["initializing"] * 4
    before = session.item(path)["etag"]
    session.millis += 1
    shown = session.item(path)
    assert shown["state"] == "enabled"
    assert shown["etag"] != before
    assert shown["updatedAt"] == session.millis


def test_an_update_blocks_until_its_time_is_over(new_session: NewSession) -> None:
    """While a flow is updating it refuses another change, and takes it when the time is over."""
    session = new_session(SLOW)
    path = f"/flows/{session.make_export()['flows']}"
    session.millis += 5_000
    assert session.patch(path, RENAME).status_code == 200
    assert [code(session.patch(path, RENAME)) for _ in range(3)] == ["1421-400"] * 3
    session.millis += 2_000
    assert session.patch(path, RENAME).status_code == 200


def test_what_is_deleted_goes_when_its_time_is_over(new_session: NewSession) -> None:
    """A deleted entity is shown for its time and then gone, from lists and counts too, without any read."""
    session = new_session(SLOW)
    path = f"/connections/{session.make('connections', base_body())}"
    session.delete(path)
    assert [state(session, path) for _ in range(3)] == ["delete-finalizing"] * 3
    session.millis += 10_000
    assert session.get("/connections?count=true").json() == {"count": 0}
    assert code(session.get(path)) == "1439-404"


def test_a_filter_sees_the_state_that_time_brought(new_session: NewSession) -> None:
    """A list by state finds what time has changed, without any read of the entity."""
    session = new_session(SLOW)
    session.make_export()
    assert session.get("/flows?property=state==enabled").json()["items"] == []
    session.millis += 5_000
    assert len(session.get("/flows?property=state==enabled").json()["items"]) == 1


def test_transitions_end_while_the_clock_is_stopped(new_session: NewSession) -> None:
    """A stopped clock never reaches the end of a transition, so reads end it; deletes and runs too."""
    session = new_session(SLOW)
    session.set_clock("2030-03-17T17:00:00Z")
    path = f"/flows/{session.make_export()['flows']}"
    assert [state(session, path) for _ in range(2)] == ["initializing", "enabled"]
    assert session.patch(path, RENAME).status_code == 200
    assert state(session, path) == "enabled"
    session.delete(path)
    assert state(session, path) == "delete-finalizing"
    assert code(session.get(path)) == "1439-404"


def test_a_run_ends_while_the_clock_is_stopped(new_session: NewSession) -> None:
    """A run that takes time is in progress for some reads and then done, while the clock is stopped."""
    session = new_session(Behaviour(run_duration_seconds=60))
    session.make_export()
    session.set_clock("2030-03-17T18:00:00Z")
    flow = session.get("/flows").json()["items"][0]
    assert flow["lastRunDetails"]["state"] == "inProgress"
    assert "completedAtUTC" not in flow["lastRunDetails"]
    path = f"/runs/{flow['lastRunDetails']['id']}"
    assert [state(session, path) for _ in range(3)] == ["inProgress", "inProgress", "success"]
    assert session.item(f"/flows/{flow['id']}")["lastRunDetails"]["state"] == "success"


def test_a_moved_clock_ends_a_run(new_session: NewSession) -> None:
    """Moving a stopped clock beyond the end of a run ends the run, without any read."""
    session = new_session(Behaviour(run_duration_seconds=60))
    session.make_export()
    session.set_clock("2030-03-17T18:00:00Z")
    session.raw("PUT", "/_emulator/clock", json={"advance": 60})
    (run,) = session.get("/runs").json()["items"]
    assert run["state"] == "success"
    assert run["metrics"]["durationSummary"]["completedAtUTC"] == (START + 60) * 1000


def test_runs_long_past_are_done(new_session: NewSession) -> None:
    """Of the runs that come due in one move only those are in progress whose time is not over."""
    session = new_session(Behaviour(run_duration_seconds=60))
    session.make_export(scheduleParams=dict(SCHEDULE))
    session.millis = (START + 3 * 3600 + 30) * 1000
    session.headers = session.login(session.identities[0])
    assert [run["state"] for run in session.get("/runs").json()["items"]] == ["inProgress", "success"]


def test_a_deleted_flow_takes_its_running_runs_with_it(new_session: NewSession) -> None:
    """A flow that is deleted while its runs are in progress goes with them."""
    session = new_session(Behaviour(run_duration_seconds=3600, delete_reads=0))
    flow = session.make_export()["flows"]
    session.set_clock("2030-03-17T18:00:00Z")
    assert len(session.get("/runs").json()["items"]) == 1
    session.delete(f"/flows/{flow}")
    assert session.get("/runs").json()["items"] == []
    session.set_clock("2030-03-18T18:00:00Z")
    assert session.get("/runs").json()["items"] == []


def test_a_flow_that_is_initializing(new_session: NewSession) -> None:
    """An initializing flow is changed and deleted, or by the switch refused with 1417 as long."""
    for switch in ("accept", "refuse"):
        session = new_session(Behaviour(create_seconds=5, initializing_writes=switch))
        path = f"/flows/{session.make_export()['flows']}"
        responses = [session.patch(path, RENAME), session.delete(path)]
        if switch == "accept":
            assert [response.status_code for response in responses] == [200, 202]
            continue
        assert [code(response) for response in responses] == ["1417-400", "1417-400"]
        session.millis += 5_000
        assert session.patch(path, RENAME).status_code == 200
        assert session.delete(path).status_code == 202
