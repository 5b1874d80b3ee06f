"""Ad-hoc exports of datasets: when they are refused, and what they start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.session import BASE, DATASET, MISSING, Session, source_body

NewSession = Callable[..., Session]
PATH = "/data/core/activation/disflowprovider/adhocrun"
ACCEPT = {"accept": "application/vnd.adobe.adhoc.dataset.activation+json; version=1"}
TEN_MINUTES = 600_000
NOT_READY = "Following order ID(s) are not ready for dataset export, please wait for 10 minutes and retry."
SECOND = "aaaaaaaaaaaaaaaaaaaaaaaa"
TWO = {"datasets": [{"dataSetId": DATASET, "name": "Orders"}, {"dataSetId": SECOND, "name": "Clicks"}]}


def run_now(session: Session, flow_id: str, *datasets: str, **headers: str) -> httpx.Response:
    """Ask for an export of datasets of a flow."""
    body = {
        "activationInfo": {
            "destinations": [{"flowId": flow_id, "datasets": [{"id": each} for each in datasets]}]
        }
    }
    return session.raw("POST", PATH, json=body, headers={**session.headers, **ACCEPT, **headers})


def error_message(response: httpx.Response) -> str:
    """The message of an error, which has nothing else."""
    assert response.status_code == 400, response.text
    body = response.json()
    assert list(body) == ["message"]
    message: str = body["message"]
    return message


def ready_flow(session: Session, **flow: Any) -> str:
    """A flow that was made ten minutes ago."""
    made = session.make_export(**flow)["flows"]
    session.millis += TEN_MINUTES
    return made


def test_a_new_flow_is_not_ready_for_ten_minutes(session: Session) -> None:
    """For ten minutes after the flow's creation the error has Adobe's text; then the flow runs."""
    flow = session.make_export()["flows"]
    session.millis += TEN_MINUTES - 1
    assert NOT_READY in error_message(run_now(session, flow, DATASET))
    assert session.get("/runs").json()["items"] == []
    session.millis += 1
    assert run_now(session, flow, DATASET).status_code == 200


def test_the_response_leads_to_the_run(session: Session) -> None:
    """The last part of statusURL is a run of the flow, in progress at the first read and done at the next."""
    flow = ready_flow(session)
    response = run_now(session, flow, DATASET)
    (destination,) = response.json()["destinations"]
    assert destination["flowId"] == flow
    (dataset,) = destination["datasets"]
    assert dataset["id"] == DATASET
    assert dataset["statusURL"].startswith(f"http://emulator{BASE}/runs/")

    path = dataset["statusURL"].removeprefix("http://emulator").removeprefix(BASE)
    first, second = session.item(path), session.item(path)
    assert (first["flowId"], first["state"]) == (flow, "inProgress")
    assert first["metrics"]["statusSummary"]["status"] == "processing"
    assert second["state"] == "success"
    assert second["metrics"]["statusSummary"]["status"] == "success"
    assert second["metrics"]["recordSummary"]["outputRecordCount"] >= 1000
    assert session.item(f"/flows/{flow}")["lastRunDetails"]["id"] == first["id"]


def test_one_job_at_a_time(session: Session) -> None:
    """During a run of the flow another one is an error with its id; the error observes the run."""
    flow = ready_flow(session)
    run_now(session, flow, DATASET)
    message = error_message(run_now(session, flow, DATASET))
    (run,) = session.get("/runs").json()["items"]
    assert f"Run already going on for dataset {DATASET} for order {flow} with run id {run['id']}" in message
    assert run["state"] == "success"
    assert run_now(session, flow, DATASET).status_code == 200


def test_a_run_by_time_blocks_until_it_ends(new_session: NewSession) -> None:
    """With a duration the clock ends a run, not reads; the schedule's run counts too."""
    session = new_session(Behaviour(run_duration_seconds=60))
    flow = ready_flow(session)
    run_now(session, flow, DATASET)
    session.millis += 59_999
    for _ in range(3):
        assert "Run already going on" in error_message(run_now(session, flow, DATASET))
    session.millis += 1
    assert run_now(session, flow, DATASET).status_code == 200


