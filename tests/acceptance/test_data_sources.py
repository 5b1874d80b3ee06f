"""The data sources with the real Terraform."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.acceptance.configurations import EXPORT, PROVIDER
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow


def _outputs(terraform: Terraform, configuration: str) -> dict[str, Any]:
    terraform.write(PROVIDER + configuration)
    terraform.apply()
    terraform.assert_empty_plan()
    return terraform.outputs()


def test_all_eligible_datasets_are_listed_in_order(terraform: Terraform) -> None:
    """The datasets of all pages are listed, sorted by name."""
    found = _outputs(
        terraform,
        """
        data "aep_datasets" "all" {}
        output "datasets" { value = data.aep_datasets.all.datasets }
        """,
    )["datasets"]

    names = [each["name"] for each in found]
    assert names == sorted(names)
    assert {
        "id": "5ef3e3259ad2a1191ab7dd7d",
        "name": "AAM Devices Data",
        "state": "DRAFT",
        "format": "parquet",
    }.items() <= found[names.index("AAM Devices Data")].items()
    assert len(names) > 5


def test_datasets_are_filtered_by_name_and_state(terraform: Terraform) -> None:
    """Names are compared exactly, and states without regard to case."""
    outputs = _outputs(
        terraform,
        """
        data "aep_datasets" "one" { name = "AAM Realtime" }
        data "aep_datasets" "enabled" { state = "enabled" }
        data "aep_datasets" "none" {
          name  = "AAM Realtime"
          state = "ENABLED"
        }
        output "one" { value = data.aep_datasets.one.datasets[*].id }
        output "enabled" { value = distinct(data.aep_datasets.enabled.datasets[*].state) }
        output "none" { value = length(data.aep_datasets.none.datasets) }
        """,
    )

    assert outputs == {"one": ["5ef3e328582424191b1beb44"], "enabled": ["ENABLED"], "none": 0}


def test_a_connection_spec_is_found_by_destination_and_by_id(terraform: Terraform) -> None:
    """A connection spec is the same by destination and by id, and lists its authentication methods."""
    outputs = _outputs(
        terraform,
        """
        data "aep_connection_spec" "name" { destination = "amazon_s3" }
        data "aep_connection_spec" "id" { id = "4fce964d-3f37-408f-9778-e597338a21ee" }
        output "same" {
          value = data.aep_connection_spec.name.document == data.aep_connection_spec.id.document
        }
        output "id" { value = data.aep_connection_spec.name.id }
        output "title" { value = data.aep_connection_spec.name.name }
        output "methods" { value = data.aep_connection_spec.name.authentication_methods }
        output "document" { value = data.aep_connection_spec.id.document }
        """,
    )

    document = json.loads(outputs.pop("document"))
    assert outputs == {
        "same": True,
        "id": "4fce964d-3f37-408f-9778-e597338a21ee",
        "title": "Amazon S3",
        "methods": ["Access Key", "Assumed Role"],
    }
    assert document["providerId"] == "14e34fac-d307-11e9-bb65-2a2ae2dbcce4"


def test_a_flow_spec_lists_its_connection_specs(terraform: Terraform) -> None:
    """A destination's flow spec has the data lake as its source and the destination as its target."""
    outputs = _outputs(
        terraform,
        """
        data "aep_flow_spec" "sftp" { destination = "sftp" }
        output "id" { value = data.aep_flow_spec.sftp.id }
        output "sources" { value = data.aep_flow_spec.sftp.source_connection_spec_ids }
        output "targets" { value = data.aep_flow_spec.sftp.target_connection_spec_ids }
        """,
    )

    assert outputs == {
        "id": "354d6aad-4754-46e4-a576-1b384561c440",
        "sources": ["23598e46-f560-407b-88d5-ea6207e49db0"],
        "targets": ["36965a81-b1c6-401b-99f8-22508f1e6a26"],
    }


def test_due_runs_are_listed(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Due runs are listed, the newest first and at most `limit`; before the start there are none."""
    terraform.write(
        EXPORT
        + """
        data "aep_flow_runs" "all" { flow_id = aep_flow.this.id }
        data "aep_flow_runs" "last" {
          flow_id = aep_flow.this.id
          limit   = 1
        }
        output "all" { value = data.aep_flow_runs.all.runs }
        output "last" { value = data.aep_flow_runs.last.runs[*].id }
        """
    )
    terraform.apply()
    assert terraform.outputs()["all"] == []

    flow_service.set_clock("2031-12-01T06:30:00Z")
    terraform.apply()

    runs = terraform.outputs()["all"]
    assert [each["status"] for each in runs] == ["success"] * 3
    assert [each["created_at"] for each in runs] == sorted(
        (each["created_at"] for each in runs), reverse=True
    )
    assert terraform.outputs()["last"] == [runs[0]["id"]]
    terraform.assert_empty_plan()


FLOW_SPEC = "354d6aad-4754-46e4-a576-1b384561c440"


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ('data "aep_connection_spec" "x" {}', "No choice of a connection spec"),
        (
            f'data "aep_flow_spec" "x" {{\n  destination = "sftp"\n  id = "{FLOW_SPEC}"\n}}',
            "More than one choice of a flow spec",
        ),
        ('data "aep_connection_spec" "x" {\n  destination = "ftp"\n}', "destination"),
        ('data "aep_flow_runs" "x" {\n  flow_id = "orders"\n}', "flow_id"),
        (
            f'data "aep_flow_runs" "x" {{\n  flow_id = "{FLOW_SPEC}"\n  limit = 0\n}}',
            "limit",
        ),
    ],
)
def test_invalid_data_sources_fail_validation(
    configuration: str, expected: str, terraform: Terraform
) -> None:
    """`terraform validate` reports invalid arguments."""
    terraform.write(PROVIDER + configuration)

    diagnostics = terraform.validate()

    assert [each.severity for each in diagnostics] == ["error"]
    assert expected in diagnostics[0].text
