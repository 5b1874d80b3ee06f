"""Mistakes that Flow Service would find late, or never, are reported before an object is half made."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import EXPORT
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

SOURCE_ID = "source_connection_id = aep_source_connection.this.id"
TARGET_ID = "target_connection_id = aep_target_connection.this.id"


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
