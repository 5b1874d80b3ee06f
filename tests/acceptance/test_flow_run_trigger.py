"""Running a flow at once, and the landing zone's credentials, with the real Terraform."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.configurations import BEFORE_THE_START, EXPORT, PROVIDER, run_trigger
from tests.acceptance.fake_flow_service import FakeFlowService, Request
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

NOT_READY = "Following order ID(s) are not ready for dataset export, please wait for 10 minutes and retry."
UNDER_WAY = "Run already going on for dataset"


def runs_asked_for(flow_service: FakeFlowService) -> list[Request]:
    """The requests for a run."""
    return [each for each in flow_service.requests if each.path.endswith("/adhocrun")]


def test_a_new_flow_and_its_run_in_one_apply(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """The phase in which a new flow is not ready, and a run that is under way, are waited for."""
    flow_service.inject_error("POST", "/adhocrun$", 400, times=2, says=NOT_READY)
    flow_service.inject_error("POST", "/adhocrun$", 400, times=1, says=UNDER_WAY)
    terraform.write(EXPORT + run_trigger('timeouts = { create = "2s" }'))

    (problem,) = terraform.failing_apply()

    # After the three refusals of the test come the emulator's own, for ten minutes of its clock.
    assert problem.summary == "Timeout"
    assert "not ready for dataset export" in problem.text
    assert len(runs_asked_for(flow_service)) > 3
    flow_service.set_clock(BEFORE_THE_START)
    assert terraform.apply().changes == {"aep_flow_run_trigger.now": "create"}
    assert len(flow_service.entities("runs")) == 1


def test_a_failed_run_is_run_again(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """Where the end can't be seen, the run's id stays in the state, and the tainted resource is replaced."""
    terraform.write(EXPORT)
    terraform.apply()
    flow_service.set_clock(BEFORE_THE_START)
    terraform.write(EXPORT + run_trigger("wait_for_completion = true"))
    flow_service.inject_error("GET", "/runs/", 403)

    terraform.failing_apply()

    (run,) = flow_service.entities("runs")
    assert terraform.state()["aep_flow_run_trigger.now"]["run_ids"] == [run["id"]]
    assert terraform.plan().changes == {"aep_flow_run_trigger.now": "replace"}


def test_landing_zone_credentials_are_stored_nowhere(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """The credentials can be used in the configuration of a provider or a write-only attribute, and no file
    of Terraform's has them.
    """
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
    files = [
        each for each in terraform.folder.rglob("*") if each.is_file() and ".terraform" not in each.parts
    ]
    assert {"saved.plan", "terraform.tfstate"} <= {each.name for each in files}
    assert not [each for each in files if zone["SASToken"].encode() in each.read_bytes()]
