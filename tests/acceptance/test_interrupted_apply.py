"""Applies that are interrupted with Ctrl-C or killed, and creates whose response is lost."""

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
from tests.preload.provider import without_preload

pytestmark = pytest.mark.slow

HANG_SECONDS = 120
"""Seconds for which Flow Service does not respond, far more than a test waits for a command."""

ADDRESS = "aep_source_connection.this"


def signal_during_apply(
    signal_number: signal.Signals, terraform: Terraform, is_time: Callable[[str], bool]
) -> tuple[int, str]:
    """Apply, and send a signal to the whole process group after the first line for which `is_time` is true.

    A terminal sends Ctrl-C in the same way. Returns the exit code and the output after that line.
    """
    with subprocess.Popen(
        ["terraform", "apply", "-auto-approve", "-no-color"],
        cwd=terraform.folder,
        env=without_preload(terraform.environment),
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
    """An apply interrupted while Flow Service does not respond ends soon, everything that it created is in
    the state, and the next plan is empty.
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
    """An apply killed between a create and its response leaves an orphan. The next apply reports it with an
    import block and creates no second object; after the import, the plan is empty.
    """
    terraform.write(PROVIDER + SOURCE)
    flow_service.add_fault(f"createSourceConnection latency seconds={HANG_SECONDS} when=after")

    def is_created(line: str) -> bool:
        while f"{ADDRESS}: Creating" in line and not flow_service.entities("sourceConnections"):
            pass  # each iteration sends a request, so this is no busy loop
        return f"{ADDRESS}: Creating" in line

    signal_during_apply(signal.SIGKILL, terraform, is_created)
    flow_service.remove_faults()
    [orphan] = flow_service.entities("sourceConnections")
    (terraform.folder / ".terraform.tfstate.lock.info").unlink(missing_ok=True)  # left by the killed process

    [diagnostic] = terraform.failing_apply()
    assert f'id = "{orphan["id"]}"' in diagnostic.detail
    assert len(flow_service.entities("sourceConnections")) == 1

    terraform.import_by_id(ADDRESS, orphan["id"])
    terraform.assert_empty_plan()


def test_a_lost_response_is_recovered(
    folder: Path, embedded_environment: dict[str, str], emulator_file: Path
) -> None:
    """If the response to the create of a flow is lost, the same apply finds the flow and records its id: the
    next plan is empty, and there is no second flow.
    """
    terraform = Terraform(folder, embedded_environment)
    terraform.write(EXPORT)
    fault = ["createFlow", "reset", "when=after", "times=1"]
    subprocess.run(
        ["flowbridge", "emulator", "fault", str(emulator_file), "add", *fault],
        env=embedded_environment,
        check=True,
    )
    terraform.apply()
    terraform.assert_empty_plan()

    with Store(emulator_file) as store, store.reading() as data:
        found = sorted(entity.collection for entity in data.entities.everything())
        assert found == ["connections", "flows", "sourceConnections", "targetConnections"]
