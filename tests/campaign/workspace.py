"""A workspace: a folder with a configuration, a local or remote state, and Terraform's commands in it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from tests.acceptance.terraform import reuse_init
from tests.campaign.configuration import Configuration
from tests.campaign.fault_proxy import STATE_PORT, FaultProxy
from tests.campaign.faults import STATE, Fault
from tests.campaign.loopback import Loopback
from tests.campaign.messages import from_events, from_text
from tests.campaign.oracle import Finished, Holding
from tests.campaign.processes import RunningCommand
from tests.campaign.state_backend import StateBackend

_LOG = "terraform.log"
_PLAN = "saved.plan"


@dataclass(slots=True)
class Workspace:
    """One workspace.

    Attributes:
        name: Its name, and that of its ports.
        folder: Its folder.
        environment: The environment of its commands.
        proxy: The proxy to which its provider and its state backend are connected.
        server: The server of the proxy.
        backend: The state backend, or None for a local state.
        configuration: What is in the folder.
        written: Everything that commands have written, for the search for secrets.
    """

    name: str
    folder: Path
    environment: dict[str, str]
    proxy: FaultProxy
    server: Loopback
    backend: StateBackend | None
    configuration: Configuration
    written: dict[str, bytes] = field(default_factory=dict)

    def prepare(self, initialized: Path) -> None:
        """Make the folder. `initialized` is one in which `terraform init` has run with the same backend."""
        self.folder.mkdir(parents=True)
        reuse_init(initialized, self.folder)
        if self.backend is not None:
            self.environment |= self.backend.environment(
                self.server.addresses[STATE_PORT + self.name], self.name
            )
            chosen = initialized / ".terraform" / "terraform.tfstate"
            (self.folder / ".terraform" / "terraform.tfstate").write_bytes(chosen.read_bytes())

    def write(self, configuration: Configuration) -> None:
        """Replace the configuration."""
        self.configuration = configuration
        (self.folder / "main.tf").write_text(configuration.hcl(), encoding="utf-8")

    def run(
        self,
        number: int,
        words: Sequence[str],
        faults: Sequence[Fault] = (),
        more: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run one command with these faults. `more` are further environment variables."""
        variables = {f"TF_VAR_{name}": value for name, value in self.configuration.variables().items()}
        environment = {**self.environment, **variables, **(more or {})}
        before = self.proxy.ledger.injected.copy()
        caller = self.proxy.callers[self.name]
        running = RunningCommand()
        caller.command, caller.faults, caller.signal = number, list(faults), running.signal
        running.start(["terraform", *words], self.folder, environment)
        code, output, hung = running.wait()
        self.server.wait_until_quiet(self.name)
        caller.faults = []
        if self.backend is not None:
            self.server.wait_until_quiet(STATE_PORT + self.name)
            self.backend.unlock(self.name)
        self.written[f"output of command {number}"] = output.encode()
        injected = self.proxy.ledger.injected - before
        unsaved = any(fault.collection == STATE and fault.kind in injected for fault in faults)
        self._collect(number)
        return Finished(
            number=number,
            workspace=self.name,
            words=f"terraform {' '.join(words)}",
            code=code,
            output=output,
            messages=tuple(from_events(output) if "-json" in words else from_text(output)),
            signalled=running.signalled,
            hung=hung,
            state_saved=not unsaved,
            ignores_names=environment.get("AEP_EXISTING_NAMES") == "ignore",
        )

    def state(self) -> dict[str, Any]:
        """Return the present state; a damaged or empty file counts as no state, as Terraform sees it."""
        if self.backend is not None:
            return self.backend.current(self.name)
        path = self.folder / "terraform.tfstate"
        try:
            state: dict[str, Any] = json.loads(path.read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return state

    def holdings(self) -> list[Holding]:
        """Return the objects in the state."""
        return list(holdings(self.name, self.state()))

    def ids(self) -> dict[str, str]:
        """Return the id of each object in the state, by its address."""
        return {each.address: each.id for each in self.holdings() if not each.deposed}

    def lose_state(self, updates: int) -> None:
        """Lose the local state, or the last updates of the remote one."""
        if self.backend is not None:
            self.backend.lose(self.name, updates)
            return
        for name in ("terraform.tfstate", "terraform.tfstate.backup"):
            (self.folder / name).unlink(missing_ok=True)

    @property
    def unsaved_state(self) -> Path:
        """The file into which Terraform writes a state that the backend has not taken."""
        return self.folder / "errored.tfstate"

    def _collect(self, number: int) -> None:
        """Keep what the command has written."""
        for path in chain(self.folder.glob("*tfstate*"), self.folder.glob(_PLAN)):
            self.written[f"{path.name} after command {number}"] = path.read_bytes()
        log = self.folder / _LOG
        if log.exists():
            self.written[f"log of command {number}"] = log.read_bytes()
            log.unlink()
        if self.backend is not None:
            versions = self.backend.versions.get(self.name, [])
            self.written["remote states"] = b"\n".join(versions)


def holdings(workspace: str, state: Mapping[str, Any]) -> Iterator[Holding]:
    """Yield the objects in a state."""
    for resource in state.get("resources", []):
        if resource["mode"] != "managed":
            continue
        for instance in resource["instances"]:
            yield Holding(
                workspace=workspace,
                address=f"{resource['type']}.{resource['name']}",
                id=str(instance["attributes"].get("id")),
                tainted=instance.get("status") == "tainted" and "deposed" not in instance,
                deposed="deposed" in instance,
                attributes=instance["attributes"],
            )


def log_environment(folder: Path, level: str) -> dict[str, str]:
    """Return the variables that let Terraform write a log, which is then searched for secrets."""
    return {"TF_LOG": level, "TF_LOG_PATH": os.fspath(folder / _LOG)}
