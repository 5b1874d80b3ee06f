"""The commands of the guide "When an apply was interrupted" work, and print what the guide quotes."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flow_emulator.emulator_file import faults
from flow_emulator.store import Store
from tests.acceptance.markdown_blocks import blocks
from tests.acceptance.state_server import StateServer, run_state_server
from tests.acceptance.terraform import Terraform
from tests.acceptance.test_guides import GUIDES, Reader, new_reader, unseen_quotes
from tests.acceptance.test_interrupted_apply import HANG_SECONDS, signal_during_apply
from tools.workbench import Workbench

pytestmark = pytest.mark.slow

PAGE = GUIDES / "interrupted-apply.md"
EXAMPLE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Guide:
    """The guide's commands, typed by a reader in the folder of a configuration.

    `remaining` are the commands that were not typed yet.
    """

    reader: Reader
    remaining: set[str] = field(
        default_factory=lambda: {line for block in blocks(PAGE, "shell") for line in block.splitlines()}
    )

    def type(self, command: str, *, identifier: str = "", code: int = 0, folder: Path | None = None) -> str:
        """Run a command of the guide, and return its output. `identifier` replaces the example's id."""
        self.take(command)
        reader = self.reader
        done = reader.bench.run(
            ["sh", "-c", EXAMPLE_ID.sub(identifier, command)], folder or reader.folder, check=False
        )
        reader.output += done.stdout + done.stderr
        assert done.returncode == code, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def answer(self, command: str, *, identifier: str, answer: str) -> None:
        """Run a command of the guide on a terminal, and type an answer to its question."""
        self.take(command)
        terminal, stdin = pty.openpty()
        try:
            os.write(terminal, f"{answer}\n".encode())
            done = subprocess.run(
                ["sh", "-c", EXAMPLE_ID.sub(identifier, command)],
                cwd=self.reader.folder,
                env=self.reader.bench.environment,
                stdin=stdin,
                capture_output=True,
                text=True,
                check=True,
            )
        finally:
            os.close(terminal)
            os.close(stdin)
        self.reader.output += done.stdout

    def take(self, command: str) -> None:
        """Note that a command was typed. It must be one of the guide's."""
        assert command in "\n".join(blocks(PAGE, "shell")).splitlines()
        self.remaining.discard(command)


@pytest.fixture
def backend() -> Iterator[StateServer]:
    """A server for Terraform's backend `http`."""
    with run_state_server() as server:
        yield server


def flow_ids(file: Path) -> list[str]:
    """The ids of all flows in the emulator."""
    with Store(file) as store, store.reading() as data:
        return [each.id for each in data.entities.everything() if each.collection == "flows"]


def stored(file: Path) -> list[str]:
    """The collection of each object in the emulator."""
    with Store(file) as store, store.reading() as data:
        return sorted(each.collection for each in data.entities.everything())


def kill_during_the_create_of_the_flow(reader: Reader, file: Path) -> None:
    """Kill an apply after Flow Service has created the flow, and before Terraform has its id."""
    faults.add(file, faults.read([f"createFlow latency seconds={HANG_SECONDS} when=after"]))

    def is_created(line: str) -> bool:
        is_creating = "aep_flow.orders: Creating" in line
        while is_creating and not flow_ids(file):
            pass  # each iteration opens the file
        return is_creating

    terraform = Terraform(reader.folder, reader.bench.environment)
    signal_during_apply(signal.SIGKILL, terraform, is_created)
    faults.remove(file)


def with_addresses(printed: str) -> str:
    """Return the printed import blocks with the addresses of the resources in the guide's configuration."""
    imports = "".join(re.findall(r"^  import \{.*?^  \}\n", printed, re.M | re.S))
    return imports.replace("aep_base_connection.<name>", "aep_base_connection.landing_zone").replace(
        "<name>", "orders"
    )


def test_interrupted_apply_guide(
    bench: Workbench, initialized: Path, tmp_path: Path, backend: StateServer
) -> None:
    """A killed apply, a state that could not be saved, and a lost state are put right as the guide describes.
    Every command of the guide runs.
    """
    main, _ = blocks(GUIDES / "changing-datasets.md", "hcl")
    file = tmp_path / "shared.sqlite"
    reader = new_reader(bench, initialized, tmp_path / "orders", str(file))
    reader.bench.environment.update(backend.environment, TF_CLI_ARGS_apply="-auto-approve")
    reader.write(main)
    reader.write('terraform {\n  backend "http" {}\n}\n', "backend.tf")
    reader.terraform("init")
    guide = Guide(reader)

    backend.fails = True
    parts = ("aep_source_connection.orders", "aep_base_connection.landing_zone")
    reader.terraform("apply", *(f"-target={part}" for part in parts), code=1)
    backend.fails = False
    guide.type("terraform state push errored.tfstate")

    kill_during_the_create_of_the_flow(reader, file)
    guide.type("terraform plan", code=1)
    lock = json.loads(backend.lock or b"{}")["ID"]
    guide.type("terraform force-unlock -force 5b0e6c1d-2f3a-4b4c-8d5e-6f7a8b9c0d01", identifier=lock)
    printed = guide.type("flowbridge orphans", code=1)
    [flow] = flow_ids(file)
    state_list = "terraform state list -id=d0c1b2a3-9e8f-4d7c-a6b5-c4d3e2f1a004"
    assert guide.type(state_list, identifier=flow) == ""
    reader.write(with_addresses(printed), "imports.tf")
    guide.type("terraform apply")
    guide.type("flowbridge orphans")
    assert guide.type(state_list, identifier=flow) == "aep_flow.orders\n"
    guide.type("terraform state pull | flowbridge orphans --state -")
    (reader.folder / "imports.tf").unlink()

    guide.type("AEP_EXISTING_NAMES=ignore terraform apply -replace=aep_source_connection.orders")

    other = new_reader(bench, initialized, tmp_path / "returns")
    (other.folder / "terraform.tfstate").write_bytes(backend.state)
    for name in ("orders", "returns"):
        guide.type(f"terraform -chdir={name} state pull > {name}.tfstate", folder=tmp_path)
    guide.type("flowbridge orphans --state orders.tfstate --state returns.tfstate", folder=tmp_path)

    backend.state = b""
    guide.type("flowbridge orphans", code=2)
    printed = guide.type("flowbridge orphans --no-state", code=1)
    assert printed.count("import {") == 4
    command = "flowbridge delete d0c1b2a3-9e8f-4d7c-a6b5-c4d3e2f1a004"
    guide.answer(command, identifier=flow, answer="yes")
    first, target, *_ = re.findall(r"flowbridge delete (\S+)", printed)
    assert first == flow
    guide.type("flowbridge delete --yes 8a7b6c5d-4e3f-4a1b-9c8d-7e6f5a4b3c03", identifier=target)
    assert stored(file) == ["connections", "sourceConnections"]

    assert unseen_quotes(PAGE.name, reader.output) == []
    assert guide.remaining == set()
