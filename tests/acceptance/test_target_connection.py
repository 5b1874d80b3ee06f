"""`aep_target_connection` with the real Terraform."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import BASE, PROVIDER, TARGET
from tests.acceptance.fake_flow_service import SERVICE, FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

ADDRESS = "aep_target_connection.this"
COLLECTION = "targetConnections"
SMALLEST = PROVIDER + BASE + TARGET

FULL = (
    PROVIDER
    + BASE
    + """
resource "aep_target_connection" "this" {
  name                  = "orders in the landing zone"
  description           = "what the shops sold"
  base_connection_id    = aep_base_connection.this.id
  data_landing_zone     = { path = "exports/orders" }
  file_type             = "JSON"
  compression           = "GZIP"
  include_file_manifest = true
  on_change             = "patch"
  deletion_protection   = false
  timeouts              = { create = "2m", update = "3m", delete = "90s" }
}
"""
)


@pytest.mark.parametrize("configuration", [SMALLEST, FULL], ids=["smallest", "full"])
def test_create_empty_plan_and_destroy(
    configuration: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Create, plan empty and destroy everything, with the optional attributes unset and set."""
    terraform.write(configuration)

    terraform.apply()
    terraform.assert_empty_plan()
    assert flow_service.object_names()[COLLECTION] == ["orders in the landing zone"]
    terraform.destroy()

    assert flow_service.object_names() == {}


def test_destination_and_flow_spec_are_known_at_plan(terraform: Terraform) -> None:
    """`destination` and `flow_spec_id`, to which flows refer, are known before anything is created."""
    terraform.write(SMALLEST)

    changes = {each["address"]: each["change"] for each in terraform.planned_values()}

    assert changes[ADDRESS]["after"]["destination"] == "data_landing_zone"
    assert changes[ADDRESS]["after"]["flow_spec_id"] == "cd2fc47e-e838-4f38-a581-8fff2f99b63a"


def test_location_and_format_change_in_place(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """One PATCH with If-Match sends all parameters."""
    terraform.write(FULL)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    etag = flow_service.entity(COLLECTION, identifier)["etag"]
    changed = FULL.replace("exports/orders", "exports/sales").replace('"JSON"', '"PARQUET"')
    terraform.write(changed.replace('"orders in the landing zone"', '"sales"'))

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
        "/params": {
            "mode": "Server-to-server",
            "path": "exports/sales",
            "datasetFileType": "PARQUET",
            "compression": "GZIP",
            "includeFileManifest": True,
        },
    }
    terraform.assert_empty_plan()


