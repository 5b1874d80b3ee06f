"""Providers without the time for imports: a server of `tests.preload.server` for as long as tests run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.preload import client

REPO = Path(__file__).parents[2]

_VARIABLES = ("FLOWBRIDGE_PYTHON", client.SOCKET)


@contextmanager
def preloaded_provider() -> Iterator[dict[str, str]]:
    """Run the server, and yield the variables with which the launcher starts providers through it."""
    with tempfile.TemporaryDirectory(prefix="preload-") as folder:
        path, start = Path(folder) / "socket", Path(folder) / "python"
        start.write_text(f"#!{sys.executable} -IS\n{Path(client.__file__).read_text(encoding='utf-8')}")
        start.chmod(0o700)
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.preload.server", str(path)],
            cwd=REPO,
            env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with server:
            assert server.stdin is not None
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            yield dict(zip(_VARIABLES, (str(start), str(path)), strict=True))
            server.stdin.close()


def without_preload(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a test about the process itself, such as one that is killed."""
    return {name: value for name, value in environment.items() if name not in _VARIABLES}


def preload_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of `preloaded_provider` in an environment, to add them to another one."""
    return {name: environment[name] for name in _VARIABLES if name in environment}