def test_one_run_for_each_dataset_by_the_switch(new_session: NewSession) -> None:
    """By default all datasets of a call share a run; with the switch each has its own, all of them full."""
    together = Behaviour(adhoc_reads=0)
    apart = Behaviour(adhoc_reads=0, one_run_per="dataset")
    for switches, runs in ((together, 1), (apart, 2)):
        session = new_session(switches)
        flow = session.make_export()["flows"]
        source = session.make("sourceConnections", source_body(params=TWO))
        change = {"op": "replace", "path": "/sourceConnectionIds", "value": [source]}
        assert session.patch(f"/flows/{flow}", change).status_code == 200
        session.millis += TEN_MINUTES
        started = run_now(session, flow, DATASET, SECOND).json()["destinations"][0]["datasets"]
        assert [each["id"] for each in started] == [DATASET, SECOND]
        assert len({each["statusURL"] for each in started}) == runs
        made = session.get("/runs").json()["items"]
        assert len(made) == runs
        assert all(run["metrics"]["recordSummary"]["outputRecordCount"] >= 1000 for run in made)


def test_the_schedule_goes_on(session: Session) -> None:
    """An ad-hoc run changes nothing of when the flow is due; the next scheduled run is incremental."""
    flow = ready_flow(session)
    run_now(session, flow, DATASET)
    session.millis += 1_000_000
    newest, _ = session.get("/runs").json()["items"]
    assert newest["createdAt"] == session.item(f"/flows/{flow}")["scheduleParams"]["startTime"] * 1000
    assert newest["metrics"]["recordSummary"]["outputRecordCount"] < 500


def test_what_is_rejected(session: Session) -> None:
    """A dataset of another flow, no flow, a disabled one, one twice: a sentence, and nothing runs."""
    flow = ready_flow(session)
    assert f"Datasets {SECOND} are not part of this dataflow" in error_message(run_now(session, flow, SECOND))
    assert "does not exist" in error_message(run_now(session, MISSING, DATASET))
    assert "once" in error_message(run_now(session, flow, DATASET, DATASET))
    session.post(f"/flows/{flow}/action?op=disable")
    assert "not enabled" in error_message(run_now(session, flow, DATASET))
    other = session.login(session.identities[0], "dev")
    assert "does not exist" in error_message(run_now(session, flow, DATASET, **other))
    assert session.get("/runs").json()["items"] == []


def test_nothing_runs_when_one_order_is_rejected(session: Session) -> None:
    """A call for two flows of which one is refused starts neither."""
    ready, new = ready_flow(session), session.make_export()["flows"]
    order = [{"flowId": each, "datasets": [{"id": DATASET}]} for each in (ready, new)]
    body = {"activationInfo": {"destinations": order}}
    response = session.raw("POST", PATH, json=body, headers=session.headers | ACCEPT)
    assert NOT_READY in error_message(response)
    assert session.get("/runs").json()["items"] == []


def test_an_organisation_without_the_feature(new_session: NewSession) -> None:
    """With the switch off the error names the flow spec, in Adobe's words."""
    session = new_session(Behaviour(adhoc_allowed=False))
    flow = ready_flow(session)
    spec = session.item(f"/flows/{flow}")["flowSpec"]["id"]
    message = error_message(run_now(session, flow, DATASET))
    assert f"Adhoc run can not be executed for Flow spec={spec}." in message


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"activationInfo": {}},
        {"activationInfo": {"destinations": []}},
        {"activationInfo": {"destinations": ["x"]}},
        {"activationInfo": {"destinations": [{"flowId": MISSING}]}},
        {"activationInfo": {"destinations": [{"flowId": 1, "datasets": [{"id": "x"}]}]}},
        {"activationInfo": {"destinations": [{"flowId": MISSING, "datasets": []}]}},
        {"activationInfo": {"destinations": [{"flowId": MISSING, "datasets": [{"id": 1}]}]}},
        {"activationInfo": {"destinations": [{"flowId": MISSING, "datasets": [{"id": {}}]}]}},
        {"activationInfo": {"destinations": [{"flowId": MISSING, "datasets": [{"dataSetId": "x"}]}]}},
        {"activationInfo": {"destinations": [{"flowId": MISSING, "datasets": [{"id": "x"}]}]}, "x": 1},
    ],
)
def test_malformed_orders_are_rejected(session: Session, body: Any) -> None:
    """A body of another form is refused with a sentence."""
    response = session.raw("POST", PATH, json=body, headers=session.headers | ACCEPT)
    assert error_message(response).startswith("Invalid parameter: ")


@pytest.mark.parametrize("accept", ["*/*", "application/vnd.adobe.adhoc.activation+json; version=2", "a/b"])
def test_audiences_are_not_supported(session: Session, accept: str) -> None:
    """Without the datasets' media type the request is for audiences, which is not supported."""
    response = run_now(session, MISSING, DATASET, accept=accept)
    assert response.status_code == 501
    assert ACCEPT["accept"] in response.json()["detail"]


def test_the_gateway_checks_first(session: Session) -> None:
    """Without a token nothing starts."""
    assert session.raw("POST", PATH, json={}, headers=ACCEPT).json()["error_code"] == "403010"
