"""The unit tests of `make quick` on the other Pythons that the package names, where the machine has them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]
RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"
OTHERS = [version for version in ("3.11", "3.12", "3.13") if version != RUNNING]


def find(version: str) -> Path | None:
    """A Python of this version, on the PATH or among pyenv's, that can make a virtual environment."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    on_path = shutil.which(f"python{version}")
    candidates = [Path(on_path)] if on_path else []
    candidates += sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))
    for candidate in candidates:
        # A shim is on the PATH too when no version stands behind it, so each candidate is run.
        if (
            subprocess.run([candidate, "-c", "import ensurepip"], capture_output=True, check=False).returncode
            == 0
        ):
            return candidate
    return None


@pytest.mark.parametrize("version", OTHERS)
def test_the_unit_tests_pass_on(version: str, tmp_path: Path) -> None:
    """With the pinned versions of everything, the unit tests that `make quick` runs pass on this Python."""
    python = find(version)
    if python is None:
        pytest.skip(f"this machine has no Python {version}")
    of_venv = str(tmp_path / "venv" / "bin" / "python")
    pins = str(REPO / "constraints.txt")
    subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True)
    install = [of_venv, "-m", "pip", "install", "-qq", "--constraint", pins, "--editable", f"{REPO}[dev]"]
    subprocess.run(install, check=True)
    ended = subprocess.run(
        [of_venv, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not thorough", "tests/unit"],
        cwd=REPO,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout
