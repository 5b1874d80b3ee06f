"""Which Python a mirror should note down for the provider."""

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
    """The path of the Python that a name or a path leads to, after asking it whether it can run the provider.

    Without a name, the running one. The answer is what that Python calls itself: behind a shim of a version
    manager stands the real interpreter, which starts sooner, and a virtual environment's `python` stays what
    it is, because its packages depend on that name.
    """
    if name is None:
        return sys.executable
    path = shutil.which(name)
    if path is None:
        raise CommandError(
            f"{name} is not a program that can be run: name a Python with aep-flowbridge in it."
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
