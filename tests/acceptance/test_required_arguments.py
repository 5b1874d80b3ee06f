"""A required argument that is null ends a command before anything is created or destroyed."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import EXPORT, PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform, without_provider_settings

pytestmark = pytest.mark.slow

DATASETS = '[{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }]'


def test_a_null_in_a_required_argument_is_found_by_validate(terraform: Terraform) -> None:
    """`terraform validate` reports each required argument that is null, on it: in resources, in nested
    objects, in elements of sets, and in data sources.
    """
    terraform.environment = without_provider_settings(terraform.environment)
    nameless = '[{ id = "5ef3e3259ad2a1191ab7dd7d", name = null }, null]'
    terraform.write(
        EXPORT.replace("interval    = 3", "interval    = null")
        + SOURCE.replace('"this"', '"empty"').replace(DATASETS, "null")
        + SOURCE.replace('"this"', '"nameless"').replace(DATASETS, nameless)
        + 'data "aep_flow_runs" "all" {\n  flow_id = null\n}\n'
    )

    found = sorted((each.address, each.attribute, each.summary) for each in terraform.validate())

    assert found == [
        ("aep_flow.this", "schedule", "Missing schedule.interval"),
        ("aep_source_connection.empty", "datasets", "Missing datasets"),
        ("aep_source_connection.nameless", "datasets", "Missing datasets.name"),
        ("aep_source_connection.nameless", "datasets", "Null element in datasets"),
        ("data.aep_flow_runs.all", "flow_id", "Missing flow_id"),
    ]


def test_a_variable_that_is_null_destroys_nothing(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A variable that is null in place of the datasets is found by the plan, for a new source connection and
    for an existing one, which is then neither replaced nor destroyed. A value that is null only after another
    resource was applied ends the apply before anything is sent.
    """
    variable = 'variable "datasets" {\n  type = set(map(string))\n  default = null\n}\n'
    terraform.write(PROVIDER + variable + SOURCE.replace(DATASETS, "var.datasets"))
    assert [(each.attribute, each.summary) for each in terraform.failing_apply()] == [
        ("datasets", "Missing datasets")
    ]
    assert flow_service.requests == []

    terraform.variables(datasets=DATASETS)
    terraform.apply()
    del terraform.environment["TF_VAR_datasets"]

    for errors in (terraform.failing_plan(), terraform.failing_apply()):
        assert [(each.attribute, each.summary) for each in errors] == [("datasets", "Missing datasets")]
    late = 'resource "terraform_data" "late" {\n  input = timestamp() == "" ? "never" : null\n}\n'
    terraform.write(
        PROVIDER
        + late
        + SOURCE
        + SOURCE.replace('"this"', '"late"').replace('"orders"', "terraform_data.late.output")
        + 'data "aep_flow_runs" "late" {\n  flow_id = terraform_data.late.output\n}\n'
    )
    late_errors = terraform.failing_apply()

    assert sorted((each.address, each.summary) for each in late_errors) == [
        ("aep_source_connection.late", "Missing name"),
        ("data.aep_flow_runs.late", "Missing flow_id"),
    ]
    assert len(flow_service.entities("sourceConnections")) == 1
    assert [each for each in flow_service.requests if each.method == "DELETE"] == []
