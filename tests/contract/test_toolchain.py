"""`make setup` checks for its tools first, and prints which one is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "toolchain.sh"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with fake programs that are all new enough."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, output in {
        "python3": "",
        "node": "v20.0.0",
        "npm": "10.1.0",
        "terraform": "Terraform v1.11.0\\non linux_amd64",
    }.items():
        write_program(folder, name, f'printf "{output}\\n"')
    for name in ("sh", "sed"):
        (folder / name).symlink_to(f"/bin/{name}")
    return folder


def write_program(folder: Path, name: str, body: str) -> None:
    """Write a shell script."""
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def run_script(tools: Path, subcommand: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script with nothing but these tools."""
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), subcommand],
        env={"PATH": str(tools), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_required_tools_suffice(tools: Path) -> None:
    """The lowest supported versions are accepted without output."""
    result = run_script(tools, "check")

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["python3", "node", "npm", "terraform"])
def test_a_missing_tool_is_named(tools: Path, name: str) -> None:
    """A missing tool is reported in one sentence, with how to install it."""
    (tools / name).unlink()
    result = run_script(tools, "check")

    assert result.returncode == 1
    assert f"{name.rstrip('3')} " in result.stderr.lower()
    assert "is missing" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("node", "v18.19.1"),
        ("terraform", "Terraform v1.10.9"),
        ("terraform", "Terraform v0.15.0"),
        ("npm", "8.19.4"),
    ],
)
def test_an_old_tool_is_named(tools: Path, name: str, output: str) -> None:
    """A version that is too old is reported together with the required one."""
    write_program(tools, name, f'echo "{output}"')
    result = run_script(tools, "check")

    assert result.returncode == 1
    assert result.stderr.startswith(f"{name} is {output.rpartition('v')[2]}, which is too old: version ")


def test_a_shim_that_fails_is_passed_over(tools: Path) -> None:
    """A shim of a version manager that fails is ignored, and the next Python is used."""
    write_program(tools, "python3.13", "exit 127")

    assert run_script(tools, "python").stdout == "python3\n"


def test_the_newest_python_is_used(tools: Path) -> None:
    """The newest working Python is used."""
    write_program(tools, "python3.12", "exit 0")

    assert run_script(tools, "python").stdout == "python3.12\n"


def test_a_python_can_be_chosen(tools: Path) -> None:
    """`PYTHON` takes precedence, and an unusable `PYTHON` is an error."""
    assert run_script(tools, "python", PYTHON=sys.executable).stdout == f"{sys.executable}\n"

    result = run_script(tools, "check", PYTHON=str(tools / "none"))
    assert result.returncode == 1
    assert result.stderr.startswith(f"PYTHON names {tools / 'none'}, which is not")
