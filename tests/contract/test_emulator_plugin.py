"""The pytest plugin and the context manager, as a user's own tests have them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from flow_emulator.behaviour.configuration import configure
from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.testing import running_emulator
from tests.contract.emulator_client import client_of
from tests.contract.test_emulator_serving import examples
from tests.unit.flow_emulator.session import BASE, base_body

ROOT = Path(__file__).parents[2]
PLUGIN = 'pytest_plugins = ["flow_emulator.testing.plugin"]\n'


def test_the_context_manager_is_configured() -> None:
    """Profile and switches are chosen at the start or later, unless a behaviour is fixed."""
    with running_emulator(profile="lenient", switches={"delete_status": 204}) as emulator:
        with client_of(emulator) as client:
            made = client.post(f"{BASE}/connections", json=base_body()).json()["id"]
            assert client.delete(f"{BASE}/connections/{made}").status_code == 204
            emulator.configure(body="bare", extra_hour_intervals=(8,))
            emulator.reset()
        shown = httpx.get(f"{emulator.url}/_emulator/behaviour", trust_env=False).json()
        assert shown["set"] == {"delete_status": "204", "body": "bare", "extra_hour_intervals": "8"}
        with pytest.raises(ValueError, match="Unknown switch 'colour'"):
            emulator.configure(colour="blue")
    with running_emulator(behaviour=Behaviour()) as fixed, pytest.raises(ValueError, match="fixed behaviour"):
        fixed.configure("lenient")


def test_the_context_manager_honours_its_file(tmp_path: Path) -> None:
    """Over a file it behaves as the file was configured to, and its clock is moved by steps."""
    file = tmp_path / "emulator.sqlite"
    configure(file, switches={"body": "bare"})
    with running_emulator(file) as emulator, client_of(emulator) as client:
        made = client.post(f"{BASE}/connections", json=base_body()).json()["id"]
        assert client.get(f"{BASE}/connections/{made}").json()["id"] == made
        emulator.set_clock("2031-01-02T00:00:00Z", stands=False)
        emulator.advance_clock(timedelta(days=1))
        assert (emulator.now.year, emulator.now.day) == (2031, 3)


def run_pytest(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    """Run tests with the plugin as a user's own project does, with warnings as errors."""
    (folder / "conftest.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "test_ours.py").write_text(tests, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AEP_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-W", "error", "--strict-markers", "-p", "no:cacheprovider", "."],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_example_with_pytest_runs(tmp_path: Path) -> None:
    """The test on the emulator's page passes as printed."""
    example = examples("python")[1]
    assert PLUGIN.strip() in example
    done = run_pytest(tmp_path, example)
    assert re.search(r"\b1 passed\b", done.stdout), done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.slow
def test_the_fixtures_work(tmp_path: Path) -> None:
    """The cases of the plugin pass in a project of their own."""
    cases = Path(__file__).with_name("emulator_plugin_cases.py").read_text(encoding="utf-8")
    done = run_pytest(tmp_path, cases)
    assert re.search(r"\b4 passed\b", done.stdout), done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.slow
def test_the_plugin_loads_nothing_by_itself() -> None:
    """A user's test run pays for the emulator only where a test asks for it."""
    program = (
        "import sys, flow_emulator.testing.plugin\n"
        "print([name for name in ('starlette', 'uvicorn', 'jsonschema', 'sqlite3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
