"""The provider's functions with the real Terraform."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import PROVIDER
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

FUNCTION_CALLS = """
locals {
  schedule = {
    export_mode = "FIRST_FULL_THEN_INCREMENTAL"
    time_unit   = "hour"
    interval    = 3
    start_time  = "2031-12-01T00:00:00Z"
    end_time    = null
  }
}
output "runs" { value = provider::aep::schedule_runs(local.schedule, "2031-12-01T01:00:00+01:00", 2) }
output "connection_spec" { value = provider::aep::connection_spec_id("amazon_s3") }
output "flow_spec" { value = provider::aep::flow_spec_id("amazon_s3") }
output "default_folder" {
  value = provider::aep::preview_folder(null, {
    dataset_id = "5ef3e3259ad2a1191ab7dd7d"
    time       = "2031-12-01T00:00:00Z"
  })
}
output "folder" {
  value = provider::aep::preview_folder("%SANDBOX_NAME%/%DATETIME(YYYYMMdd_HHmmss)%", {
    sandbox_name = "prod"
    time         = "2031-12-01T00:00:00Z"
  })
}
output "trusted" {
  value = jsondecode(provider::aep::s3_role_trust_policy("ACME@AdobeOrg", null)).Statement[0].Condition
}
"""


def test_functions_return_their_values(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """All functions return their values without a request, and the same values in the next plan."""
    terraform.write(PROVIDER + FUNCTION_CALLS)
    terraform.apply()

    assert terraform.outputs() == {
        "runs": ["2031-12-01T03:00:00Z", "2031-12-01T06:00:00Z"],
        "connection_spec": "4fce964d-3f37-408f-9778-e597338a21ee",
        "flow_spec": "269ba276-16fc-47db-92b0-c1049a3c131f",
        "default_folder": "5ef3e3259ad2a1191ab7dd7d/exportTime=203112010000",
        "folder": "prod/20311201_000000",
        "trusted": {"StringEquals": {"sts:ExternalId": "ACME@AdobeOrg"}},
    }
    terraform.assert_empty_plan()
    assert flow_service.requests == []


@pytest.mark.parametrize(
    ("call", "parameter", "expected"),
    [
        ('provider::aep::flow_spec_id("s3")', "destination", '"amazon_s3"'),
        ('provider::aep::schedule_runs({}, "2031-12-01T00:00:00Z", 1)', "schedule", "must have time_unit"),
        ('provider::aep::preview_folder("%DATASET_ID%", {})', "values", "must have dataset_id"),
    ],
)
def test_wrong_arguments_are_reported_by_name(
    terraform: Terraform, call: str, parameter: str, expected: str
) -> None:
    """The error contains the name of the wrong argument and the expected value."""
    terraform.write(f'{PROVIDER}\noutput "it" {{ value = {call} }}\n')

    (problem,) = terraform.failing_plan()

    assert f'"{parameter}"' in problem.text
    assert expected in problem.text
