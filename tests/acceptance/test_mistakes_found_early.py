"""Mistakes that Flow Service would find late, or never, are reported before an object is half made."""

from __future__ import annotations

import pytest

from provider_shim.cli.check.configuration import check_configuration
from tests.acceptance.configurations import EXPORT, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

SOURCE_ID = "source_connection_id = aep_source_connection.this.id"
TARGET_ID = "target_connection_id = aep_target_connection.this.id"


def test_check_reports_the_nested_key_that_terraform_drops(terraform: Terraform) -> None:
    """Terraform finds a configuration with a mistyped nested key valid; `flowbridge check` names the key."""
    text = EXPORT.replace("end_time ", "end_tme ")
    terraform.write(text)

    diagnostics = terraform.validate()
    [found] = check_configuration(terraform.folder).unknown

    assert [each for each in diagnostics if each.severity == "error" or "end_tme" in each.text] == []
    assert (found.address, found.path, found.key) == ("aep_flow.this", "schedule", "end_tme")
    assert "end_tme" in text.splitlines()[found.place.line - 1]


def test_swapped_ids_are_reported_on_both_attributes(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A flow whose source and target are swapped is not created: the apply reports it where the connections
    are as new as the flow, and the plan where they exist already.
    """
    swapped = {
        SOURCE_ID: "source_connection_id = aep_target_connection.this.id",
        TARGET_ID: "target_connection_id = aep_source_connection.this.id",
    }
    configuration = EXPORT
    for before, after in swapped.items():
        configuration = configuration.replace(before, after)
    terraform.write(configuration)

    for errors in (terraform.failing_apply(), terraform.failing_plan()):
        assert {(each.address, each.attribute, each.summary) for each in errors} == {
            ("aep_flow.this", "source_connection_id", "Not the id of a source connection"),
            ("aep_flow.this", "target_connection_id", "Not the id of a target connection"),
        }
        assert all("swapped" in each.text for each in errors)
    assert flow_service.entities("flows") == []


def test_a_dataset_that_cannot_be_exported_is_reported_before_anything_is_made(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A wrong dataset is reported by the apply of a new source connection, and by the plan where the process
    has read an existing one. Neither the source connection nor its flow is created.
    """
    wrong = '{ id = "64b7e8acdd522e6190ac9568", name = "Orders" }'
    right = '{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }'
    added = SOURCE.replace('"this"', '"other"').replace(right, wrong)
    # Terraform plans it after the refresh of the existing one, with which the process opens its session.
    added = added.replace("  name ", "  depends_on = [aep_source_connection.this]\n  name ", 1)
    terraform.write(EXPORT + added)

    for errors in (terraform.failing_apply(), terraform.failing_plan()):
        (problem,) = errors
        assert (problem.address, problem.attribute) == ("aep_source_connection.other", "datasets")
        assert problem.summary == "The dataset can't be exported"
        assert "64b7e8acdd522e6190ac9568" in problem.text
        assert 'Did you mean 64b7e8acdd522e6190ac9567 ("Orders")' in problem.text
    assert len(flow_service.entities("sourceConnections")) == 1
    listings = [each for each in flow_service.requests if each.path.endswith("/configs")]
    assert len(listings) == 2  # once for each of the two processes
