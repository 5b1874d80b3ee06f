"""Reading states: from files, from stdin, or from `terraform state pull`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from provider_shim.cli.command_error import CommandError
from provider_shim.cli.objects.terraform_state import HeldObjects, NoState, StateError, parse

STDIN = "-"
_IF_LOST = " If the state is lost, `--no-state` lists all objects of this client."
_COLORS = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r"^[╷╵│\s]+", re.MULTILINE)


def read_states(given: Sequence[str], pull: Callable[[], bytes] | None = None) -> list[HeldObjects]:
    """Read the states that the user names, or that of the current folder if there are none.

    Args:
        given: Paths, or `-` for stdin.
        pull: Returns the state of the current folder; `pull_state` unless a test replaces it.

    Raises:
        CommandError: A state can't be read, with the exit code 2.
    """
    if not given:
        return [_state_of_folder((pull or pull_state)())]
    if given.count(STDIN) > 1:
        raise _failure("`--state -` can be given only once.")
    return [_parsed("The state on stdin" if each == STDIN else each, _read(each)) for each in given]


def pull_state() -> bytes:
    """Return the output of `terraform state pull` in the current folder.

    Uses `tofu` if there is no `terraform`. Raises `CommandError` if it fails.
    """
    program = shutil.which("terraform") or shutil.which("tofu")
    if program is None:
        raise _failure("`terraform` is not on the PATH: install it, or give a state with `--state`.")
    done = subprocess.run(
        [program, "state", "pull", "-no-color"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode != 0:
        reason = _FRAME.sub("", _COLORS.sub("", done.stderr.decode(errors="replace"))).strip()
        raise _failure(
            f"`terraform state pull` failed in {Path.cwd()}. Run `terraform init` there if it was not run "
            f"yet, or give a state with `--state`. Its output was:\n\n{reason}"
        )
    return done.stdout


def _read(given: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if given == STDIN else Path(given).read_bytes()
    except OSError as error:
        raise _failure(f"{given} can't be read: {error.strerror or error}.") from error


def _state_of_folder(content: bytes) -> HeldObjects:
    try:
        return parse("The state of this folder", content)
    except NoState as error:
        raise _failure(
            f"Terraform has no state in {Path.cwd()}. Run the command in the folder of a configuration, or "
            f"give a state with `--state`.{_IF_LOST}"
        ) from error
    except StateError as error:
        raise _failure(f"The state of this folder {error}.") from error


def _parsed(name: str, content: bytes) -> HeldObjects:
    try:
        return parse(name, content)
    except StateError as error:
        raise _failure(f"{name} {error}.{_IF_LOST if isinstance(error, NoState) else ''}") from error


def _failure(sentence: str) -> CommandError:
    return CommandError(sentence, exit_code=2)
