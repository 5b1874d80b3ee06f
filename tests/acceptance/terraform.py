"""The real `terraform` in one working folder, and what it says about itself as data.

`plan` and `apply` are run with `-json`, so that tests read Terraform's own events and no prose. State is read
from the state file, which costs no further start of the provider.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One diagnostic: what Terraform shows, the address that it names and the attribute that it points to.

    `attribute` is the one in the line that Terraform shows. Inside an attribute made of others
    (`schedule = {...}`) Terraform points to the outer one; the inner one's name is then in the text.
    """

    severity: str
    summary: str
    detail: str
    address: str
    attribute: str

    @property
    def text(self) -> str:
        """Summary and detail in one line: the provider's line breaks are no part of what is proved."""
        return " ".join(f"{self.summary} {self.detail}".split())


@dataclass(frozen=True, slots=True)
class Change:
    """One planned change: the action is Terraform's word (`create`, `update`, `replace`, `import`, ...)."""

    address: str
    action: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How one command ended: exit code, what it wrote, and its events where it was run with `-json`."""

    code: int
    stdout: str
    stderr: str
    events: tuple[dict[str, Any], ...] = ()

    @property
    def output(self) -> str:
        """All that it wrote."""
        return self.stdout + self.stderr

    @property
    def readable(self) -> str:
        """What it wrote, for a person: of events their messages and the details of diagnostics."""
        if not self.events:
            return self.output
        messages = [str(event.get("@message")) for event in self.events]
        return "\n".join([*messages, *(f"{each.address}: {each.text}" for each in self.diagnostics)])

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All diagnostics, warnings included."""
        return [
            _diagnostic(event["diagnostic"]) for event in self.events if event.get("type") == "diagnostic"
        ]

    @property
    def errors(self) -> list[Diagnostic]:
        """The diagnostics that stopped it."""
        return [each for each in self.diagnostics if each.severity == "error"]

    @property
    def changes(self) -> dict[str, str]:
        """The planned action of each resource that changes."""
        return {each.address: each.action for each in self.planned}

    @property
    def planned(self) -> list[Change]:
        """The planned changes in Terraform's order."""
        return [
            Change(
                event["change"]["resource"]["addr"], event["change"]["action"], event["change"].get("reason")
            )
            for event in self.events
            if event.get("type") == "planned_change"
        ]

    @property
    def drifted(self) -> dict[str, str]:
        """What Terraform found changed or gone outside: address and `update` or `delete`."""
        return {
            event["change"]["resource"]["addr"]: event["change"]["action"]
            for event in self.events
            if event.get("type") == "resource_drift"
        }


