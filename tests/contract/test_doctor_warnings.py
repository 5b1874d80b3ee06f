"""`flowbridge doctor` warns of files that other users of the machine could change."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.app import main
from provider_shim.cli.mirror import ProviderPackage, install_package, local_package
from provider_shim.cli.permissions import describe, problem_of, steps_to, warnings_of
from provider_shim.source_address import DEFAULT_ADDRESS

pytestmark = pytest.mark.slow

ME = os.geteuid()
OTHER = 54321


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A Python with a package `provider_shim` in its own `site-packages`."""
    home = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    [site] = (home / "lib").glob("python*/site-packages")
    (site / "provider_shim" / "cli").mkdir(parents=True)
    (site / "provider_shim" / "__init__.py").write_text("")
    (site / "provider_shim" / "cli" / "app.py").write_text("")
    return home / "bin" / "python"


@pytest.fixture
def package(tmp_path: Path, python: Path) -> ProviderPackage:
    """An installed provider that runs on this Python."""
    package = local_package(tmp_path / "mirror", SourceAddress.parse(DEFAULT_ADDRESS))
    install_package(package, str(python))
    return package


@pytest.fixture(autouse=True)
def own_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Judge only what the test has made: the Python of the machine may have warnings of its own."""
    monkeypatch.setattr(
        "provider_shim.cli.permissions.problem_of",
        lambda place: problem_of(place) if tmp_path in place.parents else None,
    )


def site_packages(package: ProviderPackage) -> Path:
    """The folder of modules of the package's Python."""
    [site] = (Path(package.pointer.read_text().strip()).parents[1] / "lib").glob("python*/site-packages")
    return site


def test_there_is_no_warning_after_an_installation(package: ProviderPackage) -> None:
    """What `flowbridge install` writes can be changed by its owner only."""
    assert warnings_of(package) == []


@pytest.mark.parametrize(
    "part",
    [
        "the mirror",
        "the launcher",
        "the pointer",
        "the folder of the launcher",
        "the Python",
        "site-packages",
        "the package",
        "a module",
    ],
)
@pytest.mark.parametrize(("bit", "who"), [(0o002, "every user"), (0o020, "the group")])
def test_doctor_warns_of_what_others_can_write(
    monkeypatch: pytest.MonkeyPatch, package: ProviderPackage, part: str, bit: int, who: str
) -> None:
    """Each file and folder between Terraform and the provider's modules is named if others can write it."""
    site = site_packages(package)
    python = Path(package.pointer.read_text().strip())
    if part == "the Python":  # a copy, since the link leads to the machine's own
        target = python.resolve()
        python.unlink()
        shutil.copy(target, python)
    path = {
        "the mirror": package.mirror,
        "the launcher": package.launcher,
        "the pointer": package.pointer,
        "the folder of the launcher": package.launcher.parent,
        "the Python": python,
        "site-packages": site,
        "the package": site / "provider_shim",
        "a module": site / "provider_shim/cli/app.py",
    }[part]
    monkeypatch.setattr("provider_shim.cli.permissions._private_group", lambda: None)
    if ME == 0:
        os.chown(path, -1, OTHER)  # the group of root is trusted
    path.chmod(stat.S_IMODE(path.stat().st_mode) | bit)

    [warning] = warnings_of(package)

    assert warning.startswith(f"{path} can be changed by {who}")


@pytest.mark.parametrize("part", ["the Python", "the pointer"])
def test_a_python_that_others_could_change_is_not_started(
    tmp_path: Path, package: ProviderPackage, part: str
) -> None:
    """The warning comes without a start of what another user may have written."""
    python = tmp_path / "noted"
    python.write_text(f"#!/bin/sh\necho started > {tmp_path}/started\n")
    python.chmod(0o755)
    package.pointer.write_text(f"{python}\n")
    changed = python if part == "the Python" else package.pointer
    changed.chmod(0o757)

    assert warnings_of(package) == [f"{changed} can be changed by every user: run `chmod o-w` on it."]
    assert not (tmp_path / "started").exists()


def test_a_python_that_does_not_end_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, package: ProviderPackage
) -> None:
    """A Python that prints no folders in time is killed, and the warning names it."""
    monkeypatch.setattr("provider_shim.cli.permissions._START_TIMEOUT", 0.0)

    [warning] = warnings_of(package)

    assert warning.startswith(f"{package.pointer.read_text().strip()} did not print its folders within")


def test_the_way_to_a_file_has_each_folder_and_each_link(tmp_path: Path) -> None:
    """Links are followed step by step: whoever can replace one of them replaces the file."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/file").write_text("")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/link").symlink_to("../a")
    (tmp_path / "first").symlink_to(tmp_path / "b/link/file")

    steps = list(steps_to(tmp_path / "first"))

    own = [str(step.relative_to(tmp_path)) for step in steps if tmp_path in step.parents]
    assert list(dict.fromkeys(own)) == ["first", "b", "b/link", "a", "a/file"]
    assert steps[0] == Path("/")


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    """A link to itself is no endless way."""
    (tmp_path / "circle").symlink_to(tmp_path / "circle")

    assert tmp_path / "circle" in list(steps_to(tmp_path / "circle"))


def status(mode: int, user: int = ME, group: int = 77777) -> os.stat_result:
    """What the system answers about a file."""
    return os.stat_result((mode, 1, 1, 1, user, group, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (status(stat.S_IFREG | 0o644), None),
        (status(stat.S_IFREG | 0o644, user=0), None),
        (status(stat.S_IFREG | 0o600, user=OTHER), "belongs to the user 54321, who can change it."),
        (status(stat.S_IFDIR | 0o755, user=OTHER), "belongs to the user 54321, who can change it."),
        (status(stat.S_IFLNK | 0o777, user=OTHER), "belongs to the user 54321, who can change it."),
        (status(stat.S_IFLNK | 0o777), None),
        (status(stat.S_IFDIR | 0o1777), None),
        (status(stat.S_IFDIR | 0o1777, user=OTHER), "belongs to the user 54321, who can change it."),
        (status(stat.S_IFDIR | 0o777), "can be changed by every user: run `chmod o-w` on it."),
        (status(stat.S_IFREG | 0o1666), "can be changed by every user: run `chmod o-w` on it."),
        (status(stat.S_IFDIR | 0o775), "can be changed by the group 77777: run `chmod g-w` on it."),
        (status(stat.S_IFDIR | 0o775, group=1000), None),
        (status(stat.S_IFDIR | 0o775, group=0), None),
    ],
)
def test_only_the_user_and_root_are_trusted(found: os.stat_result, expected: str | None) -> None:
    """Another owner and write permission for others are named; a sticky folder, a private group are not."""
    assert describe(found, ME, private_group=1000) == expected


def test_a_warning_does_not_fail_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The line begins with `!!`, and the exit code is 0 if the provider works."""
    monkeypatch.setattr("provider_shim.cli.doctor.check_terraform", lambda: "1.11.4")
    package = local_package(tmp_path / "mirror", SourceAddress.parse(DEFAULT_ADDRESS))
    install_package(package)
    package.pointer.chmod(0o666)
    monkeypatch.setattr(sys, "argv", ["flowbridge", "doctor", "--mirror", str(package.mirror)])

    with pytest.raises(SystemExit) as ended:
        main()

    out = capsys.readouterr().out
    warning = f"!!  files      {package.pointer} can be changed by every user"
    assert -1 < out.find(warning) < out.find("ok  provider")
    assert ended.value.code in (0, None)
