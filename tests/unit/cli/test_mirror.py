"""The files in a mirror."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.command_error import CommandError
from provider_shim.cli.mirror import ProviderPackage, install_package, local_package

ADDRESS = SourceAddress("terraform.local", "flowbridge", "aep")


def package(mirror: Path, address: SourceAddress = ADDRESS, platform: str = "linux_amd64") -> ProviderPackage:
    """A package of version 0.1.0."""
    return ProviderPackage(mirror, address, "0.1.0", platform)


def test_the_launcher_is_where_terraform_searches(tmp_path: Path) -> None:
    """The path is that of an unpacked filesystem mirror, and the file is executable."""
    install_package(package(tmp_path))

    launcher = tmp_path / "terraform.local/flowbridge/aep/0.1.0/linux_amd64/terraform-provider-aep_v0.1.0"
    assert os.access(launcher, os.X_OK)


def test_the_hashed_folder_is_the_same_everywhere(tmp_path: Path) -> None:
    """Neither the mirror, nor the address, nor the Python, nor the platform changes the launcher's bytes."""
    here = package(tmp_path / "here")
    there = package(
        tmp_path / "there", SourceAddress("registry.example.com", "data", "adobe"), "darwin_arm64"
    )
    install_package(here, "/opt/one/python")
    install_package(there, "/opt/two/python")

    assert here.launcher.read_bytes() == there.launcher.read_bytes()
    assert [file.name for file in here.launcher.parent.iterdir()] == [here.launcher.name]


def test_the_pointer_names_this_python(tmp_path: Path) -> None:
    """The `python` of a virtual environment is recorded without resolving the link."""
    install_package(package(tmp_path))

    assert package(tmp_path).pointer.read_text() == f"{sys.executable}\n"


def test_installing_again_replaces_both_files(tmp_path: Path) -> None:
    """An older launcher and an older pointer are replaced, and no other file remains."""
    install_package(package(tmp_path), "/opt/old/python")
    package(tmp_path).launcher.write_text("old")
    install_package(package(tmp_path), "/opt/new/python")

    assert package(tmp_path).pointer.read_text() == "/opt/new/python\n"
    assert package(tmp_path).launcher.read_bytes().startswith(b"#!/bin/sh\n")
    assert sorted(entry.name for entry in package(tmp_path).folder.iterdir()) == [
        "0.1.0",
        "flowbridge_0.1.0_linux_amd64.python",
    ]


@pytest.mark.parametrize("umask", [0o077, 0o022, 0o000])
def test_install_makes_folders_that_only_the_owner_may_write(tmp_path: Path, umask: int) -> None:
    """Whatever the umask is, everyone can read what is installed, and no other user can change it."""
    mirror = tmp_path / "some/new/mirror"
    before = os.umask(umask)
    try:
        install_package(package(mirror))
    finally:
        os.umask(before)

    made = [tmp_path / "some", tmp_path / "some/new", mirror, *mirror.rglob("*")]
    modes = {path: path.stat().st_mode & 0o7777 for path in made}
    files = {package(mirror).pointer: 0o644, package(mirror).launcher: 0o755}
    assert modes == {path: files.get(path, 0o755) for path in made}


@pytest.mark.parametrize("mode", [0o700, 0o775, 0o1777])
def test_install_leaves_the_modes_of_existing_folders(tmp_path: Path, mode: int) -> None:
    """A folder that was there before keeps its mode."""
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    mirror.chmod(mode)
    install_package(package(mirror))

    assert mirror.stat().st_mode & 0o7777 == mode


@pytest.mark.parametrize(
    "python", ["python3", "./bin/python", "~/python", "/opt/py\nthon", "/opt/py\x1bthon"]
)
def test_install_records_an_absolute_path_only(tmp_path: Path, python: str) -> None:
    """What the launcher would reject is not written."""
    with pytest.raises(
        CommandError, match="not an absolute path, or it contains control characters"
    ) as caught:
        install_package(package(tmp_path), python)

    assert str(caught.value).isprintable()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "${a}", "%{a}"])
def test_a_mirror_that_terraform_could_not_read_is_an_error(tmp_path: Path, name: str) -> None:
    """A path that would be something else in Terraform's configuration is rejected, in one line."""
    with pytest.raises(CommandError, match="choose a path without") as caught:
        install_package(package(tmp_path / name))

    assert str(caught.value).isprintable()
    assert not list(tmp_path.iterdir())


def test_a_mirror_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """If the mirror is a file, the error has its path."""
    (tmp_path / "mirror").write_text("")

    with pytest.raises(CommandError, match=str(tmp_path / "mirror")):
        install_package(package(tmp_path / "mirror"))


def test_windows_is_an_error(tmp_path: Path) -> None:
    """The launcher is a POSIX script, so nothing is written for Windows."""
    with pytest.raises(CommandError, match="WSL"):
        install_package(package(tmp_path, platform="windows_amd64"))

    assert not list(tmp_path.iterdir())


def test_a_relative_mirror_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path in the CLI configuration is valid from any folder."""
    monkeypatch.chdir(tmp_path)

    assert local_package(Path("plugins"), ADDRESS).mirror == tmp_path / "plugins"