class Terraform:
    """Terraform in one folder. A command that ends otherwise than expected raises `AssertionError`.

    `environment` is the whole environment of the commands, and may be changed between them.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)

    def write(self, configuration: str, name: str = "main.tf") -> None:
        """Replace one file of the configuration."""
        (self.folder / name).write_text(configuration, encoding="utf-8")

    def variables(self, **values: str) -> None:
        """Give Terraform variables through the environment, as secrets are given."""
        self.environment |= {f"TF_VAR_{name}": value for name, value in values.items()}

    def init(self) -> CommandResult:
        """Install providers and modules."""
        return self.run("init", "-no-color", "-input=false", expected=(0,))

    def validate(self) -> list[Diagnostic]:
        """Check the configuration offline; the diagnostics."""
        outcome = self.run("validate", "-json", expected=(0, 1))
        return [_diagnostic(each) for each in json.loads(outcome.stdout)["diagnostics"]]

    def plan(self, *flags: str) -> CommandResult:
        """What would change. Exit code 0 is an empty plan, 2 a plan with changes."""
        return self.run(
            "plan", "-json", "-input=false", "-detailed-exitcode", *flags, expected=(0, 2), events=True
        )

    def failing_plan(self, *flags: str) -> list[Diagnostic]:
        """The errors of a plan that must fail."""
        outcome = self.run("plan", "-json", "-input=false", *flags, expected=(1,), events=True)
        return outcome.errors

    def assert_empty_plan(self, *flags: str) -> None:
        """Nothing changes, neither objects nor outputs."""
        outcome = self.plan(*flags)
        assert outcome.code == 0, f"the plan is not empty:\n{outcome.readable}"

    def planned_values(self, *flags: str) -> list[dict[str, Any]]:
        """The resource changes of a plan with all values, as `terraform show -json` has them."""
        self.plan("-out=saved.plan", *flags)
        shown = json.loads(self.run("show", "-json", "saved.plan", expected=(0,)).stdout)
        return [each for each in shown["resource_changes"] if each["change"]["actions"] != ["no-op"]]

    def apply(self, *flags: str) -> CommandResult:
        """Apply the configuration."""
        return self.run("apply", "-json", "-input=false", "-auto-approve", *flags, expected=(0,), events=True)

    def failing_apply(self, *flags: str) -> list[Diagnostic]:
        """The errors of an apply that must fail."""
        outcome = self.run(
            "apply", "-json", "-input=false", "-auto-approve", *flags, expected=(1,), events=True
        )
        assert outcome.errors, f"it failed without telling why:\n{outcome.readable}"
        return outcome.errors

    def destroy(self) -> CommandResult:
        """Destroy everything that the state has."""
        return self.apply("-destroy")

    def import_by_id(self, address: str, identifier: str) -> CommandResult:
        """`terraform import`, which has no `-json`."""
        return self.run("import", "-no-color", "-input=false", address, identifier, expected=(0,))

    def remove_from_state(self, address: str) -> None:
        """Take an object out of the state, as if Terraform had never known it."""
        self.run("state", "rm", address, expected=(0,))

    def state(self) -> dict[str, dict[str, Any]]:
        """The attributes of each managed object in the state, by address."""
        objects: dict[str, dict[str, Any]] = {}
        for resource in self._state_file().get("resources", []):
            if resource["mode"] != "managed":
                continue
            module = f"{resource['module']}." if "module" in resource else ""
            for instance in resource["instances"]:
                if "deposed" in instance:
                    continue
                key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
                objects[f"{module}{resource['type']}.{resource['name']}{key}"] = instance["attributes"]
        return objects

    def outputs(self) -> dict[str, Any]:
        """The values of the root module's outputs."""
        return {name: each["value"] for name, each in self._state_file().get("outputs", {}).items()}

    def _state_file(self) -> dict[str, Any]:
        path = self.folder / "terraform.tfstate"
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return state

    def run(self, *command: str, expected: tuple[int, ...], events: bool = False) -> CommandResult:
        """Run one command; `events` reads its output as one JSON object a line."""
        done = subprocess.run(
            ["terraform", *command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        lines = [line for line in done.stdout.splitlines() if events and line.startswith("{")]
        outcome = CommandResult(
            done.returncode, done.stdout, done.stderr, tuple(json.loads(line) for line in lines)
        )
        assert done.returncode in expected, (
            f"`terraform {' '.join(command)}` ended with {done.returncode}:\n{outcome.readable}"
        )
        return outcome


def _diagnostic(diagnostic: Mapping[str, Any]) -> Diagnostic:
    shown = re.match(r"\s*(\w+)\s*=", (diagnostic.get("snippet") or {}).get("code", ""))
    return Diagnostic(
        severity=diagnostic["severity"],
        summary=diagnostic["summary"],
        detail=diagnostic.get("detail", ""),
        address=diagnostic.get("address", ""),
        attribute=shown[1] if shown else "",
    )


def without_provider_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without any setting of the provider."""
    return {name: value for name, value in environment.items() if not name.startswith("AEP_")}


def reuse_init(initialized: Path, folder: Path) -> None:
    """Make a folder look as after `terraform init`, without running it: same providers, same lock file."""
    (folder / ".terraform").mkdir()
    os.symlink(initialized / ".terraform" / "providers", folder / ".terraform" / "providers")
    (folder / ".terraform.lock.hcl").write_bytes((initialized / ".terraform.lock.hcl").read_bytes())
