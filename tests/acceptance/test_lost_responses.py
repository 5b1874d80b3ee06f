"""Creates whose response is lost: what they made is found, and nothing else is adopted."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import EXPORT, PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

TWO_OF_ONE_NAME = PROVIDER + SOURCE + SOURCE.replace('"this"', '"other"')


def test_two_resources_of_one_name_never_own_one_object(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """If the response to one of two creates of the same name is lost, the error names its object, and the
    other one as held by this state. After the import, each resource has an object of its own.
    """
    terraform.write(TWO_OF_ONE_NAME)
    flow_service.add_fault("createSourceConnection reset when=after times=1")

    [error] = terraform.failing_apply()

    [held] = [each["id"] for each in terraform.state().values()]
    [lost] = {each["id"] for each in flow_service.entities("sourceConnections")} - {held}
    assert error.summary == "It is unclear which source connection was created"
    assert f"terraform import aep_source_connection.<name> {lost}" in error.detail
    assert f"terraform import aep_source_connection.<name> {held}" not in error.detail
    terraform.import_by_id(error.address, lost)
    terraform.assert_empty_plan()
    assert {each["id"] for each in terraform.state().values()} == {held, lost}


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


def test_a_server_error_after_the_effect_loses_nothing(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """An object that was created although the response is 500 or 503 is found. It enters the state with a
    warning that has its id if only this apply can have created it, and otherwise an error names it.
    """
    terraform.write(EXPORT)
    flow_service.inject_error("POST", "/targetConnections$", 500, after=True)
    flow_service.inject_error("POST", "/flows$", 503, after=True)

    outcome = terraform.apply()

    assert {len(found) for found in flow_service.object_names().values()} == {1}
    adopted = [each for each in outcome.diagnostics if "after a lost response" in each.summary]
    for address in ("aep_target_connection.this", "aep_flow.this"):
        [warning] = [each for each in adopted if each.address == address]
        assert warning.severity == "warning"
        assert terraform.state()[address]["id"] in warning.detail
    terraform.assert_empty_plan()

    terraform.write(EXPORT + SOURCE.replace('"this"', '"other"').replace('"orders"', '"returns"'))
    flow_service.inject_error("POST", "/sourceConnections$", 500, after=True)
    [error] = terraform.failing_apply()
    assert error.summary == "It is unclear which source connection was created"
    [created] = [
        each["id"] for each in flow_service.entities("sourceConnections") if each["name"] == "returns"
    ]
    assert created in error.detail
