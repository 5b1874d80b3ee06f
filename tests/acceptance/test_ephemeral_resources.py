"""The ephemeral resources with the real Terraform: their values can be used and are stored in no file."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.configurations import PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow


def test_an_access_token_is_handed_on_and_stored_nowhere(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """A second provider works with the access token of the first, and no file contains the token."""
    terraform.write(
        PROVIDER
        + """
        ephemeral "aep_access_token" "this" {}

        provider "aep" {
          alias        = "second"
          access_token = ephemeral.aep_access_token.this.access_token
        }
        """
        + SOURCE.replace("{", "{\n  provider = aep.second", 1)
    )
    terraform.run("plan", "-out=saved.plan", "-input=false", expected=(0,))
    terraform.apply()
    terraform.assert_empty_plan()

    tokens = {
        json.loads(request.response)["access_token"]
        for request in flow_service.requests
        if request.path == "/ims/token/v3"
    }
    (created,) = [
        request
        for request in flow_service.requests
        if request.path.endswith("/sourceConnections") and request.method == "POST"
    ]
    used = created.headers["authorization"].removeprefix("Bearer ")
    assert used in tokens
    for token in tokens:
        _assert_not_stored(terraform, token)


def test_landing_zone_credentials_are_stored_nowhere(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The credentials can be used in a write-only attribute, and no file contains them."""
    terraform.write(
        PROVIDER
        + """
        ephemeral "aep_data_landing_zone_credentials" "this" {}

        resource "aep_base_connection" "copy" {
          name                = "zone as blob"
          credentials_version = 1
          azure_blob = {
            connection_string = join(";", [
              "DefaultEndpointsProtocol=https",
              "AccountName=${ephemeral.aep_data_landing_zone_credentials.this.azure_blob.storage_account_name}",
              "AccountKey=${ephemeral.aep_data_landing_zone_credentials.this.azure_blob.sas_token}",
            ])
          }
        }
        """
    )
    terraform.run("plan", "-out=saved.plan", "-input=false", expected=(0,))
    terraform.apply()
    terraform.assert_empty_plan()

    zone = next(
        json.loads(each.response) for each in flow_service.requests if "/landingzone/credentials" in each.path
    )
    (created,) = [
        each for each in flow_service.requests if each.method == "POST" and each.path.endswith("/connections")
    ]
    assert zone["SASToken"] in created.json["auth"]["params"]["connectionString"]
    _assert_not_stored(terraform, zone["SASToken"])


def _assert_not_stored(terraform: Terraform, secret: str) -> None:
    """Assert that no file of the working folder contains the secret; plan and state are among the files."""
    files = [
        each for each in terraform.folder.rglob("*") if each.is_file() and ".terraform" not in each.parts
    ]
    assert {"saved.plan", "terraform.tfstate"} <= {each.name for each in files}
    assert not [each for each in files if secret.encode() in each.read_bytes()]
