"""The switches that decide between what Adobe's pages say differently: each changes what it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flow_emulator.behaviour.profiles import PROFILES, profile_named
from flow_emulator.behaviour.switches import STRICT, Behaviour
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.session import (
    BASE,
    MISSING,
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
ONCE = {"exportMode": "DAILY_FULL_EXPORT", "timeUnit": "day", "interval": 0, "startTime": START}
RENAME = {"op": "replace", "path": "/name", "value": "new"}
ENCRYPTION = {
    "specName": "Encryption spec",
    "params": {"encryptionAlgo": "PGPGPG", "publicKey": "bWFkZS11cA=="},
}


def switched(**switches: Any) -> Behaviour:
    """Strict but for these switches."""
    return Behaviour(**switches)


def status_of_target(session: Session, **params: Any) -> int:
    """The status of creating a target at S3 with other parameters."""
    base = session.make("connections", base_body())
    body = target_body(base)
    body["params"] |= params
    return session.post("/targetConnections", body).status_code


def status_of_flow(session: Session, **changes: Any) -> int:
    """The status of creating a flow with another schedule."""
    source = session.make("sourceConnections", source_body())
    target = session.make("targetConnections", target_body(session.make("connections", base_body())))
    return session.post("/flows", flow_body(source, target, **changes)).status_code


def test_encryption_is_shown_as_sent_or_renamed(new_session: NewSession) -> None:
    """What was sent under one name is shown under it, or under the names of the migration guide."""
    for shown in ("as_sent", "renamed"):
        session = new_session(switched(encryption_shown=shown))
        made_id = session.make("connections", base_body(encryptionSpecs=ENCRYPTION))
        made = session.item(f"/connections/{made_id}")
        if shown == "as_sent":
            assert made["encryptionSpecs"] == ENCRYPTION
            assert "encryption" not in made
        else:
            assert made["encryption"]["specName"] == "File Encryption"
            assert made["encryption"]["params"]["encryptionAlgo"] == "PGP/GPG"
            assert "encryptionSpecs" not in made


def test_sftp_is_shown_as_sent_or_as_the_guide_shows_it(new_session: NewSession) -> None:
    """The method of a connection with a key and the mode of a target may read otherwise than sent."""
    for switches, method, mode in (
        (STRICT, "SFTP with SSH Key", "Server-to-server"),
        (switched(sftp_key_spec_shown="password", sftp_mode_shown="FTP"), "SFTP with Password", "FTP"),
    ):
        session = new_session(switches)
        made = session.make_export("sftp_key")
        assert session.item(f"/connections/{made['connections']}")["auth"]["specName"] == method
        assert session.item(f"/targetConnections/{made['targetConnections']}")["params"]["mode"] == mode
        s3 = session.make_export()
        target = session.item(f"/targetConnections/{s3['targetConnections']}")
        assert target["params"]["mode"] == "Server-to-server"


def test_a_pending_operation_is_shown_or_not(new_session: NewSession) -> None:
    """While a flow is initializing its lastOperation may be absent; afterwards it is there."""
    for switch in ("shown", "absent"):
        session = new_session(switched(create_reads=1, pending_last_operation=switch))
        path = f"/flows/{session.make_export()['flows']}"
        assert ("lastOperation" in session.item(path)) == (switch == "shown")
        assert session.item(path)["lastOperation"]["percentCompleted"] == 100


def test_the_status_of_what_is_missing(new_session: NewSession) -> None:
    """FLOW-1439 comes with 404 or with 400, in the status and in the body."""
    for status in (404, 400):
        session = new_session(switched(not_found_status=status))
        assert code(session.get(f"/flows/{MISSING}")) == f"1439-{status}"
        assert code(session.delete(f"/connections/{MISSING}")) == f"1439-{status}"


def test_the_type_of_a_gateway_code(new_session: NewSession) -> None:
    """The gateway's code is text or a number."""
    for switch, shown in (("text", "403010"), ("number", 403010)):
        session = new_session(switched(error_code_type=switch))
        assert session.raw("GET", f"{BASE}/flows").json()["error_code"] == shown


def test_a_trailing_slash(new_session: NewSession) -> None:
    """A slash at the end of a path is passed over, or makes it an unknown path."""
    for switch, status in (("accept", 200), ("refuse", 404)):
        session = new_session(switched(trailing_slash=switch))
        assert session.get("/connections/").status_code == status
        assert session.get("/connections").status_code == 200


