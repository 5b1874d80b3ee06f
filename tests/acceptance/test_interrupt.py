"""Ctrl-C, as a person presses it."""

from __future__ import annotations

import os
import signal
import subprocess

import httpx
import pytest

from tests.acceptance.configurations import EXPORT
from tests.acceptance.terraform import Terraform
from tests.acceptance.witness import FlowServiceStandIn

pytestmark = pytest.mark.slow

HANGING = 120
"""Seconds for which Flow Service does not answer; far more than the test waits for the command's end."""


def test_an_interrupted_apply_keeps_its_ids(terraform: Terraform, flow_service: FlowServiceStandIn) -> None:
    """An apply that is interrupted while Flow Service hangs ends soon with all that it made in the state, and
    the next plan has nothing to do.
    """
    terraform.write(EXPORT)
    faults = f"{flow_service.address}/_emulator/faults"
    added = httpx.post(faults, json=f"readFlow latency seconds={HANGING}", trust_env=False)
    assert added.status_code == 201, added.text
    command = ["terraform", "apply", "-auto-approve", "-no-color"]
    with subprocess.Popen(
        command,
        cwd=terraform.folder,
        env=terraform.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C reaches the whole group of the terminal, and no more
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "aep_flow.this: Creating" in line:
                break
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=HANGING / 2)
    httpx.delete(faults, trust_env=False).raise_for_status()

    assert process.returncode == 1
    assert "interrupted" in said
    assert len(terraform.state()) == 4, said
    assert terraform.state()["aep_flow.this"]["id"] == flow_service.entities("flows")[0]["id"]
    terraform.assert_empty_plan()
