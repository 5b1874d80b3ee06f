"""The Python interpreter that runs an installed provider."""

from __future__ import annotations

import shutil
import subprocess
import sys

from provider_shim.cli.command_error import CommandError

_PROBE = """
import sys
del sys.path[0]
print(sys.version_info >= (3, 11))
import provider_shim
print(sys.executable)
"""


def find_interpreter(name: str | None) -> str:
    """Find a Python by name or path, and check that it can run the provider.

    The result is the interpreter's own `sys.executable`. For a shim of a version manager this is the real
    interpreter, which starts faster. The `python` of a virtual environment is not resolved, because its
    packages depend on that path.

    Args:
        name: Name or path of the interpreter, or None for the running one.

    Raises:
        CommandError: There is no such program, it is too old, or it lacks aep-flowbridge.
    """
    if name is None:
        return sys.executable
    path = shutil.which(name)
    if path is None:
        raise CommandError(
            f"{name} is not an executable program: name a Python with aep-flowbridge installed."
        )
    result = subprocess.run([path, "-E", "-c", _PROBE], capture_output=True, text=True, check=False)
    match result.stdout.split("\n"):
        case ["True", executable, ""] if result.returncode == 0:
            return executable
        case ["True", *_]:
            raise CommandError(
                f"{path} has no aep-flowbridge: run `{path} -m pip install aep-flowbridge`, or name another."
            )
        case _:
            raise CommandError(f"{path} is not a Python 3.11 or newer: name another one.")
