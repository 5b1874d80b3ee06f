"""Plans without credentials, and with a provider configuration that is not known yet."""

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
    """Without credentials and without a request, new, unchanged and changed objects are planned."""
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
    """New objects can be planned while a provider setting is unknown, and applied in the same run."""
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
