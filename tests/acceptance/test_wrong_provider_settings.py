"""Wrong endpoints, credentials, sandboxes and ids are reported, create nothing and keep the state."""

from __future__ import annotations

import socket

import pytest

from tests.acceptance.configurations import EXPORT, PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform, without_provider_settings

pytestmark = pytest.mark.slow

SOURCE_ADDRESS = "aep_source_connection.this"


def test_missing_credentials_are_reported_at_the_first_request(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """Without credentials, an apply fails and names the variables to set; `validate` and `plan` succeed."""
    environment = without_provider_settings(terraform.environment)
    terraform.environment = environment
    terraform.write(EXPORT)

    assert terraform.validate() == []
    assert len(terraform.plan().changes) == 4
    # If the provider sent a request in spite of this, it would stay on the loopback.
    addresses = {name: flow_service.environment[name] for name in ("AEP_ENDPOINT", "AEP_AUTH_ENDPOINT")}
    terraform.environment = environment | addresses
    errors = terraform.failing_apply()

    for variable in ("AEP_CLIENT_ID", "AEP_CLIENT_SECRET", "AEP_ORGANIZATION_ID"):
        assert variable in errors[0].text
    assert flow_service.requests == []


def test_an_unreachable_endpoint_is_reported(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """The message contains the address of an endpoint that accepts no connections."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        terraform.environment |= {"AEP_ENDPOINT": address, "AEP_MAX_RETRIES": "0"}
        terraform.write(PROVIDER + SOURCE)

        errors = terraform.failing_apply()

    assert [each.address for each in errors] == [SOURCE_ADDRESS]
    assert address.removeprefix("http://") in errors[0].text
    assert terraform.state() == {}
    assert flow_service.object_names() == {}


WRONG_SETTINGS = {
    "client secret": ({"AEP_CLIENT_SECRET": "wrong-client-secret"}, ("credentials", "client secret")),
    "access token": (
        {"AEP_CLIENT_SECRET": "", "AEP_ACCESS_TOKEN": "wrong-token"},
        ("credentials", "access token"),
    ),
    "organisation": (
        {"AEP_ORGANIZATION_ID": "5555467B5D8013E50A494220@AdobeOrg"},
        ("organisation", "@AdobeOrg"),
    ),
    "sandbox": (
        {"AEP_SANDBOX_NAME": "no-such-sandbox"},
        ("sandbox", "no-such-sandbox", "prod", "AEP_SANDBOX_NAME"),
    ),
}


@pytest.mark.parametrize("setting", WRONG_SETTINGS)
def test_wrong_credentials_are_reported_and_create_nothing(
    setting: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A wrong secret, token, organisation or sandbox is an error that names it."""
    variables, words = WRONG_SETTINGS[setting]
    terraform.environment |= variables
    terraform.write(PROVIDER + SOURCE)

    errors = terraform.failing_apply()

    assert [each.address for each in errors] == [SOURCE_ADDRESS]
    for word in words:
        assert word in errors[0].text
    assert "wrong-" not in errors[0].text
    assert terraform.state() == {}
    assert flow_service.object_names() == {}


@pytest.mark.parametrize("setting", ["client secret", "organisation", "sandbox"])
def test_wrong_credentials_keep_the_state(
    setting: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """An object that the provider is not allowed to read is not removed from the state."""
    terraform.write(PROVIDER + SOURCE)
    terraform.apply()
    before = terraform.state()
    terraform.environment |= WRONG_SETTINGS[setting][0]

    errors = terraform.failing_plan()

    assert errors[0].address == SOURCE_ADDRESS
    assert terraform.state() == before


def test_a_foreign_endpoint_never_gets_the_client_secret(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """An endpoint that is not Adobe's requires `auth_endpoint` or an access token."""
    del terraform.environment["AEP_AUTH_ENDPOINT"]
    terraform.write(PROVIDER + SOURCE)

    errors = terraform.failing_apply()

    assert "auth_endpoint" in errors[0].text
    assert flow_service.requests == []


@pytest.mark.parametrize("resource", ["source_connection", "base_connection", "target_connection", "flow"])
def test_importing_a_missing_object_is_reported(
    resource: str, terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The message contains the id, and nothing enters the state."""
    identifier = "12401496-2573-4ca7-8137-fef1aeb9dd4c"
    terraform.write(EXPORT + f'import {{\n  to = aep_{resource}.this\n  id = "{identifier}"\n}}\n')

    errors = terraform.failing_plan()

    assert identifier in errors[0].text
    assert "no " in errors[0].text
    assert terraform.state() == {}


def test_importing_a_malformed_id_is_reported_without_a_request(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """An import id that is not a UUID is reported without a request."""
    terraform.write(EXPORT + 'import {\n  to = aep_flow.this\n  id = "orders"\n}\n')

    errors = terraform.failing_plan()

    assert "orders" in errors[0].text
    assert "UUID" in errors[0].text
    assert flow_service.requests == []
