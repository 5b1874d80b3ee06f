"""Creates whose response is lost: what they made is found, and nothing else is adopted."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

TWO_OF_ONE_NAME = PROVIDER + SOURCE + SOURCE.replace('"this"', '"other"')


def test_two_resources_of_one_name_never_own_one_object(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """If the response to one of two creates of the same name is lost, its own object is found, with a warning
    that has its id; the other one is another object.
    """
    terraform.write(TWO_OF_ONE_NAME)
    flow_service.add_fault("createSourceConnection reset when=after times=1")

    outcome = terraform.apply()

    owned = {each["id"] for each in terraform.state().values()}
    assert owned == {each["id"] for each in flow_service.entities("sourceConnections")}
    assert len(owned) == 2
    [adopted] = [each for each in outcome.diagnostics if "after a lost response" in each.summary]
    assert adopted.severity == "warning"
    assert any(identifier in adopted.detail for identifier in owned)
    terraform.assert_empty_plan()


def test_the_object_of_another_create_is_never_adopted(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """If the request of one of two creates of the same name never arrived, the other's object is not taken
    for its own; the next apply creates it.
    """
    terraform.environment["AEP_EXISTING_NAMES"] = "ignore"
    terraform.write(TWO_OF_ONE_NAME)
    flow_service.add_fault("createSourceConnection reset times=1")

    [error] = terraform.failing_apply()
    assert "may have been created" in error.detail
    assert len(terraform.state()) == len(flow_service.entities("sourceConnections")) == 1
    terraform.apply()

    owned = {each["id"] for each in terraform.state().values()}
    assert owned == {each["id"] for each in flow_service.entities("sourceConnections")}
    assert len(owned) == 2


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_error_after_the_effect_loses_nothing(
    terraform: Terraform, flow_service: FakeFlowService, status: int
) -> None:
    """An object that was created although the response is 500 or 503 is found and enters the state."""
    terraform.write(PROVIDER + SOURCE)
    flow_service.inject_error("POST", "/sourceConnections$", status, after=True)

    terraform.apply()

    [created] = flow_service.entities("sourceConnections")
    assert terraform.state()["aep_source_connection.this"]["id"] == created["id"]
