"""The real `terraform` in one working folder, with its output as data.

`plan` and `apply` run with `-json`, so that tests read Terraform's events instead of its text. The state is
read from the state file, because `terraform show` would start the provider once more.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One diagnostic of Terraform, with the address of its resource and the attribute that it points to.

    `attribute` is the one in the line of configuration that Terraform shows. For a nested attribute, such as
    one in `schedule = {...}`, that is the outer attribute; the text contains the name of the inner one.
    """

    severity: str
    summary: str
    detail: str
    address: str
    attribute: str

    @property
    def text(self) -> str:
        """Summary and detail in one line, because tests ignore line breaks."""
        return " ".join(f"{self.summary} {self.detail}".split())


@dataclass(frozen=True, slots=True)
class Change:
    """One planned change. `action` is Terraform's name for it, such as `create` or `replace`."""

    address: str
    action: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The result of a command: exit code, output, and the events of a command that ran with `-json`."""

    code: int
    stdout: str
    stderr: str
    events: tuple[dict[str, Any], ...] = ()

    @property
    def output(self) -> str:
        """Everything that the command wrote."""
        return self.stdout + self.stderr

    @property
    def readable(self) -> str:
        """The output for people to read: the messages of the events and the details of the diagnostics."""
        if not self.events:
            return self.output
        messages = [str(event.get("@message")) for event in self.events]
        return "\n".join([*messages, *(f"{each.address}: {each.text}" for each in self.diagnostics)])

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All errors and warnings."""
        return [
            _diagnostic(event["diagnostic"]) for event in self.events if event.get("type") == "diagnostic"
        ]

    @property
    def errors(self) -> list[Diagnostic]:
        """The errors."""
        return [each for each in self.diagnostics if each.severity == "error"]

    @property
    def changes(self) -> dict[str, str]:
        """The planned action of each changed resource, by address."""
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
        """`update` or `delete` for each resource that was changed outside Terraform, by address."""
        return {
            event["change"]["resource"]["addr"]: event["change"]["action"]
            for event in self.events
            if event.get("type") == "resource_drift"
        }


class Terraform:
    """Terraform in one folder. A command with an unexpected exit code raises `AssertionError`.

    `environment` is the whole environment of the commands. Tests may change it between commands.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)

    def write(self, configuration: str, name: str = "main.tf") -> None:
        """Write one file of the configuration."""
        (self.folder / name).write_text(configuration, encoding="utf-8")

    def variables(self, **values: str) -> None:
        """Set Terraform variables through the environment."""
        self.environment |= {f"TF_VAR_{name}": value for name, value in values.items()}

    def init(self) -> CommandResult:
        """Install providers and modules."""
        return self.run("init", "-no-color", "-input=false", expected=(0,))

    def validate(self) -> list[Diagnostic]:
        """Validate the configuration, and return the diagnostics."""
        outcome = self.run("validate", "-json", expected=(0, 1))
        return [_diagnostic(each) for each in json.loads(outcome.stdout)["diagnostics"]]

    def plan(self, *flags: str) -> CommandResult:
        """Plan. The exit code is 0 for an empty plan and 2 for a plan with changes."""
        return self.run(
            "plan", "-json", "-input=false", "-detailed-exitcode", *flags, expected=(0, 2), events=True
        )

    def failing_plan(self, *flags: str) -> list[Diagnostic]:
        """Assert that a plan fails, and return its errors."""
        outcome = self.run("plan", "-json", "-input=false", *flags, expected=(1,), events=True)
        return outcome.errors

    def assert_empty_plan(self, *flags: str) -> None:
        """Assert that a plan changes neither objects nor outputs."""
        outcome = self.plan(*flags)
        assert outcome.code == 0, f"the plan is not empty:\n{outcome.readable}"

    def planned_values(self, *flags: str) -> list[dict[str, Any]]:
        """Plan, and return the resource changes with all values, from `terraform show -json`."""
        self.plan("-out=saved.plan", *flags)
        shown = json.loads(self.run("show", "-json", "saved.plan", expected=(0,)).stdout)
        return [each for each in shown["resource_changes"] if each["change"]["actions"] != ["no-op"]]

    def apply(self, *flags: str) -> CommandResult:
        """Apply the configuration."""
        return self.run("apply", "-json", "-input=false", "-auto-approve", *flags, expected=(0,), events=True)

    def failing_apply(self, *flags: str) -> list[Diagnostic]:
        """Assert that an apply fails, and return its errors."""
        outcome = self.run(
            "apply", "-json", "-input=false", "-auto-approve", *flags, expected=(1,), events=True
        )
        assert outcome.errors, f"the apply failed without an error:\n{outcome.readable}"
        return outcome.errors

    def destroy(self) -> CommandResult:
        """Destroy everything in the state."""
        return self.apply("-destroy")

    def import_by_id(self, address: str, identifier: str) -> CommandResult:
        """Run `terraform import`, which has no `-json`."""
        return self.run("import", "-no-color", "-input=false", address, identifier, expected=(0,))

    def remove_from_state(self, address: str) -> None:
        """Remove an object from the state, and leave it in Flow Service."""
        self.run("state", "rm", address, expected=(0,))

    def state(self) -> dict[str, dict[str, Any]]:
        """Return the attributes of each managed object in the state, by address."""
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
        """Return the values of the root module's outputs."""
        return {name: each["value"] for name, each in self._state_file().get("outputs", {}).items()}

    def edit_state(self, address: str, edit: Callable[[dict[str, Any]], None]) -> None:
        """Edit the instance of one object in the state file, as by hand."""
        state = self._state_file()
        type_name, _, name = address.partition(".")
        for resource in state["resources"]:
            if (resource["type"], resource["name"]) == (type_name, name):
                edit(resource["instances"][0])
        state["serial"] += 1
        self.write(json.dumps(state), "terraform.tfstate")

    def _state_file(self) -> dict[str, Any]:
        path = self.folder / "terraform.tfstate"
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return state

    def run(self, *command: str, expected: tuple[int, ...], events: bool = False) -> CommandResult:
        """Run one command. With `events`, parse its output as one JSON object per line."""
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
    """Return the environment without the provider's settings."""
    return {name: value for name, value in environment.items() if not name.startswith("AEP_")}


def reuse_init(initialized: Path, folder: Path) -> None:
    """Give a folder the providers and the lock file of an initialized one, instead of running `init`."""
    (folder / ".terraform").mkdir()
    os.symlink(initialized / ".terraform" / "providers", folder / ".terraform" / "providers")
    (folder / ".terraform.lock.hcl").write_bytes((initialized / ".terraform.lock.hcl").read_bytes())
