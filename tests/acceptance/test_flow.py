"""`aep_flow` with the real Terraform."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import BASE, EXPORT, PROVIDER, SCHEDULE, SOURCE, TARGET, flow
from tests.acceptance.fake_flow_service import SERVICE, FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

ADDRESS = "aep_flow.this"
COLLECTION = "flows"
CONNECTIONS = PROVIDER + SOURCE + BASE + TARGET

ONCE = """{
    export_mode = "DAILY_FULL_EXPORT"
    time_unit   = "day"
    interval    = 0
    start_time  = "2031-12-01T00:00:00Z"
  }"""
OPEN_ENDED = """{
    export_mode = "FIRST_FULL_THEN_INCREMENTAL"
    time_unit   = "day"
    interval    = 1
    start_time  = "2031-12-01T00:00:00Z"
  }"""
TEMPLATED = """{
    export_mode          = "FIRST_FULL_THEN_INCREMENTAL"
    time_unit            = "hour"
    interval             = 12
    start_time           = "2031-12-01T01:00:00+01:00"
    end_time             = "2032-12-01T00:00:00Z"
    folder_name_template = "%DATASET_ID%/%EXPORT_TIME%"
  }"""
FULL = flow(
    'description = "what the shops sold"',
    "flow_spec_id = aep_target_connection.this.flow_spec_id",
    "enabled = false",
    "deletion_protection = false",
    'timeouts = { create = "2m", update = "3m", delete = "90s" }',
    schedule=TEMPLATED,
)

START = 1953849600
"""2031-12-01T00:00:00Z in seconds since 1970."""
YEAR = 366 * 86400


@pytest.mark.parametrize(
    "resource",
    [flow(schedule=ONCE), flow(schedule=OPEN_ENDED), FULL],
    ids=["once", "open ended", "full"],
)
def test_create_empty_plan_and_destroy(
    resource: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Create, plan empty and destroy everything, with the optional attributes unset and set.

    `test_provider_pitfalls.py` creates and imports a flow every three hours.
    """
    terraform.write(CONNECTIONS + resource)

    terraform.apply()
    terraform.assert_empty_plan()
    assert flow_service.object_names()[COLLECTION] == ["orders to the landing zone"]
    terraform.destroy()

    assert flow_service.object_names() == {}


