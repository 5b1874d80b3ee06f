"""Responses of gateways and proxies in front of Flow Service."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import EXPORT
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

GATEWAYS = {
    "an empty body": b"",
    "Kong": b'{"message": "no Route matched with those values"}',
    "Spring": b'{"timestamp": "2026-11-24T10:00:00Z", "status": 404, "error": "Not Found"}',
}


def test_a_404_of_a_gateway_never_empties_the_state(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """While a wrong route answers 404 for everything, plans and applies fail and the state is kept."""
    terraform.write(EXPORT)
    terraform.apply()
    before = terraform.state()

    for gateway, body in GATEWAYS.items():
        flow_service.inject_error("GET", "/flowservice/", 404, times=1000, body=body)
        errors = terraform.failing_apply()
        assert {each.address for each in errors} == {
            "aep_source_connection.this",
            "aep_base_connection.this",
        }, gateway  # Terraform does not refresh what depends on them
        assert all("This response isn't Flow Service's" in each.detail for each in errors), gateway
        assert terraform.state() == before, gateway
        flow_service.clear_errors()

    terraform.assert_empty_plan()