def test_a_missing_version_of_a_spec(new_session: NewSession) -> None:
    """Without its version a spec is refused with 422, or has the latest, which is shown."""
    spec = {"id": DESTINATIONS["amazon_s3"][0]}
    assert new_session().post("/connections", base_body(connectionSpec=spec)).status_code == 422
    session = new_session(switched(missing_spec_version="latest"))
    made = session.make("connections", base_body(connectionSpec=spec))
    assert session.item(f"/connections/{made}")["connectionSpec"]["version"] == "1.0"
    flow_spec = {"id": DESTINATIONS["amazon_s3"][1]}
    assert status_of_flow(session, flowSpec=flow_spec) == 201


@pytest.mark.parametrize(
    ("switches", "params"),
    [
        ({"enum_case": "any"}, {"compression": "gzip", "datasetFileType": "parquet"}),
        ({"path_characters": "page"}, {"path": 'a"b^c[d]e+f$g'}),
        ({"json_without_compression": True}, {"compression": "NONE", "datasetFileType": "JSON"}),
    ],
)
def test_what_a_target_tolerates(new_session: NewSession, switches: Any, params: Any) -> None:
    """By default refused, with the switch taken; what no switch names stays refused."""
    assert status_of_target(new_session(), **params) in (400, 422)
    tolerant = new_session(switched(**switches))
    assert status_of_target(tolerant, **params) == 201
    assert status_of_target(tolerant, path="a b") == 422
    assert status_of_target(tolerant, compression="ZIP") == 422


def test_required_data(new_session: NewSession) -> None:
    """With the switch a source and a target need data."""
    session = new_session(switched(data_required=True))
    assert session.post("/sourceConnections", source_body()).status_code == 422
    assert session.post("/sourceConnections", source_body(data={"format": "parquet"})).status_code == 201
    base = session.make("connections", base_body())
    assert session.post("/targetConnections", target_body(base)).status_code == 422
    assert session.post("/targetConnections", target_body(base, data={"format": "CSV"})).status_code == 201


def test_unique_names(new_session: NewSession) -> None:
    """With the switch a name may be given once in a collection and sandbox."""
    session = new_session(switched(unique_names=True))
    session.make("connections", base_body(name="one"))
    assert session.post("/connections", base_body(name="one")).status_code == 400
    assert session.post("/sourceConnections", source_body(name="one")).status_code == 201
    other = {"headers": session.login(session.identities[0], "dev")}
    assert session.post("/connections", base_body(name="one"), **other).status_code == 201
    twice = new_session()
    assert [twice.post("/connections", base_body()).status_code for _ in range(2)] == [201, 201]


def test_the_interval_of_a_one_time_export(new_session: NewSession) -> None:
    """Interval 0 is taken, or refused as the enum has it."""
    assert status_of_flow(new_session(), scheduleParams=ONCE) == 201
    assert status_of_flow(new_session(switched(interval_zero="refuse")), scheduleParams=ONCE) == 400


@pytest.mark.parametrize("key", ["foldernameTemplate", "folderNameTemplate"])
def test_the_key_of_the_folder_template(new_session: NewSession, key: str) -> None:
    """Either spelling is taken and shown as it came; with the switch only the one."""
    schedule = SCHEDULE | {key: "%DATASET_ID%"}
    session = new_session()
    made = session.make_export(scheduleParams=schedule)["flows"]
    assert session.item(f"/flows/{made}")["scheduleParams"][key] == "%DATASET_ID%"
    for switch in ("foldernameTemplate", "folderNameTemplate"):
        strict = new_session(switched(folder_template_key=switch))
        assert status_of_flow(strict, scheduleParams=schedule) == (201 if switch == key else 400)


def test_the_projection_of_lists(new_session: NewSession) -> None:
    """projectionFields is an error, or by the switch a list of flows, and no other, has only these fields."""
    query = "/flows?projectionFields=name,targetConnectionIds&limit=1"
    assert code(new_session().get(query)) == "1451-400"
    session = new_session(switched(projection_of_lists="accept"))
    made = [session.make_export(name=name) for name in ("orders", "returns")]
    first = session.get(query).json()
    second = session.get(first["_links"]["next"]["href"]).json()
    expected = [
        {"name": name, "targetConnectionIds": [parts["targetConnections"]]}
        for name, parts in zip(("orders", "returns"), made, strict=True)
    ]
    assert [*second["items"], *first["items"]] == expected
    assert "state" in session.get("/flows").json()["items"][0]
    for other in ("connections", "sourceConnections", "targetConnections", "runs"):
        assert code(session.get(f"/{other}?projectionFields=name")) == "1451-400", other


