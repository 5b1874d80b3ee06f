"""Flows: references, schedules, states and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import (
    MISSING,
    NOW,
    SCHEDULE,
    START,
    Session,
    base_body,
    code,
    flow_body,
    source_body,
    target_body,
)

NewSession = Callable[..., Session]
SIX_MONTHS_LATER = 1_915_898_400  # 2030-03-17T18:00 plus six months, in seconds


def scheduled(session: Session, schedule: Any) -> Any:
    """The answer to a flow with this schedule."""
    source = session.make("sourceConnections", source_body())
    base = session.make("connections", base_body())
    target = session.make("targetConnections", target_body(base))
    return session.post("/flows", flow_body(source, target, scheduleParams=schedule))


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_every_destination_has_its_flow(session: Session, destination: str) -> None:
    """All four steps of the tutorial work for each destination and method."""
    made = session.make_export(destination)
    item = session.item(f"/flows/{made['flows']}")

    spec = {"id": DESTINATIONS[destination][0], "version": "1.0"}
    assert item["state"] == "enabled"
    assert item["scheduleParams"] == SCHEDULE
    assert item["runs"] == f"/runs?property=flowId=={made['flows']}"
    assert item["lastOperation"]["operation"] == "create"
    assert item["lastOperation"]["percentCompleted"] == 100
    assert "lastRunDetails" not in item
    inherited = item["inheritedAttributes"]
    assert inherited["properties"] == {"isDestinationFlow": True}
    assert [each["id"] for each in inherited["sourceConnections"]] == [made["sourceConnections"]]
    assert inherited["targetConnections"] == [
        {
            "id": made["targetConnections"],
            "connectionSpec": spec,
            "baseConnection": {"id": made["connections"], "connectionSpec": spec},
            "data": {"outputType": "DATASET_EXPORT"},
        }
    ]


@pytest.mark.rule("unknown-fields")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "disabled"}, "1410-400"),
        ({"flowSpec": {"id": MISSING, "version": "1.0"}}, "1413-400"),
        ({"flowSpec": {"id": DESTINATIONS["sftp_key"][1], "version": "1.0"}}, "1413-400"),
        ({"sourceConnectionIds": [MISSING]}, "1439-400"),
        ({"targetConnectionIds": [MISSING]}, "1439-400"),
        ({"sourceConnectionIds": []}, None),
        ({"targetConnectionIds": "text"}, None),
        ({"sourceConnectionIds": [1]}, None),
        ({"transformations": [{"name": "x"}]}, None),
        ({"scheduleParams": None}, None),
        ({"more": 1}, None),
        ({"flowSpec": {"id": DESTINATIONS["amazon_s3"][1]}}, None),
    ],
)
def test_a_wrong_flow(session: Session, changes: dict[str, Any], expected: str | None) -> None:
    """A flow that breaks a rule is refused, with the published code where there is one; nothing is made."""
    source = session.make("sourceConnections", source_body())
    target = session.make("targetConnections", target_body(session.make("connections", base_body())))
    response = session.post("/flows", flow_body(source, target) | changes)

    assert response.status_code in (400, 422)
    if expected is None:
        assert "errorDetails" in response.json()
    else:
        assert code(response) == expected
    assert session.get("/flows").json()["items"] == []


@pytest.mark.rule("schedule-combinations")
@pytest.mark.parametrize(
    "combination",
    [
        {"exportMode": "DAILY_FULL_EXPORT", "timeUnit": "day", "interval": 0},
        {"exportMode": "FIRST_FULL_THEN_INCREMENTAL", "timeUnit": "day", "interval": 1},
        *(
            {"exportMode": "FIRST_FULL_THEN_INCREMENTAL", "timeUnit": "hour", "interval": hours}
            for hours in (1, 3, 6, 9, 12)
        ),
        {"foldernameTemplate": "%DESTINATION%_%DATASET_ID%_%DATETIME(YYYYMMdd_HHmmss)%"},
        {"folderNameTemplate": "/"},
    ],
)
def test_allowed_schedules(session: Session, combination: dict[str, Any]) -> None:
    """Every row of the documented table is taken and comes back as sent."""
    response = scheduled(session, SCHEDULE | combination)
    assert response.status_code == 201
    assert session.item(f"/flows/{response.json()['id']}")["scheduleParams"] == SCHEDULE | combination


@pytest.mark.rule("schedule-combinations")
@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"exportMode": "FULL"}, "exportMode must be"),
        ({"exportMode": None}, "exportMode must be"),
        ({"exportMode": "DAILY_FULL_EXPORT"}, "timeUnit day, interval 0"),
        ({"exportMode": "DAILY_FULL_EXPORT", "timeUnit": "day", "interval": 1}, "interval 0"),
        ({"timeUnit": "day"}, "has interval 1"),
        ({"timeUnit": "week"}, "timeUnit must be hour or day"),
        ({"timeUnit": []}, "timeUnit must be hour or day"),
        ({"interval": 8}, "has interval 1, 3, 6, 9, 12"),
        ({"interval": 24}, "has interval 1, 3, 6, 9, 12"),
        ({"interval": "3"}, "interval must be an integer"),
        ({"interval": True}, "interval must be an integer"),
        ({"startTime": START * 1000}, "startTime must be a time in epoch seconds"),
        ({"startTime": "2030-01-01"}, "startTime must be a time in epoch seconds"),
        ({"endTime": START}, "endTime must be later"),
        ({"endTime": None}, "endTime must be a time"),
        ({"frequency": "hour"}, "unknown fields: frequency"),
        ({"foldernameTemplate": "%DATE%"}, "has a macro that is not"),
        ({"foldernameTemplate": "%DATASET_ID"}, "without its second percent sign"),
        ({"foldernameTemplate": "a", "folderNameTemplate": "b"}, "two spellings"),
    ],
)
def test_rejected_schedules(session: Session, changes: dict[str, Any], part: str) -> None:
    """Every other combination or form is refused with its rule."""
    response = scheduled(session, SCHEDULE | changes)
    assert response.status_code == 400
    assert part in response.json()["errorDetails"]


def test_disputed_schedules_have_switches(new_session: NewSession) -> None:
    """Other hours, a missing export mode and other macros are taken when their switch says so."""
    day = new_session(Behaviour(extra_hour_intervals=(8, 24)))
    assert scheduled(day, SCHEDULE | {"interval": 24}).status_code == 201
    old = new_session(Behaviour(export_mode_required=False, known_folder_macros=False))
    modeless = {name: value for name, value in SCHEDULE.items() if name != "exportMode"}
    response = scheduled(old, modeless | {"foldernameTemplate": "%DATE%"})
    assert response.status_code == 201
    assert "exportMode" not in old.item(f"/flows/{response.json()['id']}")["scheduleParams"]


@pytest.mark.rule("default-end")
def test_the_service_sets_an_end(session: Session, new_session: NewSession) -> None:
    """Without an end the flow ends six months after now, or its later start; never a one-time export."""
    endless = {name: value for name, value in SCHEDULE.items() if name != "endTime"}

    def end_of(chosen: Session, schedule: dict[str, Any]) -> Any:
        made = scheduled(chosen, schedule).json()["id"]
        return chosen.item(f"/flows/{made}")["scheduleParams"].get("endTime")

    assert end_of(session, endless) == SIX_MONTHS_LATER
    assert end_of(session, endless | {"startTime": 1_580_000_000}) == SIX_MONTHS_LATER - 800
    once = endless | {"exportMode": "DAILY_FULL_EXPORT", "timeUnit": "day", "interval": 0}
    assert end_of(session, once) is None
    assert end_of(new_session(Behaviour(default_end_time=False)), endless) is None


def test_enable_and_disable(session: Session) -> None:
    """An action changes the state and the etag; one that does not fit the state is refused."""
    path = f"/flows/{session.make_export()['flows']}"
    before = session.item(path)["etag"]

    response = session.post(f"{path}/action?op=disable")
    assert response.status_code == 200
    assert response.json()["etag"] == session.item(path)["etag"] != before
    assert session.item(path)["state"] == "disabled"
    assert code(session.post(f"{path}/action?op=DISABLE")) == "1422-400"
    assert session.post(f"{path}/action?op=ENABLE").status_code == 200
    assert session.item(path)["state"] == "enabled"


def test_wrong_actions(session: Session) -> None:
    """Unknown, missing, provider's and draft actions are refused each in its way."""
    path = f"/flows/{session.make_export()['flows']}/action"
    assert code(session.post(f"{path}?op=explode")) == "1435-400"
    assert code(session.post(path)) == "2119-400"
    assert code(session.post(f"{path}?op=finalize")) == "1402-400"
    assert code(session.post(f"{path}?op=enable&subOp=APPLY")) == "1436-400"
    assert session.post(f"{path}?op=publish").status_code == 501
    assert code(session.post(f"{path}?op=disable", headers={"if-match": '"old"'})) == "1404-412"
    assert code(session.post(f"/flows/{MISSING}/action?op=enable")) == "1439-404"


