"""bandit is part of `make lint`, and each exclusion has a reason."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PACKAGES = ("provider_shim", "constructs_lib", "flow_emulator", "tools")
MANIFEST = (REPO / "pyproject.toml").read_text(encoding="utf-8")


def test_lint_runs_bandit_over_each_package() -> None:
    """`make lint` has bandit, with the configuration and all the packages."""
    [line] = [line for line in (REPO / "Makefile").read_text().splitlines() if "/bandit" in line]

    assert "--configfile pyproject.toml --recursive" in line
    assert line.split()[-len(PACKAGES) :] == list(PACKAGES)


@pytest.mark.parametrize(
    "unsafe",
    [
        "import subprocess\nsubprocess.run('ls ' + name, shell=True)",
        "import pickle\npickle.loads(data)",
        "import hashlib\nhashlib.md5(data)",
        "import os\nos.chmod(name, 0o777)",
        "import tempfile\ntempfile.mktemp()",
        "server.bind(('0.0.0.0', 80))",
        "import yaml\nyaml.load(text)",
        "eval(text)",
    ],
    ids=lambda text: text.split("\n")[-1].partition("(")[0],
)
def test_the_configuration_still_finds_unsafe_calls(tmp_path: Path, unsafe: str) -> None:
    """What is left out does not hide a call that is really unsafe."""
    (tmp_path / "unsafe.py").write_text(unsafe + "\n")
    command = [sys.executable, "-m", "bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive"]
    ended = subprocess.run([*command, str(tmp_path)], cwd=REPO, capture_output=True, text=True, check=False)

    assert ended.returncode == 1, ended.stdout + ended.stderr


def test_every_exclusion_has_a_reason() -> None:
    """Each test that is left out has a comment on its line, and each accepted line one after its mark."""
    [section] = re.findall(r"^\[tool\.bandit\]\n(.*?)\n\n", MANIFEST, re.MULTILINE | re.DOTALL)
    reasons = dict(re.findall(r'^  "(B\d+)", # (.{10,})$', section, re.MULTILINE))
    marked = [
        f"{file.relative_to(REPO)}: {line.strip()}"
        for package in PACKAGES
        for file in (REPO / package).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "nosec" in line
    ]

    assert sorted(reasons) == sorted(tomllib.loads(MANIFEST)["tool"]["bandit"]["skips"])
    assert marked
    assert [line for line in marked if not re.search(r"# nosec B\d+ # \w.{5,}$", line)] == []
