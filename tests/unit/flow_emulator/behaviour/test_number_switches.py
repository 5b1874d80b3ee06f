"""Switches that are numbers: how many, how often, how long."""

from __future__ import annotations

from collections.abc import Callable

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.session import DATASET, START, Session, source_body

NewSession = Callable[..., Session]
ADHOC = "/data/core/activation/disflowprovider/adhocrun"
LANDING_ZONE = "/data/foundation/connectors/landingzone/credentials?type=dlz_destination"


def test_the_size_of_a_page(new_session: NewSession) -> None:
    """A list without limit has as many items as the switch says, and a limit overrides that."""
    session = new_session(Behaviour(default_page_size=2))
    for number in range(3):
        session.make("sourceConnections", source_body(name=f"number {number}"))
    page = session.get("/sourceConnections").json()
    assert len(page["items"]) == 2
    assert "next" in page["_links"]
    assert len(session.get("/sourceConnections?limit=3").json()["items"]) == 3


def test_how_long_a_flow_is_too_new(new_session: NewSession) -> None:
    """With nothing to wait for, a new flow can be run ad hoc at once."""
    session = new_session(Behaviour(adhoc_ready_seconds=0))
    flow = session.make_export()["flows"]
    order = {"activationInfo": {"destinations": [{"flowId": flow, "datasets": [{"id": DATASET}]}]}}
    accept = {"accept": "application/vnd.adobe.adhoc.dataset.activation+json; version=1"}
    assert session.raw("POST", ADHOC, json=order, headers=session.headers | accept).status_code == 200


def test_how_long_landing_zone_credentials_last(new_session: NewSession) -> None:
    """Credentials are new when their seconds have passed, and not before."""
    session = new_session(Behaviour(landing_zone_seconds=60))

    def shown() -> object:
        return session.raw("GET", LANDING_ZONE, headers=session.headers).json()

    first = shown()
    session.millis += 59_999
    assert shown() == first
    session.millis += 1
    assert shown() != first


def test_how_many_reads_show_a_run_in_progress(new_session: NewSession) -> None:
    """While the clock is stopped at a run's time, so many reads show it in progress, the next one its end."""
    session = new_session(Behaviour(run_duration_seconds=60, run_reads=1))
    session.make_export()
    session.set_clock("2030-03-17T18:00:00Z")
    states = [session.get("/runs").json()["items"][0]["state"] for _ in range(2)]
    assert states == ["inProgress", "success"]
    assert session.get("/runs").json()["items"][0]["createdAt"] == START * 1000
