"""Common defects of Terraform providers for REST APIs, with a test that this provider has none of them."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import (
    BASE,
    BEFORE_THE_START,
    EXPORT,
    PROVIDER,
    S3_BASE,
    S3_SECRETS,
    S3_VARIABLES,
    SCHEDULE,
    SOURCE,
    TARGET,
    flow,
    run_trigger,
)
from tests.acceptance.fake_flow_service import SERVICE, FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

FLOW_ADDRESS, TARGET_ADDRESS = "aep_flow.this", "aep_target_connection.this"
BASE_ADDRESS, SOURCE_ADDRESS = "aep_base_connection.this", "aep_source_connection.this"
CONNECTIONS = PROVIDER + SOURCE + BASE + TARGET

EQUIVALENT_SCHEDULE = """{
    export_mode = "first_full_then_incremental"
    time_unit   = "HOUR"
    interval    = 3
    start_time  = "2031-12-01T05:30:00+05:30"
    end_time    = "2032-11-30T19:00:00-05:00"
  }"""

MANY = 101
"""One more than a page of Flow Service's lists contains."""

MANY_SOURCES = f"""
resource "aep_source_connection" "many" {{
  count    = {MANY}
  name     = "orders ${{count.index}}"
  datasets = [{{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }}]
}}
"""