def test_the_state_after_the_end(new_session: NewSession) -> None:
    """When its end has passed a flow stays enabled, or by the switch is disabled and found as such."""
    for switch in ("enabled", "disabled"):
        session = new_session(switched(state_after_end=switch))
        path = f"/flows/{session.make_export()['flows']}"
        before = session.item(path)
        session.set_clock("2030-03-18T18:00:00Z")
        assert session.item(path)["state"] == "enabled"
        session.set_clock("2030-03-18T18:00:01Z")
        after = session.item(path)
        assert after["state"] == switch
        assert (after["etag"] != before["etag"]) == (switch == "disabled")
        assert len(session.get("/flows?property=state==disabled").json()["items"]) == (switch == "disabled")
        assert len(session.get("/runs").json()["items"]) == 9


def test_datasets_under_a_destination(new_session: NewSession) -> None:
    """Datasets are listed under the data lake only, or with the switch under destinations too."""
    path = f"/connectionSpecs/{DESTINATIONS['amazon_s3'][0]}/configs"
    query = "?outputType=activationDatasets&outputField=datasets"
    assert code(new_session().get(path + query)) == "1413-400"
    session = new_session(switched(configs_of_destinations=True))
    assert len(session.get(path + query).json()["items"]) == 20


def test_patches_may_be_off(new_session: NewSession) -> None:
    """PATCH of connections is refused with 1445 for all of them, or for all but base connections."""
    for switch, refused in (("base_only", 2), ("refuse", 3)):
        session = new_session(switched(connection_patches=switch))
        made = session.make_export()
        names = ("targetConnections", "sourceConnections", "connections")
        codes = [session.patch(f"/{name}/{made[name]}", RENAME) for name in names]
        assert [response.status_code for response in codes] == [400] * refused + [200] * (3 - refused)
        assert {code(response) for response in codes[:refused]} == {"1445-400"}
        assert session.patch(f"/flows/{made['flows']}", RENAME).status_code == 200


def test_a_part_of_the_params(new_session: NewSession) -> None:
    """A part in place of /params is refused for what it lacks, or completed by what was there."""
    part = {"op": "replace", "path": "/params", "value": {"path": "other"}}
    session = new_session()
    path = f"/targetConnections/{session.make_export()['targetConnections']}"
    assert code(session.patch(path, part)) == "1455-400"
    merging = new_session(switched(params_replace="merge"))
    path = f"/targetConnections/{merging.make_export()['targetConnections']}"
    before = merging.item(path)["params"]
    assert merging.patch(path, part).status_code == 200
    assert merging.item(path)["params"] == before | {"path": "other"}


def test_the_old_keys_of_s3(new_session: NewSession) -> None:
    """The keys that samples of PATCH have are unknown, or with the switch those of the spec."""
    old = {"accessId": "AKIAABCDEFGHIJKLMNOQ", "secretKey": "0123456789abcdefghijABCDEFGHIJ/+abcdEFGX"}
    change = {"op": "add", "path": "/auth/params", "value": old}
    session = new_session()
    path = f"/connections/{session.make('connections', base_body())}"
    assert code(session.patch(path, change)) == "1455-400"
    tolerant = new_session(switched(legacy_s3_keys=True))
    path = f"/connections/{tolerant.make('connections', base_body())}"
    assert tolerant.patch(path, change).status_code == 200
    assert set(tolerant.item(path)["auth"]["params"]) == {"s3AccessKey", "s3SecretKey"}


