"""The launcher in a mirror: which Python it starts, and its error messages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.mirror import ProviderPackage, install_package

pytestmark = pytest.mark.slow


@pytest.fixture
def package(tmp_path: Path) -> ProviderPackage:
    """A provider package whose pointer contains the path of the program `noted`."""
    package = ProviderPackage(
        tmp_path / "mirror", SourceAddress("terraform.local", "flowbridge", "aep"), "0.1.0", "linux_amd64"
    )
    install_package(package, str(write_program(tmp_path / "noted")))
    return package


@pytest.fixture
def stack(tmp_path: Path, package: ProviderPackage) -> Path:
    """A configuration's folder with a link to the provider package, like after `terraform init`."""
    versions = tmp_path / "stack/.terraform/providers/terraform.local/flowbridge/aep/0.1.0"
    versions.mkdir(parents=True)
    (versions / "linux_amd64").symlink_to(package.launcher.parent)
    return tmp_path / "stack"


def write_program(path: Path) -> Path:
    """Write a program that prints its name and its working folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('#!/bin/sh\necho "${0##*/} in ${PWD##*/} $*" | head -n 1\n')
    path.chmod(0o755)
    return path


def launch(stack: Path, path: str = "/usr/bin:/bin", **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the launcher by its relative path from the configuration's folder, as Terraform does."""
    launcher = next((stack / ".terraform").glob("**/linux_amd64")) / "terraform-provider-aep_v0.1.0"
    return subprocess.run(
        [str(launcher.relative_to(stack))],
        cwd=stack,
        env={"PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_pointer_is_found_through_terraforms_link(stack: Path) -> None:
    """The Python of the pointer runs, in the folder of the configuration."""
    assert launch(stack).stdout.startswith("noted in stack -E -c")


def test_a_cdpath_does_not_mislead(stack: Path, tmp_path: Path) -> None:
    """The launcher ignores CDPATH."""
    assert launch(stack, CDPATH=str(tmp_path)).stdout.startswith("noted in stack")


def test_flowbridge_python_takes_precedence(stack: Path, tmp_path: Path) -> None:
    """`FLOWBRIDGE_PYTHON` takes precedence over the pointer, as a path or as a name on the PATH."""
    chosen = write_program(tmp_path / "bin" / "chosen")

    assert launch(stack, FLOWBRIDGE_PYTHON=str(chosen)).stdout.startswith("chosen in stack")
    assert launch(stack, f"{chosen.parent}:/usr/bin:/bin", FLOWBRIDGE_PYTHON="chosen").stdout.startswith(
        "chosen in"
    )


def test_a_wrong_flowbridge_python_is_an_error(stack: Path, tmp_path: Path) -> None:
    """A variable with a path that doesn't exist is an error."""
    result = launch(stack, FLOWBRIDGE_PYTHON=str(tmp_path / "nothing"))

    assert result.returncode == 1
    assert result.stdout.startswith(
        f"FLOWBRIDGE_PYTHON names {tmp_path / 'nothing'}, which is not an executable program"
    )
    assert result.stdout.count("\n") == 1


def test_without_a_pointer_flowbridge_serves(stack: Path, package: ProviderPackage, tmp_path: Path) -> None:
    """A mirror that was copied from another machine falls back to `flowbridge` on the PATH."""
    write_program(tmp_path / "bin" / "flowbridge")
    package.pointer.unlink()

    assert launch(stack, f"{tmp_path}/bin:/usr/bin:/bin").stdout == "flowbridge in stack provider\n"


def test_a_copy_of_the_folder_has_no_pointer(stack: Path, package: ProviderPackage) -> None:
    """If Terraform copies the folder instead of linking it, the error has the path of the missing pointer."""
    link = next((stack / ".terraform").glob("**/linux_amd64"))
    link.unlink()
    shutil.copytree(package.launcher.parent, link)
    result = launch(stack)

    assert result.returncode == 1
    assert result.stdout.startswith("No Python for aep-flowbridge was found")
    assert str(link.parent.parent / "flowbridge_0.1.0_linux_amd64.python") in result.stdout
    assert result.stdout.count("\n") == 1


def test_a_python_that_is_gone_is_named(stack: Path, tmp_path: Path) -> None:
    """If the Python doesn't exist any more, the error has its path."""
    (tmp_path / "noted").unlink()
    result = launch(stack)

    assert result.returncode == 1
    assert f"{tmp_path / 'noted'}, does not exist any more" in result.stdout
    assert result.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "python3\n",
        "./noted\n",
        "../noted\n",
        "bin/noted",
        "~/noted\n",
        " /noted\n",
        "{python}\nsecond line\n",
        "\n{python}\n",
        "{python}\r\n",
    ],
)
def test_the_launcher_accepts_only_an_absolute_path(
    stack: Path, package: ProviderPackage, tmp_path: Path, content: str
) -> None:
    """Anything but one absolute path in the pointer is one sentence, and no program of the folder runs."""
    write_program(stack / "noted")
    write_program(stack / "bin/noted")
    write_program(tmp_path / "bin" / "flowbridge")
    package.pointer.write_text(content.format(python=tmp_path / "noted"))

    result = launch(stack, f"{tmp_path}/bin:/usr/bin:/bin:.", HOME=str(stack))

    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout == (
        f"{package.pointer} must contain only the absolute path of a Python. "
        "Run `flowbridge install` again.\n"
    )


def test_a_folder_is_no_python(stack: Path, package: ProviderPackage, tmp_path: Path) -> None:
    """A folder has the bit that makes a file executable, and is no program."""
    package.pointer.write_text(f"{tmp_path}\n")
    result = launch(stack)

    assert (result.returncode, result.stderr) == (1, "")
    assert f"{tmp_path}, does not exist any more" in result.stdout


def test_a_python_without_the_package_is_an_error(stack: Path, tmp_path: Path) -> None:
    """If the Python lacks the provider, the error is on stdout, which Terraform shows."""
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    result = launch(stack, FLOWBRIDGE_PYTHON=str(bare / "bin/python"))

    assert result.returncode == 1
    assert result.stdout.startswith(f"{bare / 'bin/python'} lacks the module provider_shim")


def test_the_working_folder_shadows_nothing(stack: Path) -> None:
    """A package of the same name in the working folder or on PYTHONPATH isn't imported."""
    (stack / "provider_shim").mkdir()
    (stack / "provider_shim" / "__init__.py").write_text("print('shadowed')")
    result = launch(stack, FLOWBRIDGE_PYTHON=sys.executable, PYTHONPATH=f".{os.pathsep}")

    assert "shadowed" not in result.stdout
    assert result.returncode == 1
