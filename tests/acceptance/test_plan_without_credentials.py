"""What works before anybody has credentials, and before the provider's configuration is known."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import BASE, EXPORT, FLOW, REQUIRED, SOURCE, TARGET
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform, without_provider_settings

pytestmark = pytest.mark.slow

ADDRESSES = {
    "aep_source_connection.this",
    "aep_base_connection.this",
    "aep_target_connection.this",
    "aep_flow.this",
}

UNKNOWN_SANDBOX = """
resource "terraform_data" "sandbox" {
  input = "prod"
}

provider "aep" {
  sandbox_name = terraform_data.sandbox.output
}
"""


def test_a_plan_without_refresh_needs_no_credentials(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """New objects, unchanged ones and a change are planned without credentials and without a request."""
    settings = terraform.environment
    terraform.environment = without_provider_settings(settings)
    terraform.write(EXPORT)
    assert terraform.plan().changes == dict.fromkeys(ADDRESSES, "create")
    terraform.environment = settings
    terraform.apply()
    terraform.environment = without_provider_settings(settings)

    with flow_service.recording() as sent:
        terraform.assert_empty_plan("-refresh=false")
        terraform.write(EXPORT.replace("= 3\n", "= 6\n"))
        assert terraform.plan("-refresh=false").changes == {"aep_flow.this": "update"}

    assert sent == []


def test_an_unknown_provider_configuration(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A setting that comes from a resource of the same apply is no obstacle for the plan of new objects."""
    terraform.write(REQUIRED + UNKNOWN_SANDBOX + SOURCE + BASE + TARGET + FLOW)

    assert set(terraform.plan().changes) == {*ADDRESSES, "terraform_data.sandbox"}
    assert flow_service.requests == []
    terraform.apply()

    assert {name: len(found) for name, found in flow_service.object_names().items()} == {
        "flows": 1,
        "targetConnections": 1,
        "sourceConnections": 1,
        "connections": 1,
    }
    terraform.assert_empty_plan()
