"""`aep_flow_run_trigger` with the real Terraform."""

from __future__ import annotations

import pytest

from tests.acceptance.configurations import BEFORE_THE_START, EXPORT, run_trigger
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

NOT_READY = "Following order ID(s) are not ready for dataset export, please wait for 10 minutes and retry."
ALREADY_RUNNING = "Run already going on for dataset"


def test_a_new_flow_and_its_run_in_one_apply(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """A trigger waits while its new flow is not ready or while another run is in progress."""
    flow_service.inject_error("POST", "/adhocrun$", 400, times=2, message=NOT_READY)
    flow_service.inject_error("POST", "/adhocrun$", 400, times=1, message=ALREADY_RUNNING)
    terraform.write(EXPORT + run_trigger('timeouts = { create = "2s" }'))

    (problem,) = terraform.failing_apply()

    # After the three injected errors the emulator sends its own, for ten minutes of its clock.
    assert problem.summary == "Timeout"
    assert "not ready for dataset export" in problem.text
    assert len(flow_service.run_requests) > 3
    flow_service.set_clock(BEFORE_THE_START)
    assert terraform.apply().changes == {"aep_flow_run_trigger.now": "create"}
    assert len(flow_service.entities("runs")) == 1


def test_a_failed_run_is_run_again(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """If the wait for a run fails, its id enters the state, and the tainted trigger is replaced."""
    terraform.write(EXPORT)
    terraform.apply()
    flow_service.set_clock(BEFORE_THE_START)
    terraform.write(EXPORT + run_trigger("wait_for_completion = true"))
    flow_service.inject_error("GET", "/runs/", 403)

    terraform.failing_apply()

    (run,) = flow_service.entities("runs")
    assert terraform.state()["aep_flow_run_trigger.now"]["run_ids"] == [run["id"]]
    assert terraform.plan().changes == {"aep_flow_run_trigger.now": "replace"}
