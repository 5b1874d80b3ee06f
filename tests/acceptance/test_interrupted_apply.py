"""Ctrl-C as a person presses it, a process that is killed, and an answer that is lost on the way."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from flow_emulator.store import Store
from tests.acceptance.configurations import EXPORT, PROVIDER, SOURCE
from tests.acceptance.fake_flow_service import FakeFlowService
from tests.acceptance.terraform import Terraform

pytestmark = pytest.mark.slow

HANG_SECONDS = 120
"""Seconds for which Flow Service does not answer; far more than a test waits for a command's end."""

ADDRESS = "aep_source_connection.this"


def signal_during_apply(
    signal_number: signal.Signals, terraform: Terraform, is_time: Callable[[str], bool]
) -> tuple[int, str]:
    """Apply, send the signal to the whole group after the first line for which `when` holds, as a terminal
    does it; the exit code, and all that was said after that line.
    """
    with subprocess.Popen(
        ["terraform", "apply", "-auto-approve", "-no-color"],
        cwd=terraform.folder,
        env=terraform.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if is_time(line):
                break
        os.killpg(process.pid, signal_number)
        output, _ = process.communicate(timeout=HANG_SECONDS / 2)
    return process.returncode, output


def test_an_interrupted_apply_keeps_its_ids(terraform: Terraform, flow_service: FakeFlowService) -> None:
    """An apply that is interrupted while Flow Service hangs ends soon with all that it made in the state, and
    the next plan has nothing to do.
    """
    terraform.write(EXPORT)
    flow_service.add_fault(f"readFlow latency seconds={HANG_SECONDS}")
    code, output = signal_during_apply(
        signal.SIGINT, terraform, lambda line: "aep_flow.this: Creating" in line
    )
    flow_service.remove_faults()

    assert code == 1
    assert "interrupted" in output
    assert len(terraform.state()) == 4, output
    assert terraform.state()["aep_flow.this"]["id"] == flow_service.entities("flows")[0]["id"]
    terraform.assert_empty_plan()


def test_the_apply_after_a_killed_one_reports_the_orphan(
    terraform: Terraform, flow_service: FakeFlowService
) -> None:
    """An apply that is killed between a create and its answer leaves an object that nobody knows: the next
    one names it with the import block and makes no second one; after the import, the plan is empty.
    """
    terraform.write(PROVIDER + SOURCE)
    flow_service.add_fault(f"createSourceConnection latency seconds={HANG_SECONDS} when=after")

    def is_created(line: str) -> bool:
        while f"{ADDRESS}: Creating" in line and not flow_service.entities("sourceConnections"):
            pass  # each look is a request, so this is no busy loop
        return f"{ADDRESS}: Creating" in line

    signal_during_apply(signal.SIGKILL, terraform, is_created)
    flow_service.remove_faults()
    [orphan] = flow_service.entities("sourceConnections")
    (terraform.folder / ".terraform.tfstate.lock.info").unlink(missing_ok=True)  # the killed one held it

    [diagnostics] = terraform.failing_apply()
    assert f'id = "{orphan["id"]}"' in diagnostics.detail
    assert len(flow_service.entities("sourceConnections")) == 1

    terraform.import_by_id(ADDRESS, orphan["id"])
    terraform.assert_empty_plan()


def test_a_lost_response_is_recovered(
    folder: Path, embedded_environment: dict[str, str], emulator_file: Path
) -> None:
    """A create whose answer is lost on the way is found and adopted by the same apply: the next plan is
    empty, and there is no second object.
    """
    terraform = Terraform(folder, embedded_environment)
    terraform.write(PROVIDER + SOURCE)
    fault = ["createSourceConnection", "reset", "when=after", "times=1"]
    subprocess.run(
        ["flowbridge", "emulator", "fault", str(emulator_file), "add", *fault],
        env=embedded_environment,
        check=True,
    )
    terraform.apply()
    terraform.assert_empty_plan()

    with Store(emulator_file) as store, store.reading() as data:
        assert [entity.collection for entity in data.entities.everything()] == ["sourceConnections"]
