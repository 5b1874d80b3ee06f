"""A real emulator in a process of its own, over a file, with its log."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROGRAM: Final = "import sys; from flow_emulator.serving import serve; serve(sys.argv[1])"


@dataclass
class EmulatorProcess:
    """A running emulator: its port, its process, and how much of its log has been read."""

    port: int
    process: subprocess.Popen[str]
    log: Path
    read: int = 0

    def new_traceback(self) -> str:
        """Return what the log has since the last call, if a traceback is in it."""
        if os.path.getsize(self.log) == self.read:
            return ""
        with self.log.open("rb") as stream:
            stream.seek(self.read)
            text = stream.read()
        self.read += len(text)
        return text.decode("utf-8", "replace")[-1500:] if b"Traceback" in text else ""

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None


@contextmanager
def serving(folder: Path) -> Iterator[EmulatorProcess]:
    """Serve an emulator over a file in a folder while the block runs."""
    log = folder / "log.txt"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(folder / "fuzz.sqlite")],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        yield EmulatorProcess(int(url.rpartition(":")[2]), process, log)
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()
