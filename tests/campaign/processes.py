"""Processes: a command in a process group of its own, which can be signalled while it runs."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

HANG_SECONDS = 150
"""Longest time of a command. The slowest one with injected faults takes about 20 seconds."""

_QUIT_SECONDS = 10


class RunningCommand:
    """One command."""

    def __init__(self) -> None:
        self.signalled: str | None = None

    def start(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Start the command."""
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def signal(self, target: str) -> None:
        """Kill the provider's processes, kill Terraform with them, or interrupt all as a terminal does."""
        self.signalled = target
        with suppress(ProcessLookupError, PermissionError):
            match target:
                case "provider":
                    for process in self._others():
                        os.kill(process, signal.SIGKILL)
                case "terraform":
                    os.killpg(self._process.pid, signal.SIGKILL)
                case "interrupt":
                    os.killpg(self._process.pid, signal.SIGINT)

    def wait(self) -> tuple[int, str, bool]:
        """Wait for the end. Returns the exit code, the output, and whether it hung and was killed."""
        try:
            output, _ = self._process.communicate(timeout=HANG_SECONDS)
            return self._process.returncode, output, False
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL, self._end(), True

    def _end(self) -> str:
        """Let Terraform print what it waits for, kill it with its processes, and return the output."""
        output: str | None = None
        with suppress(subprocess.TimeoutExpired):
            os.kill(self._process.pid, signal.SIGQUIT)
            output, _ = self._process.communicate(timeout=_QUIT_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if output is None:
            output, _ = self._process.communicate()
        return output

    def _others(self) -> list[int]:
        """Return the processes of the group that Terraform has started."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        pairs = [tuple(map(int, line.split())) for line in listed]
        return [pid for pid, group in pairs if group == self._process.pid and pid != self._process.pid]
