"""The state of the current folder, from `terraform state pull`."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from provider_shim.cli.command_error import CommandError
from provider_shim.cli.objects.state_sources import pull_state, read_states


@pytest.fixture
def pulls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Replace `terraform`: the test adds the result of each call."""
    results: list[Any] = []
    commands: list[list[str]] = []

    def run(command: list[str], **_options: Any) -> Any:
        commands.append(command)
        assert command[1:] == ["state", "pull", "-no-color"]
        code, out, err = results.pop(0)
        return subprocess.CompletedProcess(command, code, out, err)

    monkeypatch.setattr("shutil.which", lambda name: f"bin/{name}")
    monkeypatch.setattr("subprocess.run", run)
    return results


def test_the_state_of_the_folder_is_the_default(pulls: list[Any]) -> None:
    """Without `--state`, the state comes from `terraform state pull`, so that remote backends work."""
    pulls.append((0, b'{"version": 4, "resources": []}', b""))

    assert [state.ids for state in read_states([])] == [frozenset()]


@pytest.mark.parametrize("pulled", [b"", b'{"version": 4, "serial": 0, "lineage": "", "resources": []}\n\n'])
def test_a_folder_without_a_state(pulls: list[Any], pulled: bytes) -> None:
    """No state at all is an error, so that a wrong folder does not make all exports orphans."""
    pulls.append((0, pulled, b""))

    with pytest.raises(CommandError, match=r"Terraform has no state in .*`--no-state`") as error:
        read_states([])
    assert error.value.exit_code == 2


def test_a_folder_with_an_old_state(pulls: list[Any]) -> None:
    """A state that can't be read is no missing state: `--no-state` is not offered."""
    pulls.append((0, b'{"version": 3, "lineage": "x"}', b""))

    with pytest.raises(
        CommandError, match=r"The state of this folder is not a state file of version 4"
    ) as error:
        read_states([])
    assert "--no-state" not in str(error.value)


def test_a_folder_without_init(pulls: list[Any]) -> None:
    """What Terraform prints is quoted without its colours and frames."""
    frame = "\x1b[31m╷\x1b[0m\n│ \x1b[1mError: Backend initialization required\n│ \n│ Run it.\n╵\n"
    pulls.append((1, b"", frame.encode()))

    with pytest.raises(CommandError) as error:
        pull_state()
    assert error.value.exit_code == 2
    assert "terraform init" in str(error.value)
    assert str(error.value).endswith("\n\nError: Backend initialization required\nRun it.")


def test_a_machine_without_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `terraform` and `tofu` the error mentions `--state`."""
    monkeypatch.setattr("shutil.which", lambda _: None)

    with pytest.raises(CommandError, match=r"`terraform` is not on the PATH.*--state"):
        read_states([])