def test_an_optional_parameter_can_be_removed(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A manifest and a description removed from the configuration are removed from Flow Service."""
    terraform.write(FULL)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    lines = FULL.splitlines(keepends=True)
    terraform.write("".join(line for line in lines if "manifest" not in line and "description" not in line))

    assert terraform.apply().changes == {ADDRESS: "update"}

    entity = flow_service.entity(COLLECTION, identifier)
    assert "includeFileManifest" not in entity["params"]
    assert not entity.get("description")
    terraform.assert_empty_plan()


def test_on_change_replace_plans_a_replacement(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """With `on_change = "replace"`, a changed path replaces the connection; a changed name updates it."""
    terraform.write(FULL.replace('"patch"', '"replace"'))
    terraform.apply()
    first = terraform.state()[ADDRESS]["id"]

    terraform.write(FULL.replace('"patch"', '"replace"').replace("orders in the", "sales in the"))
    assert terraform.apply().changes == {ADDRESS: "update"}
    terraform.write(FULL.replace('"patch"', '"replace"').replace("exports/orders", "exports/sales"))
    outcome = terraform.apply()

    assert outcome.changes == {ADDRESS: "replace"}
    assert terraform.state()[ADDRESS]["id"] != first
    terraform.assert_empty_plan()


def test_another_base_connection_replaces_the_target_connection(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Another base connection plans a replacement: no source shows a PATCH of `baseConnectionId`."""
    second = BASE.replace('"this"', '"second"')
    terraform.write(SMALLEST + second)
    terraform.apply()

    terraform.write(SMALLEST.replace("aep_base_connection.this.id", "aep_base_connection.second.id") + second)
    changes = terraform.apply().changes

    assert changes == {ADDRESS: "replace"}
    terraform.assert_empty_plan()


def test_another_destination_replaces_base_and_target_connection(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Another destination replaces the base connection and the target connection."""
    terraform.write(SMALLEST)
    terraform.apply()
    base = 'amazon_s3 = { s3_role = "arn:aws:iam::111122223333:role/aep" }'
    location = 'amazon_s3 = { bucket_name = "acme-aep", path = "exports" }'

    terraform.write(
        SMALLEST.replace("data_landing_zone = {}", base).replace(
            'data_landing_zone  = { path = "exports/orders" }', location
        )
    )
    changes = terraform.apply().changes

    assert changes == {ADDRESS: "replace", "aep_base_connection.this": "replace"}
    assert terraform.state()[ADDRESS]["destination"] == "amazon_s3"
    terraform.assert_empty_plan()


def test_a_value_in_another_case_plans_no_change(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """`parquet` and `PARQUET` are equal, in the configuration and in Flow Service."""
    terraform.write(SMALLEST.replace('"PARQUET"', '"parquet"'))
    terraform.apply()
    terraform.assert_empty_plan()
    identifier = terraform.state()[ADDRESS]["id"]
    assert flow_service.entity(COLLECTION, identifier)["params"]["datasetFileType"] == "PARQUET"

    terraform.write(SMALLEST)

    terraform.assert_empty_plan()


def test_drift_is_shown_and_reverted(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A path changed outside Terraform is planned as an update, and an apply restores it."""
    terraform.write(SMALLEST)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    params = flow_service.entity(COLLECTION, identifier)["params"]
    flow_service.change(COLLECTION, identifier, params=params | {"path": "elsewhere"})

    changes = terraform.planned_values()

    assert [(each["address"], each["change"]["actions"]) for each in changes] == [(ADDRESS, ["update"])]
    assert changes[0]["change"]["before"]["data_landing_zone"]["path"] == "elsewhere"
    terraform.apply()
    assert flow_service.entity(COLLECTION, identifier)["params"] == params


def test_imports_plan_empty(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """An import plans no change: by id, by block and with generated configuration."""
    configuration = "".join(line for line in FULL.splitlines(keepends=True) if "timeouts" not in line)
    terraform.write(configuration)
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
    terraform.write(PROVIDER + BASE)
    assert terraform.plan("-generate-config-out=generated.tf").changes == {ADDRESS: "import"}
    assert terraform.apply().changes == {ADDRESS: "import"}
    terraform.assert_empty_plan()


def test_an_object_deleted_outside_is_created_again(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A deleted object is removed from the state with a warning, and the same apply creates it again."""
    terraform.write(SMALLEST)
    terraform.apply()
    flow_service.delete(COLLECTION, terraform.state()[ADDRESS]["id"])

    outcome = terraform.apply()

    assert outcome.changes == {ADDRESS: "create"}
    assert [each.severity for each in outcome.diagnostics if "is gone" in each.summary] == ["warning"]
    terraform.assert_empty_plan()


def test_a_failed_create_keeps_the_base_and_the_next_apply_succeeds(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """After a rejected POST the base connection is in the state, and the next apply creates the rest."""
    terraform.write(SMALLEST)
    flow_service.inject_error("POST", f"/{COLLECTION}$", 400)

    errors = terraform.failing_apply()
    assert errors[0].address == ADDRESS
    assert list(terraform.state()) == ["aep_base_connection.this"]
    assert terraform.apply().changes == {ADDRESS: "create"}

    assert {name: len(found) for name, found in flow_service.object_names().items()} == {
        COLLECTION: 1,
        "connections": 1,
    }
    terraform.assert_empty_plan()