def test_transitions_end_after_reads(new_session: NewSession) -> None:
    """With the switches a flow is initializing, updating or disabling for a number of reads."""
    session = new_session(Behaviour(create_reads=1, update_reads=2))
    path = f"/flows/{session.make_export()['flows']}"
    assert [session.item(path)["state"] for _ in range(2)] == ["initializing", "enabled"]

    rename = {"op": "replace", "path": "/name", "value": "new"}
    etag = session.patch(path, rename).json()["etag"]
    busy = session.item(path)
    assert (busy["state"], busy["lastOperation"]["percentCompleted"]) == ("updating", 0)
    again = session.ask("PATCH", path, headers={"if-match": etag}, json=[rename])
    assert code(again) == "1421-400"
    done = session.item(path)
    assert (done["state"], done["lastOperation"]["percentCompleted"]) == ("enabled", 100)
    assert done["etag"] != etag

    session.post(f"{path}/action?op=disable")
    assert code(session.post(f"{path}/action?op=enable")) == "1420-400"
    assert code(session.delete(path)) == "1416-400"
    assert session.item(path)["state"] == "disabled"


@pytest.mark.rule("paths-to-patch")
def test_changes_in_place(session: Session) -> None:
    """Schedule, name, description and labels change; what a flow is made of does not."""
    made = session.make_export()
    path = f"/flows/{made['flows']}"
    schedule = SCHEDULE | {"interval": 6}
    response = session.patch(
        path,
        {"op": "replace", "path": "/scheduleParams", "value": schedule},
        {"op": "remove", "path": "/description"},
        {"op": "add", "path": "/labels", "value": ["core/C12"]},
    )
    assert response.status_code == 200
    item = session.item(path)
    assert item["scheduleParams"] == schedule
    assert "description" not in item
    assert item["labels"] == ["core/C12"]

    def refused(pointer: str, value: Any) -> str:
        return code(session.patch(path, {"op": "replace", "path": pointer, "value": value}))

    assert refused("/state", "disabled") == "1420-400"
    assert refused("/flowSpec", item["flowSpec"]) == "1455-400"
    assert refused("/targetConnectionIds", item["targetConnectionIds"]) == "1455-400"
    assert refused("/sourceConnectionIds", [MISSING]) == "1439-400"
    assert refused("/scheduleParams/interval", 7) == "1455-400"
    assert session.item(path) == item