def test_the_form_of_a_patch(new_session: NewSession) -> None:
    """Case of op, one object in place of an array, and value for remove: each by its switch."""
    upper = RENAME | {"op": "REPLACE"}
    remove = {"op": "remove", "path": "/description"}
    cases: list[tuple[dict[str, Any], Any, int]] = [
        ({}, [upper], 200),
        ({"patch_op_case": "upper"}, [upper], 200),
        ({"patch_op_case": "upper"}, [RENAME], 400),
        ({"patch_op_case": "lower"}, [upper], 400),
        ({}, RENAME, 400),
        ({"patch_body": "object"}, RENAME, 200),
        ({"patch_body": "object"}, [RENAME], 200),
        ({}, [remove], 200),
        ({"remove_needs_value": True}, [remove], 400),
        ({"remove_needs_value": True}, [remove | {"value": ""}], 200),
    ]
    for switches, body, status in cases:
        session = new_session(switched(**switches))
        path = f"/flows/{session.make_export()['flows']}"
        headers = {"if-match": session.item(path)["etag"]}
        assert session.ask("PATCH", path, json=body, headers=headers).status_code == status


def test_the_form_of_an_action(new_session: NewSession) -> None:
    """Case of op and a subOp: each by its switch."""
    for switches, query, status in (
        ({"action_op_case": "lower"}, "op=disable", 200),
        ({"action_op_case": "lower"}, "op=DISABLE", 400),
        ({"action_op_case": "upper"}, "op=DISABLE", 200),
        ({"action_op_case": "upper"}, "op=disable", 400),
        ({"action_sub_op": "ignore"}, "op=disable&subOp=APPLY", 200),
    ):
        session = new_session(switched(**switches))
        path = f"/flows/{session.make_export()['flows']}/action"
        assert session.post(f"{path}?{query}").status_code == status


def test_the_test_of_a_connection(new_session: NewSession) -> None:
    """The test of a connection says what the switch says."""
    for switch, result in (("passes", True), ("fails", False)):
        session = new_session(switched(connection_test=switch))
        path = f"/connections/{session.make('connections', base_body())}/test"
        assert session.get(path).json() == {"result": result}


def test_a_delete_may_cascade(new_session: NewSession) -> None:
    """By default a flow leaves its connections; with the switch they go, unless another flow has them."""
    session = new_session()
    made = session.make_export()
    session.delete_completely(f"/flows/{made['flows']}")
    assert session.get(f"/sourceConnections/{made['sourceConnections']}").status_code == 200

    session = new_session(switched(flow_delete_cascades=True, delete_reads=0))
    made = session.make_export()
    second = flow_body(made["sourceConnections"], session.make_export()["targetConnections"])
    session.make("flows", second)
    session.delete(f"/flows/{made['flows']}")
    assert session.get(f"/targetConnections/{made['targetConnections']}").status_code == 404
    assert session.get(f"/sourceConnections/{made['sourceConnections']}").status_code == 200
    assert session.get(f"/connections/{made['connections']}").status_code == 200


def test_the_profiles() -> None:
    """Strict is every default; each other profile changes something, and has a reason."""
    assert list(PROFILES) == ["strict", "lenient", "documented-2023", "documented-2026"]
    assert PROFILES["strict"].behaviour == STRICT
    assert len({profile.behaviour for profile in PROFILES.values()}) == 4
    assert all(profile.reason for profile in PROFILES.values())
    for profile in PROFILES.values():
        assert all(getattr(STRICT, name) != value for name, value in profile.switches.items())
    with pytest.raises(ValueError, match="Known profiles: strict, lenient, documented-2023, documented-2026"):
        profile_named("wild")


def test_the_samples_of_2023_pass_their_profile(new_session: NewSession) -> None:
    """Daily JSON files without compression and without an export mode: refused today, taken as of 2023."""
    old = {"timeUnit": "hour", "interval": 24, "startTime": START}
    for name, statuses in (("strict", (400, 400)), ("documented-2023", (201, 201)), ("lenient", (201, 201))):
        session = new_session(PROFILES[name].behaviour)
        target = status_of_target(session, compression="NONE", datasetFileType="JSON")
        assert (target, status_of_flow(session, scheduleParams=old)) == statuses


def test_the_responses_of_2026(new_session: NewSession) -> None:
    """The profile shows an entity bare and gives a flow no end of its own."""
    session = new_session(PROFILES["documented-2026"].behaviour)
    schedule = {name: value for name, value in SCHEDULE.items() if name != "endTime"}
    flow = session.make_export(scheduleParams=schedule)["flows"]
    shown = session.get(f"/flows/{flow}").json()
    assert shown["id"] == flow
    assert "endTime" not in shown["scheduleParams"]
