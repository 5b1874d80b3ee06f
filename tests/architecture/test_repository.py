"""Checks of the repository's files."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
GENERATED = ("_pb2.py", "_pb2.pyi")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Return every file that is committed or could be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    return [REPO / name for name in listed.stdout.split("\0") if name and (REPO / name).is_file()]


def test_no_file_knows_a_machine(files: list[Path]) -> None:
    """No file contains a path of a developer's machine."""
    folders = "|".join(["root", "home", "Users", "work", "tmp"])
    machine = re.compile(rf"(?<![\w.*}}])/({folders})/\w|{re.escape(str(REPO))}")
    found = [
        f"{file.relative_to(REPO)}: {line.strip()[:100]}"
        for file in files
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
        if machine.search(line)
    ]

    assert found == []


def test_lock_files_name_no_download_host() -> None:
    """The pins have packages and hashes only, so that any registry can be used."""
    packages = json.loads((REPO / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    pins = [
        line
        for line in (REPO / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]

    assert len(packages) > 100
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", pin)] == []


def test_the_cdktf_command_line_is_pinned_once() -> None:
    """The manifest pins the version of the lock file."""
    manifest = json.loads((REPO / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((REPO / "package-lock.json").read_text(encoding="utf-8"))

    assert manifest["devDependencies"] == {"cdktf-cli": "0.21.0"}
    assert lock["packages"]["node_modules/cdktf-cli"]["version"] == "0.21.0"


def hand_written(files: list[Path]) -> list[Path]:
    """The Python files that are neither generated nor tests, relative to the project's root."""
    names = [file.relative_to(REPO) for file in files if file.suffix == ".py"]
    return [
        name
        for name in names
        if name.parts[0] != "tests" and "generated" not in name.parts and not name.name.endswith(GENERATED)
    ]


def test_no_python_file_is_crowded(files: list[Path]) -> None:
    """A file that is written by hand has at most 300 lines outside the tests, and 500 in them."""
    names = (file.relative_to(REPO) for file in files if file.suffix == ".py")
    source = dict.fromkeys(hand_written(files), 300)
    tests = dict.fromkeys((name for name in names if name.parts[0] == "tests"), 500)
    crowded = {
        str(name): lines
        for name, limit in (source | tests).items()
        if (lines := (REPO / name).read_text(encoding="utf-8").count("\n")) > limit
    }

    assert crowded == {}


def test_no_folder_is_crowded(files: list[Path]) -> None:
    """A folder of hand-written code holds at most 14 Python files side by side."""
    folders = Counter(name.parent for name in hand_written(files))

    assert {str(folder): count for folder, count in folders.items() if count > 14} == {}


def test_test_modules_have_names_of_their_own(files: list[Path]) -> None:
    """No two test modules have the same name, so that a failure identifies its file."""
    names = Counter(file.name for file in files if file.name.startswith("test_") and file.suffix == ".py")

    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    "script", [".ci/run", "tools/chromium.sh", "tools/toolchain.sh", "tools/renew_constraints.sh"]
)
def test_scripts_have_their_run_bit(script: str) -> None:
    """Every script is executable."""
    assert os.access(REPO / script, os.X_OK)


def test_the_changelog_knows_the_version() -> None:
    """The changelog has a section for the package's version."""
    manifest = (REPO / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)

    assert version is not None
    assert f"\n## {version[1]}\n" in (REPO / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["tests.unit.lifecycle.fake_terraform", "tests.unit.lifecycle.terraform_rules"]
)
def test_helpers_explain_their_asserts(name: str) -> None:
    """pytest rewrites the asserts of helper modules too, so that a failure shows the compared values."""
    module = importlib.import_module(name)

    assert type(module.__loader__).__name__ == "AssertionRewritingHook"
