"""An object belongs to its sandbox and organisation: a provider for another one sends no request."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from flow_emulator import identity
from tests.acceptance.configurations import BASE, PROVIDER, SOURCE, TARGET, flow
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

EXPORT = PROVIDER + SOURCE + BASE + TARGET + flow("deletion_protection = true")
OTHER_ORGANIZATION = "5555467B5D8013E50A494220@AdobeOrg"


def forget_sandbox(instance: dict[str, Any]) -> None:
    """Remove what version 0.1.0 did not record from an object in the state."""
    del instance["attributes"]["sandbox_name"]
    private = json.loads(base64.b64decode(instance["private"]))
    kept = {name: private[name] for name in private if name not in ("sandbox_name", "organization_id")}
    instance["private"] = base64.b64encode(json.dumps(kept).encode()).decode()


def test_another_sandbox_or_organisation_stops_every_command_before_a_request(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Refresh, plan, apply and destroy end in an error that names both, for protected objects too.

    Nothing is sent to Flow Service, nothing is gone from the state, and nothing is created. A state of
    version 0.1.0, which has no sandbox, plans empty, and the next refresh completes it.
    """
    terraform.write(EXPORT)
    terraform.apply()
    terraform.write(EXPORT.replace("= 3\n", "= 6\n"))
    terraform.plan("-out=saved.plan")
    state, settings = terraform.state(), terraform.environment
    both = ('"prod"', '"dev"', identity.ORGANIZATION_ID)

    with flow_service.recording() as sent:
        terraform.environment = settings | {"AEP_SANDBOX_NAME": "dev"}
        for errors in (
            terraform.failing_plan(),
            terraform.failing_apply("saved.plan"),
            terraform.failing_apply("-destroy", "-refresh=false"),
        ):
            assert {each.summary for each in errors} == {"Another sandbox"}
            assert all(word in each.text for each in errors for word in both)
        terraform.environment = settings | {"AEP_ORGANIZATION_ID": OTHER_ORGANIZATION}
        errors = terraform.failing_plan("-refresh=false")

    assert {each.summary for each in errors} == {"Another organisation"}
    assert all(OTHER_ORGANIZATION in each.text and identity.ORGANIZATION_ID in each.text for each in errors)
    assert sent == []
    assert terraform.state() == state

    terraform.environment = settings
    terraform.write(EXPORT)
    for address in state:
        terraform.edit_state(address, forget_sandbox)
    terraform.assert_empty_plan("-refresh=false")
    assert terraform.apply().changes == {}
    assert terraform.state() == state
    assert {each["sandbox_name"] for each in state.values()} == {"prod"}
