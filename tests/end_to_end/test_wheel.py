"""What a user gets who knows the built wheel and not this checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.workbench import Workbench

pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]
SECRETS = {
    "TF_VAR_s3_access_key": "AKIAIOSFODNN7EXAMPLE",
    "TF_VAR_s3_secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel, its `emulator` extra, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    python = folder / "venv" / "bin" / "python"
    for command in (
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(REPO)],
        [sys.executable, "-m", "venv", str(folder / "venv")],
    ):
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    pins = str(REPO / "constraints.txt")
    install = [str(python), "-m", "pip", "install", "-qq", "--constraint", pins, f"{wheel}[emulator]"]
    subprocess.run(install, check=True, cwd=folder)
    return folder / "venv"


def test_an_installed_wheel_applies_an_example(venv: Path, tmp_path: Path) -> None:
    """From the wheel alone, `flowbridge install` and `terraform apply` make an export that stays as it is."""
    bench = Workbench(tmp_path / "bench", REPO, SECRETS)
    bench.environment["PATH"] = f"{Path(shutil.which('terraform') or '').parent}:/usr/bin:/bin"
    bench.write_cli_config()
    stack = shutil.copytree(REPO / "examples/terraform/s3_export", tmp_path / "stack")

    bench.run([str(venv / "bin/flowbridge"), "install", "--mirror", str(bench.mirror)], tmp_path)
    assert next(bench.mirror.rglob("*.python")).read_text().startswith(str(venv))
    bench.terraform(["init"], stack)
    bench.terraform(["apply", "-auto-approve"], stack)
    assert len(bench.terraform(["output", "-raw", "flow_id"], stack).stdout) == 36
    bench.terraform(["plan", "-detailed-exitcode"], stack)


def test_the_doctor_finds_the_wheel_well(venv: Path, tmp_path: Path) -> None:
    """`flowbridge doctor` starts the provider of the wheel and ends with success."""
    bench = Workbench(tmp_path, REPO)
    bench.run([str(venv / "bin/flowbridge"), "install", "--mirror", str(bench.mirror)], tmp_path)
    report = bench.run(
        [str(venv / "bin/flowbridge"), "doctor", "--mirror", str(bench.mirror)], tmp_path
    ).stdout

    assert [line.split()[:2] for line in report.splitlines()] == [
        ["ok", name] for name in ("python", "terraform", "mirror", "provider", "cdktf")
    ]
    assert "starts, and offers protocol 6" in report