def test_a_passed_start_may_be_fixed(session: Session, new_session: NewSession) -> None:
    """A start time that has passed can be changed, unless the switch refuses it."""
    later = {"op": "replace", "path": "/scheduleParams/startTime", "value": START + 3600}
    for chosen, expected in ((session, 200), (new_session(Behaviour(start_time_after_start="refuse")), 400)):
        path = f"/flows/{chosen.make_export()['flows']}"
        chosen.millis = START * 1000
        assert chosen.patch(path, later).status_code == expected


def test_the_number_of_flows_may_be_limited(new_session: NewSession) -> None:
    """With the switch a sandbox takes no more flows than allowed."""
    session = new_session(Behaviour(max_flows_per_sandbox=1))
    made = session.make_export()
    more = session.post("/flows", flow_body(made["sourceConnections"], made["targetConnections"]))
    assert more.status_code == 400
    assert "1 dataflows already" in more.json()["errorDetails"]


def test_drafts_are_not_supported(session: Session) -> None:
    """A draft answers 501 with a sentence, and nothing is made."""
    response = session.post("/flows?mode=draft", {"name": "x"})
    assert response.status_code == 501
    assert response.json()["detail"] == "The emulator does not support drafts."


@pytest.mark.rule("no-cascade")
def test_deleting_a_flow_deletes_its_runs(session: Session) -> None:
    """Deleting a flow ends its runs and leaves its connections."""
    made = session.make_export()
    session.millis = NOW + 86_400_000
    session.headers = session.login(session.identities[0])
    assert session.get(f"/runs?property=flowId=={made['flows']}&count=true").json()["count"] == 8
    session.delete_completely(f"/flows/{made['flows']}")
    assert session.get(f"/runs?property=flowId=={made['flows']}").json()["items"] == []
    session.item(f"/sourceConnections/{made['sourceConnections']}")
    session.item(f"/targetConnections/{made['targetConnections']}")
