"""`aep_source_connection` with the real Terraform."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import SERVICE, FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

ADDRESS = "aep_source_connection.this"
COLLECTION = "sourceConnections"

FULL = """
resource "aep_source_connection" "this" {
  name        = "orders"
  description = "what the shops sold"
  datasets = [
    { id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" },
    { id = "5ef3e324052581191aa6a466", name = "Devices" },
  ]
  deletion_protection = false
  timeouts            = { create = "2m", update = "3m", delete = "90s" }
}
"""


@pytest.mark.parametrize("resource", [SOURCE, FULL], ids=["smallest", "full"])
def test_create_empty_plan_and_destroy(
    resource: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Create, plan empty and destroy everything, with the optional attributes unset and set."""
    terraform.write(PROVIDER + resource)

    terraform.apply()
    terraform.assert_empty_plan()
    assert flow_service.object_names() == {COLLECTION: ["orders"]}
    terraform.destroy()

    assert flow_service.object_names() == {}


def test_name_and_description_change_in_place(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """One PATCH with If-Match changes both, and the description can be removed again."""
    terraform.write(PROVIDER + SOURCE)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    etag = flow_service.entity(COLLECTION, identifier)["etag"]
    terraform.write(PROVIDER + SOURCE.replace('"orders"', '"sales"\n  description = "what was sold"'))

    with flow_service.recording() as sent:
        changes = terraform.apply().changes

    patches = [each for each in sent if each.method not in ("GET", "POST")]
    assert changes == {ADDRESS: "update"}
    assert [(each.method, each.path) for each in patches] == [
        ("PATCH", f"{SERVICE}/{COLLECTION}/{identifier}")
    ]
    assert patches[0].headers["if-match"] == etag
    assert {each["path"]: each["value"] for each in patches[0].json} == {
        "/name": "sales",
        "/description": "what was sold",
    }
    terraform.assert_empty_plan()

    terraform.write(PROVIDER + SOURCE.replace('"orders"', '"sales"'))
    assert terraform.apply().changes == {ADDRESS: "update"}
    terraform.assert_empty_plan()
    assert not flow_service.entity(COLLECTION, identifier).get("description")


def test_changed_datasets_replace_the_connection(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Changed datasets plan a replacement, since Flow Service can't update them; their order is ignored."""
    terraform.write(PROVIDER + FULL)
    terraform.apply()
    first = terraform.state()[ADDRESS]["id"]
    lines = FULL.splitlines(keepends=True)
    reordered = "".join([*lines[:5], lines[6], lines[5], *lines[7:]])
    assert reordered != FULL

    terraform.write(PROVIDER + reordered)
    terraform.assert_empty_plan()
    terraform.write(PROVIDER + FULL.replace('name = "Devices"', 'name = "Phones"'))
    outcome = terraform.apply()

    assert outcome.changes == {ADDRESS: "replace"}
    assert terraform.state()[ADDRESS]["id"] != first
    assert len(flow_service.entities(COLLECTION)) == 1


def test_timeouts_and_protection_change_without_a_request(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Attributes that exist only in Terraform are updated without a request that writes."""
    terraform.write(PROVIDER + FULL)
    terraform.apply()
    before = terraform.state()[ADDRESS]["id"]
    terraform.write(PROVIDER + FULL.replace("90s", "95s").replace("protection = false", "protection = true"))

    with flow_service.recording() as sent:
        assert terraform.apply().changes == {ADDRESS: "update"}

    assert [each.method for each in sent if each.method in ("PATCH", "PUT", "DELETE")] == []
    assert terraform.state()[ADDRESS]["id"] == before
    terraform.assert_empty_plan()


def test_deletion_protection_blocks_destroy_and_replacement(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """`deletion_protection` fails the plans of destroy and replacement; the error names the attribute."""
    protected = FULL.replace("protection = false", "protection = true")
    terraform.write(PROVIDER + protected)
    terraform.apply()

    errors = terraform.failing_plan("-destroy")
    assert "deletion_protection" in errors[0].text
    terraform.write(PROVIDER + protected.replace("Devices", "Phones"))
    errors = terraform.failing_plan()

    assert "deletion_protection" in errors[0].text
    assert len(flow_service.entities(COLLECTION)) == 1


def test_imports_plan_empty(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """An import plans no change: by id, by block and with generated configuration."""
    terraform.write(
        PROVIDER
        + FULL.replace('  timeouts            = { create = "2m", update = "3m", delete = "90s" }\n', "")
    )
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]

    terraform.remove_from_state(ADDRESS)
    terraform.import_by_id(ADDRESS, identifier)
    terraform.assert_empty_plan()

    terraform.remove_from_state(ADDRESS)
    block = f'import {{\n  to = {ADDRESS}\n  id = "{identifier}"\n}}\n'
    terraform.write(block, "import.tf")
    assert terraform.apply().changes == {ADDRESS: "import"}
    terraform.assert_empty_plan()

    terraform.remove_from_state(ADDRESS)
    terraform.write(PROVIDER)
    assert terraform.plan("-generate-config-out=generated.tf").changes == {ADDRESS: "import"}
    assert terraform.apply().changes == {ADDRESS: "import"}
    terraform.assert_empty_plan()
    assert terraform.state()[ADDRESS]["id"] == identifier


def test_an_object_deleted_outside_is_created_again(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A deleted object is removed from the state with a warning, and the same apply creates it again."""
    terraform.write(PROVIDER + SOURCE)
    terraform.apply()
    flow_service.delete(COLLECTION, terraform.state()[ADDRESS]["id"])

    outcome = terraform.apply()

    assert outcome.changes == {ADDRESS: "create"}
    assert [each.severity for each in outcome.diagnostics if "is gone" in each.summary] == ["warning"]
    terraform.assert_empty_plan()


def test_drift_is_shown_and_reverted(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A name changed outside Terraform is planned as an update, and an apply restores it."""
    terraform.write(PROVIDER + SOURCE)
    terraform.apply()
    identifier = terraform.state()[ADDRESS]["id"]
    flow_service.change(COLLECTION, identifier, name="something else")

    changes = terraform.planned_values()

    assert [(each["address"], each["change"]["actions"]) for each in changes] == [(ADDRESS, ["update"])]
    assert changes[0]["change"]["before"]["name"] == "something else"
    terraform.apply()
    assert flow_service.entity(COLLECTION, identifier)["name"] == "orders"


def test_a_failed_create_leaves_nothing_and_the_next_apply_succeeds(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A rejected POST is reported with its message, nothing enters the state, and the next apply succeeds."""
    terraform.write(PROVIDER + SOURCE)
    flow_service.inject_error("POST", f"/{COLLECTION}$", 400)

    errors = terraform.failing_apply()
    assert errors[0].address == ADDRESS
    assert "rejected by the test" in errors[0].text
    assert terraform.state() == {}
    terraform.apply()

    assert len(flow_service.entities(COLLECTION)) == 1
    terraform.assert_empty_plan()
