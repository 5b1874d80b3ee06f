"""The sandbox in a plan."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import EXPORT, REQUIRED, SOURCE, run_trigger
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

TWO_SANDBOXES = """
provider "aep" {
  alias        = "dev"
  sandbox_name = "dev"
}

resource "aep_source_connection" "dev" {
  provider = aep.dev
  name     = "orders"
  datasets = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }]
}
"""


def test_a_plan_shows_the_sandbox_of_every_resource_and_warns_of_a_forgotten_alias(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Each new resource is planned with the sandbox of its provider, before any request.

    If nothing sets the sandbox of a provider, its first resource has the warning, and that of an alias none.
    """
    terraform.write(EXPORT + run_trigger())
    planned = terraform.planned_values()
    assert {each["address"]: each["change"]["after"]["sandbox_name"] for each in planned} == dict.fromkeys(
        (
            "aep_source_connection.this",
            "aep_base_connection.this",
            "aep_target_connection.this",
            "aep_flow.this",
            "aep_flow_run_trigger.now",
        ),
        "prod",
    )

    del terraform.environment["AEP_SANDBOX_NAME"]
    terraform.write(REQUIRED + TWO_SANDBOXES + SOURCE)
    warnings = terraform.plan().diagnostics

    assert [(each.summary, each.address) for each in warnings] == [
        ("The sandbox is not set", "aep_source_connection.this")
    ]
    assert flow_service.requests == []