def test_no_phantom_diffs(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """The plan after an apply is empty: with words in another case, times with another offset, an empty
    description, and responses in another of Adobe's formats.
    """
    target = TARGET.replace('"PARQUET"', '"parquet"').replace('"NONE"', '"none"')
    equivalent_flow = flow('description = ""', schedule=EQUIVALENT_SCHEDULE)
    terraform.write(PROVIDER + SOURCE + BASE + target + equivalent_flow)

    terraform.apply()

    terraform.assert_empty_plan()
    terraform.write(CONNECTIONS + flow('description = ""'))
    terraform.assert_empty_plan()
    flow_service.add_fault("read* shape shape=bare")
    terraform.assert_empty_plan()


def test_drift_is_shown_field_by_field(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Changes outside Terraform are planned field by field on each resource, and an apply reverts them."""
    terraform.write(EXPORT)
    terraform.apply()
    ids = {address: each["id"] for address, each in terraform.state().items()}
    params = flow_service.entity("flows", ids[FLOW_ADDRESS])["scheduleParams"]
    flow_service.change("flows", ids[FLOW_ADDRESS], scheduleParams=params | {"interval": 12})
    flow_service.run_flow_action(ids[FLOW_ADDRESS], "disable")
    place = flow_service.entity("targetConnections", ids[TARGET_ADDRESS])["params"]
    flow_service.change("targetConnections", ids[TARGET_ADDRESS], params=place | {"path": "elsewhere"})
    flow_service.change("sourceConnections", ids[SOURCE_ADDRESS], name="renamed")
    flow_service.change("connections", ids[BASE_ADDRESS], name="renamed")

    outcome = terraform.plan("-out=saved.plan")

    assert outcome.drifted == dict.fromkeys(ids, "update")
    before = {each["address"]: each["change"]["before"] for each in terraform.planned_values()}
    assert (before[FLOW_ADDRESS]["schedule"]["interval"], before[FLOW_ADDRESS]["enabled"]) == (12, False)
    assert before[TARGET_ADDRESS]["data_landing_zone"] == {"path": "elsewhere"}
    assert (before[SOURCE_ADDRESS]["name"], before[BASE_ADDRESS]["name"]) == ("renamed", "renamed")
    assert terraform.apply().changes == dict.fromkeys(ids, "update")
    terraform.assert_empty_plan()


def test_no_inconsistent_result_after_apply(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """No apply fails with "Provider produced inconsistent result after apply": neither a create whose values
    Flow Service normalizes or chooses, nor an update that sets or removes them while another client writes.
    """
    without_end = "".join(
        line for line in EQUIVALENT_SCHEDULE.splitlines(keepends=True) if "end_time" not in line
    )
    terraform.write(CONNECTIONS + flow('description = ""', schedule=without_end))
    terraform.apply()
    assert terraform.state()[FLOW_ADDRESS]["schedule"]["end_time"] is not None

    for resource in (
        flow('description = "new"', "enabled = false", schedule=SCHEDULE),
        flow(schedule=without_end.replace("= 3", "= 12")),
    ):
        flow_service.add_fault("patchFlow stale-etag times=1")
        terraform.write(CONNECTIONS + resource)
        assert terraform.apply().changes == {FLOW_ADDRESS: "update"}
        terraform.assert_empty_plan()


def test_an_imported_export_plans_empty(terraform: Terraform) -> None:
    """A complete export imported by blocks plans only the imports, and the next plan is empty.

    An absent description or manifest is imported as what the configuration has, also if that is empty.
    """
    terraform.write(EXPORT)
    terraform.apply()
    with_empty_text = EXPORT.replace('name     = "orders"', 'name     = "orders"\n  description = ""')
    terraform.write(with_empty_text.replace('"NONE"', '"NONE"\n  include_file_manifest = false'))
    ids = {address: each["id"] for address, each in terraform.state().items()}
    (terraform.folder / "terraform.tfstate").unlink()
    blocks = (
        f'import {{\n  to = {address}\n  id = "{identifier}"\n}}\n' for address, identifier in ids.items()
    )
    terraform.write("".join(blocks), "import.tf")

    outcome = terraform.apply()

    assert outcome.changes == dict.fromkeys(ids, "import")
    assert {address: each["id"] for address, each in terraform.state().items()} == ids
    terraform.assert_empty_plan()

    terraform.write(EXPORT.replace('name     = "orders"', 'name     = "orders"\n  description = "sold"'))
    assert terraform.apply().changes == {SOURCE_ADDRESS: "update"}
    terraform.assert_empty_plan()


def test_no_secrets_in_state_and_plan(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Secrets are sent to Flow Service, and neither the state, nor its backup, nor a plan contains them.

    `test_secrets.py` searches for the secrets of every destination in everything that is written.
    """
    terraform.write(PROVIDER + S3_VARIABLES + S3_BASE)
    terraform.variables(**S3_SECRETS)
    terraform.run("plan", "-out=saved.plan", "-input=false", expected=(0,))
    terraform.apply()
    terraform.variables(s3_secret_key=S3_SECRETS["s3_secret_key"][::-1])
    assert terraform.apply().changes == {BASE_ADDRESS: "update"}

    (created,) = [each for each in flow_service.writes if each.method == "POST"]
    assert created.json["auth"]["params"]["s3SecretKey"] == S3_SECRETS["s3_secret_key"]
    plan_text = terraform.run("show", "-json", "saved.plan", expected=(0,)).stdout.encode()
    files = {
        each.name: each.read_bytes()
        for each in terraform.folder.rglob("*")
        if each.is_file() and ".terraform" not in each.parts
    }
    assert {"saved.plan", "terraform.tfstate", "terraform.tfstate.backup"} <= set(files)
    secrets = [*S3_SECRETS.values(), S3_SECRETS["s3_secret_key"][::-1]]
    for name, content in (files | {"the plan shown": plan_text}).items():
        assert not [secret for secret in secrets if secret.encode() in content], name


def test_an_export_deleted_outside_is_created_again(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """An export deleted outside Terraform is a warning and no error: an apply creates it again, and a destroy
    succeeds.
    """
    terraform.write(EXPORT)
    terraform.apply()
    _delete_all(flow_service)

    outcome = terraform.apply()

    assert outcome.changes == dict.fromkeys(
        (SOURCE_ADDRESS, BASE_ADDRESS, TARGET_ADDRESS, FLOW_ADDRESS), "create"
    )
    assert {each.severity for each in outcome.diagnostics} == {"warning"}
    assert len([each for each in outcome.diagnostics if "is gone" in each.summary]) == 4
    _delete_all(flow_service)
    terraform.run("destroy", "-no-color", "-auto-approve", "-refresh=false", expected=(0,))
    assert terraform.state() == {}


def _delete_all(flow_service: FakeFlowService) -> None:
    for collection in ("flows", "targetConnections", "sourceConnections", "connections"):
        for each in flow_service.entities(collection):
            flow_service.delete(collection, each["id"])


def test_a_new_flow_has_the_configured_state(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A new flow has the configured state and schedule from its first apply: it is enabled by default, and
    disabled with `enabled = false`.
    """
    disabled = flow("enabled = false", name="disabled").replace('"aep_flow" "this"', '"aep_flow" "disabled"')
    terraform.write(EXPORT + disabled)

    terraform.apply()

    entities = {each["name"]: each for each in flow_service.entities("flows")}
    assert {name: each["state"] for name, each in entities.items()} == {
        "orders to the landing zone": "enabled",
        "disabled": "disabled",
    }
    for each in entities.values():
        assert each["scheduleParams"] == {
            "exportMode": "FIRST_FULL_THEN_INCREMENTAL",
            "timeUnit": "hour",
            "interval": 3,
            "startTime": 1953849600,
            "endTime": 1953849600 + 366 * 86400,
        }
    state = terraform.state()
    assert (state[FLOW_ADDRESS]["enabled"], state["aep_flow.disabled"]["enabled"]) == (True, False)
    terraform.assert_empty_plan()


def test_rate_limits_and_failed_pages_lose_no_object(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Requests rejected with status 429 are repeated, and all pages of a list are read. If a page can't be
    read, its objects stay in the state.
    """
    flow_service.add_fault("createSourceConnection throttle retry_after=0 nth=1,5,50")
    terraform.write(PROVIDER + MANY_SOURCES)
    terraform.apply()
    assert len(terraform.state()) == MANY
    assert [each.status for each in flow_service.writes].count(429) == 3

    flow_service.add_fault("listSourceConnections throttle retry_after=0 nth=1,3")
    with flow_service.recording() as sent:
        terraform.assert_empty_plan()

    lists = [each for each in sent if each.path == f"{SERVICE}/sourceConnections"]
    assert [(each.status, "continuationToken" in dict(each.query)) for each in lists] == [
        (429, False),
        (200, False),
        (429, True),
        (200, True),
    ]
    assert [len(each.response_json["items"]) for each in lists if each.status == 200] == [100, 1]

    terraform.environment["AEP_MAX_RETRIES"] = "0"
    flow_service.add_fault("listSourceConnections status status=500 nth=2")
    terraform.assert_empty_plan()


def test_a_flow_runs_on_request(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A trigger runs the flow now, waits for the run, and runs it again only when `triggers` changes."""
    terraform.write(EXPORT)
    terraform.apply()
    flow_service.set_clock(BEFORE_THE_START)

    terraform.write(EXPORT + run_trigger("wait_for_completion = true", 'triggers = { day = "1" }'))
    terraform.apply()
    terraform.assert_empty_plan()

    state = terraform.state()["aep_flow_run_trigger.now"]
    (run,) = flow_service.entities("runs")
    assert state["run_ids"] == [run["id"]]
    assert run["flowId"] == terraform.state()["aep_flow.this"]["id"]
    assert run["metrics"]["statusSummary"]["status"].lower() == "success"
    assert len(flow_service.run_requests) == 1

    terraform.write(EXPORT + run_trigger('triggers = { day = "1" }'))
    assert terraform.apply().changes == {"aep_flow_run_trigger.now": "update"}
    assert len(flow_service.run_requests) == 1

    terraform.write(EXPORT + run_trigger('triggers = { day = "2" }'))
    assert terraform.apply().changes == {"aep_flow_run_trigger.now": "replace"}
    assert len(flow_service.entities("runs")) == 2

    with flow_service.recording() as requests:
        terraform.write(EXPORT)
        terraform.apply()
    assert [each for each in requests if each.method != "GET" and "/flowservice/" in each.path] == []
    assert len(flow_service.entities("runs")) == 2