def test_an_update_is_one_patch(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """One PATCH with If-Match sends name, description and the whole schedule."""
    terraform.write(EXPORT)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    etag = flow_service.entity(COLLECTION, identifier)["etag"]
    schedule = SCHEDULE.replace("= 3", "= 6")
    terraform.write(CONNECTIONS + flow('description = "new"', name="sales", schedule=schedule))

    with flow_service.recording() as sent:
        changes = terraform.apply().changes

    patches = [each for each in sent if each.method in ("PATCH", "PUT", "DELETE")]
    assert changes == {ADDRESS: "update"}
    assert [(each.method, each.path) for each in patches] == [
        ("PATCH", f"{SERVICE}/{COLLECTION}/{identifier}")
    ]
    assert patches[0].headers["if-match"] == etag
    assert {each["path"]: each["value"] for each in patches[0].json} == {
        "/name": "sales",
        "/description": "new",
        "/scheduleParams": {
            "exportMode": "FIRST_FULL_THEN_INCREMENTAL",
            "timeUnit": "hour",
            "interval": 6,
            "startTime": START,
            "endTime": START + YEAR,
        },
    }
    terraform.assert_empty_plan()


def test_enabled_is_changed_by_actions(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """`enabled` is changed by an action, since Flow Service can't PATCH `state`."""
    terraform.write(EXPORT)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]

    for enabled, operation, state in (("false", "disable", "disabled"), ("true", "enable", "enabled")):
        terraform.write(CONNECTIONS + flow(f"enabled = {enabled}"))
        with flow_service.recording() as sent:
            assert terraform.apply().changes == {ADDRESS: "update"}

        actions = [each for each in sent if each.path == f"{SERVICE}/{COLLECTION}/{identifier}/action"]
        assert [(each.method, each.query) for each in actions] == [("POST", [("op", operation)])]
        assert flow_service.entity(COLLECTION, identifier)["state"] == state
        terraform.assert_empty_plan()


def test_changed_datasets_move_the_flow_to_a_new_source(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """With `create_before_destroy` the flow is updated to the new source connection and keeps its id."""
    source = SOURCE.replace("  name ", "  lifecycle {\n    create_before_destroy = true\n  }\n  name ")
    terraform.write(PROVIDER + source + BASE + TARGET + flow())
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    moved = source.replace("5ef3e3259ad2a1191ab7dd7d", "5ef3e324052581191aa6a466")
    terraform.write(PROVIDER + moved + BASE + TARGET + flow())

    with flow_service.recording() as sent:
        changes = terraform.apply().changes

    new = terraform.state()["aep_source_connection.this"]["id"]
    patches = [each.json for each in sent if each.method == "PATCH"]
    assert changes == {"aep_source_connection.this": "replace", ADDRESS: "update"}
    assert patches == [[{"op": "replace", "path": "/sourceConnectionIds", "value": [new]}]]
    assert terraform.state()[ADDRESS]["id"] == identifier
    assert len(flow_service.entities("sourceConnections")) == 1
    terraform.assert_empty_plan()


def test_an_end_time_chosen_by_flow_service_is_kept(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Without `end_time`, the one that Flow Service chose is kept until the schedule changes."""
    terraform.write(CONNECTIONS + flow(schedule=OPEN_ENDED))
    terraform.apply()
    chosen = terraform.state()[ADDRESS]["schedule"]["end_time"]
    assert chosen is not None

    terraform.write(CONNECTIONS + flow(name="another name", schedule=OPEN_ENDED))
    terraform.apply()
    assert terraform.state()[ADDRESS]["schedule"]["end_time"] == chosen

    terraform.write(CONNECTIONS + flow(schedule=ONCE))
    terraform.apply()
    assert terraform.state()[ADDRESS]["schedule"]["end_time"] is None
    terraform.assert_empty_plan()


def test_removing_the_end_time_plans_empty_afterwards(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """After `end_time` is removed, the next plan is empty, whatever end Flow Service chooses."""
    terraform.write(EXPORT)
    terraform.apply()
    without = "".join(line for line in SCHEDULE.splitlines(keepends=True) if "end_time" not in line)

    terraform.write(CONNECTIONS + flow(schedule=without.replace("= 3", "= 6")))
    terraform.apply()

    terraform.assert_empty_plan()


def test_an_equivalent_time_plans_no_change(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """The same time with another offset and a time unit in another case plan no change."""
    terraform.write(EXPORT)
    terraform.apply()

    other = SCHEDULE.replace("2031-12-01T00:00:00Z", "2031-12-01T05:30:00+05:30").replace('"hour"', '"HOUR"')
    terraform.write(CONNECTIONS + flow(schedule=other))

    terraform.assert_empty_plan()


def test_another_target_replaces_the_flow(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Another target plans a replacement with a warning: no source shows a PATCH of a flow's target."""
    second = TARGET.replace('"this"', '"second"')
    terraform.write(EXPORT + second)
    terraform.apply()
    first = terraform.state()[ADDRESS]["id"]

    terraform.write(
        (EXPORT + second).replace("= aep_target_connection.this.id", "= aep_target_connection.second.id")
    )
    assert [each.summary for each in terraform.plan().diagnostics] == [
        "The first run exports everything again"
    ]
    changes = terraform.apply().changes

    assert changes == {ADDRESS: "replace"}
    assert terraform.state()[ADDRESS]["id"] != first
    assert len(flow_service.entities(COLLECTION)) == 1
    terraform.assert_empty_plan()


def test_another_destination_on_the_same_base_fails_the_plan(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A target connection for another destination than its base fails the plan, and nothing is destroyed."""
    terraform.write(EXPORT)
    terraform.apply()

    terraform.write(
        EXPORT.replace(
            'data_landing_zone  = { path = "exports/orders" }', 'sftp = { remote_path = "exports" }'
        )
    )
    (diagnostic,) = terraform.failing_plan()

    assert (diagnostic.address, diagnostic.attribute) == (
        "aep_target_connection.this",
        "base_connection_id",
    )
    assert 'is for "data_landing_zone"' in diagnostic.text
    assert len(flow_service.entities(COLLECTION)) == 1


def test_another_destination_replaces_base_target_and_flow(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Another destination replaces base, target and flow, and keeps the source connection."""
    terraform.write(EXPORT)
    terraform.apply()
    base = 'sftp = { domain = "sftp.example.org", username = "aep", ssh_key = "c2VjcmV0" }'

    terraform.write(
        EXPORT.replace("data_landing_zone = {}", base).replace(
            'data_landing_zone  = { path = "exports/orders" }', 'sftp = { remote_path = "exports" }'
        )
    )
    changes = terraform.apply().changes

    assert changes == {
        "aep_base_connection.this": "replace",
        "aep_target_connection.this": "replace",
        ADDRESS: "replace",
    }
    assert terraform.state()[ADDRESS]["flow_spec_id"] == "354d6aad-4754-46e4-a576-1b384561c440"
    assert {name: len(found) for name, found in flow_service.object_names().items()} == {
        COLLECTION: 1,
        "targetConnections": 1,
        "sourceConnections": 1,
        "connections": 1,
    }


def test_drift_of_schedule_and_state_is_reverted(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A schedule and a state changed outside are planned as an update, and an apply restores them."""
    terraform.write(EXPORT)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    params = flow_service.entity(COLLECTION, identifier)["scheduleParams"]
    flow_service.change(COLLECTION, identifier, scheduleParams=params | {"interval": 12})
    flow_service.run_flow_action(identifier, "disable")

    changes = terraform.planned_values()

    before = changes[0]["change"]["before"]
    assert [(each["address"], each["change"]["actions"]) for each in changes] == [(ADDRESS, ["update"])]
    assert (before["schedule"]["interval"], before["enabled"]) == (12, False)
    terraform.apply()
    entity = flow_service.entity(COLLECTION, identifier)
    assert (entity["scheduleParams"]["interval"], entity["state"]) == (3, "enabled")
    terraform.assert_empty_plan()


@pytest.mark.parametrize(
    "resource",
    [flow(schedule=ONCE), flow('description = "sold"', "enabled = false", schedule=TEMPLATED)],
    ids=["once", "disabled"],
)
def test_imports_plan_empty(resource: str, terraform: Terraform, flow_service: FakeFlowService) -> None:
    """An import plans no change: by id, by block and with generated configuration."""
    terraform.write(CONNECTIONS + resource)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]

    terraform.remove_from_state(ADDRESS)
    terraform.import_by_id(ADDRESS, identifier)
    terraform.assert_empty_plan()

    terraform.remove_from_state(ADDRESS)
    terraform.write(f'import {{\n  to = {ADDRESS}\n  id = "{identifier}"\n}}\n', "import.tf")
    assert terraform.apply().changes == {ADDRESS: "import"}
    terraform.assert_empty_plan()

    terraform.remove_from_state(ADDRESS)
    terraform.write(CONNECTIONS)
    assert terraform.plan("-generate-config-out=generated.tf").changes == {ADDRESS: "import"}
    assert terraform.apply().changes == {ADDRESS: "import"}
    terraform.assert_empty_plan()
