"""`aep_flow` after failures during an apply: no id is lost, and nothing is created twice."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import BASE, EXPORT, PROVIDER, SOURCE, TARGET, flow
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

ADDRESS = "aep_flow.this"
CONNECTIONS = PROVIDER + SOURCE + BASE + TARGET


def test_an_object_deleted_outside_is_created_again(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A deleted flow is removed from the state with a warning, and the same apply creates it again."""
    terraform.write(EXPORT)
    terraform.apply()
    flow_service.delete("flows", terraform.state()[ADDRESS]["id"])

    outcome = terraform.apply()

    assert outcome.changes == {ADDRESS: "create"}
    assert [each.severity for each in outcome.diagnostics if "is gone" in each.summary] == ["warning"]
    terraform.assert_empty_plan()


def test_a_rejected_flow_keeps_the_connections_and_the_next_apply_creates_it(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """All three connections are in the state after the failure, and none is created twice."""
    terraform.write(EXPORT)
    flow_service.inject_error("POST", "/flows$", 400)

    errors = terraform.failing_apply()
    assert errors[0].address == ADDRESS
    assert "rejected by the test" in errors[0].text
    assert len(terraform.state()) == 3
    assert terraform.apply().changes == {ADDRESS: "create"}

    assert {len(found) for found in flow_service.object_names().values()} == {1}
    terraform.assert_empty_plan()


def test_a_flow_that_can_not_be_read_back_is_not_lost(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The id enters the state although the read after the create fails, and no second flow is created."""
    terraform.environment["AEP_MAX_RETRIES"] = "0"
    terraform.write(EXPORT)
    flow_service.inject_error("GET", "/flows/", 500)

    terraform.run("apply", "-no-color", "-input=false", "-auto-approve", expected=(0, 1))
    assert terraform.state()[ADDRESS]["id"] == flow_service.entities("flows")[0]["id"]
    terraform.apply()

    assert [each["id"] for each in flow_service.entities("flows")] == [terraform.state()[ADDRESS]["id"]]
    terraform.assert_empty_plan()


def test_a_flow_whose_disable_fails_is_disabled_in_place_by_the_next_apply(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The flow is not tainted: the apply ends with a warning, and the next one disables the same flow. A
    response that is lost after the effect is no failure at all.
    """
    terraform.write(CONNECTIONS + flow("enabled = false"))
    flow_service.inject_error("POST", "/action", 400)

    outcome = terraform.apply()
    [warning] = [each for each in outcome.diagnostics if "disables it in place" in each.detail]
    assert warning.severity == "warning"
    [created] = flow_service.entities("flows")
    assert created["state"] == "enabled"

    flow_service.inject_error("POST", "/action", 503, after=True)
    assert terraform.apply().changes == {"aep_flow.this": "update"}
    [disabled] = flow_service.entities("flows")
    assert (disabled["id"], disabled["state"]) == (created["id"], "disabled")
    terraform.assert_empty_plan()


def test_a_protected_object_is_never_destroyed(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """deletion_protection also holds with -replace and taint, of which the provider's plan sees nothing."""
    terraform.write(CONNECTIONS + flow("deletion_protection = true"))
    terraform.apply()
    before = flow_service.entities("flows")

    [error] = terraform.failing_apply("-replace=aep_flow.this")
    assert error.summary == "The flow is protected"
    terraform.run("taint", "aep_flow.this", expected=(0,))
    [error] = terraform.failing_apply()
    assert "terraform untaint" in error.detail
    terraform.run("untaint", "aep_flow.this", expected=(0,))

    terraform.run("taint", "aep_target_connection.this", expected=(0,))
    [error] = terraform.failing_apply()
    assert "change of target_connection_id replaces it" in error.detail
    assert "terraform untaint" in error.detail

    terraform.run("untaint", "aep_target_connection.this", expected=(0,))
    terraform.assert_empty_plan()
    assert flow_service.entities("flows") == before


def test_a_create_that_takes_too_long_is_not_lost(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The id of a new flow enters the state even if the wait for the flow times out."""
    terraform.write(CONNECTIONS + flow('timeouts = { create = "3s" }'))
    flow_service.inject_error("GET", "/flows/", 503, times=1000)

    terraform.run("apply", "-no-color", "-input=false", "-auto-approve", expected=(0, 1))
    assert terraform.state()[ADDRESS]["id"]
    flow_service.clear_errors()
    terraform.apply()

    assert [each["id"] for each in flow_service.entities("flows")] == [terraform.state()[ADDRESS]["id"]]
    terraform.assert_empty_plan()
