"""Exports of a served emulator, and of several processes on one file."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from flow_emulator.exports.parquet import INSTALL
from flow_emulator.testing import RunningEmulator, running_emulator
from tests.contract.emulator_client import client_of
from tests.unit.flow_emulator.session import BASE, DATASET, base_body, flow_body, source_body, target_body

START = 1_900_000_800  # 2030-03-17T18:00:00Z


def make_flow(client: httpx.Client, file_type: str = "JSON") -> str:
    """A whole export; the id of its flow."""

    def make(collection: str, body: object) -> str:
        response = client.post(f"{BASE}/{collection}", json=body)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    source, base = make("sourceConnections", source_body()), make("connections", base_body())
    target = target_body(base)
    target["params"] |= {"datasetFileType": file_type, "includeFileManifest": True}
    return make("flows", flow_body(source, make("targetConnections", target)))


def runs_of(client: httpx.Client, flow: str) -> list[dict[str, object]]:
    """The runs of a flow."""
    found: list[dict[str, object]] = client.get(f"{BASE}/runs?property=flowId=={flow}").json()["items"]
    return found


def numbers(folder: Path) -> list[int]:
    """The field ``n`` of every row in every file."""
    return [
        json.loads(line)["n"]
        for path in folder.rglob("*.json.gz")
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]


def start(emulator: RunningEmulator) -> None:
    """Set the clock to a moment before the flows' start."""
    emulator.set_clock("2030-03-17T17:00:00Z")


def test_a_users_test_sees_files(tmp_path: Path) -> None:
    """With the helper a user's test adds rows, moves the clock, and finds the files that the run counts."""
    with running_emulator(export_folder=tmp_path) as emulator:
        start(emulator)
        with client_of(emulator) as client:
            flow = make_flow(client)
            assert emulator.add_rows(DATASET, [{"n": 1}, {"n": 2}]) == 2
            assert emulator.add_rows(DATASET, [{"n": 3}], at="2030-03-17T19:00:00Z") == 1
            emulator.set_clock("2030-03-17T21:00:00Z")
            counts = [run["metrics"]["recordSummary"]["outputRecordCount"] for run in runs_of(client, flow)]  # type: ignore[index]
    assert counts == [1, 2]
    assert sorted(numbers(tmp_path)) == [1, 2, 3]
    assert len(list(tmp_path.rglob("manifest-*.json"))) == 2


def test_the_folder_can_be_chosen_later(tmp_path: Path) -> None:
    """A test that got its emulator from a fixture chooses the folder itself, and may take it back."""
    with running_emulator() as emulator:
        emulator.set_export_folder(tmp_path)
        start(emulator)
        with client_of(emulator) as client:
            make_flow(client, "PARQUET")
        emulator.add_rows(DATASET, [{"n": 1}])
        emulator.set_clock("2030-03-17T18:00:00Z")
        emulator.add_rows(DATASET, [{"n": 2}])
        emulator.set_export_folder(None)
        emulator.set_clock("2030-03-17T21:00:00Z")
    assert len(list(tmp_path.rglob("*.gz.parquet"))) == 1


@pytest.mark.slow
def test_the_command_writes_what_was_due_when_its_clock_is_set(tmp_path: Path) -> None:
    """With --export-folder and --clock the runs that come due at its start write their files there."""
    file, folder = tmp_path / "flow-service.sqlite", tmp_path / "out"
    with running_emulator(file) as emulator:
        start(emulator)
        with client_of(emulator) as client:
            make_flow(client)
        emulator.add_rows(DATASET, [{"n": 1}])
    command = [sys.executable, "-c", "from provider_shim.cli.app import main; main()", "emulator"]
    options = ["--port", "0", "--file", file, "--export-folder", folder, "--clock", "2030-03-17T18:00:00Z"]
    with subprocess.Popen([*command, *map(str, options)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("The Flow Service emulator listens")
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert numbers(folder) == [1]


WITHOUT_PYARROW = """
import sys
sys.modules["pyarrow"] = None  # as if it were not installed
from provider_shim.cli.app import main
main()
"""


@pytest.mark.slow
def test_the_emulator_starts_without_pyarrow(tmp_path: Path) -> None:
    """Without pyarrow the command serves, JSON is exported, and a Parquet run names what to install."""
    file, folder = tmp_path / "flow-service.sqlite", tmp_path / "out"
    with running_emulator(file, export_folder=folder) as emulator:
        start(emulator)
        emulator.add_rows(DATASET, [{"n": 1}])
        with client_of(emulator) as client:
            flows = [make_flow(client, kind) for kind in ("JSON", "PARQUET")]

    command = [sys.executable, "-c", WITHOUT_PYARROW, "emulator", "--port", "0", "--file", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().partition(" listens at ")[2].split()[0].rstrip(".")
        moved = httpx.put(f"{url}/_emulator/clock", json={"now": "2030-03-17T18:00:00Z"}, trust_env=False)
        state = httpx.get(f"{url}/_emulator/state", trust_env=False).json()
        process.send_signal(signal.SIGINT)
        process.communicate()

    assert moved.json()["runs"] == 2
    summaries = [run["document"]["metrics"]["statusSummary"] for run in state["runs"]]
    assert sorted(each["status"] for each in summaries) == ["failed", "success"]
    assert [error["message"] for each in summaries for error in each["errors"]] == [INSTALL]
    assert len(flows) == 2
    assert numbers(folder) == [1]


def test_the_extra_that_is_named_has_pyarrow() -> None:
    """The sentence names an extra of the package that has pyarrow; the emulator's own extra has not."""
    manifest = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(manifest)["project"]["optional-dependencies"]
    named = INSTALL.partition("[")[2].partition("]")[0]
    assert any(each.startswith("pyarrow") for each in extras[named])
    assert not any(each.startswith("pyarrow") for each in extras["emulator"])


WORKER = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from flow_emulator.emulator_file.clock import set_clock
from flow_emulator.emulator_file.datasets import add_files

file, dataset, worker, begin = sys.argv[1], sys.argv[2], int(sys.argv[3]), datetime.fromisoformat(sys.argv[4])
rows = Path(file).with_name(f"rows-{worker}.json")
for turn in range(8):
    rows.write_text('{"n": %d}' % (worker * 100 + turn))
    add_files(file, dataset, [rows])
    set_clock(file, begin + timedelta(hours=turn))
"""


@pytest.mark.slow
def test_several_processes_export_every_row_once(tmp_path: Path) -> None:
    """Four processes add rows and move one clock at once: each row is in one file, each run counts it."""
    file, folder = tmp_path / "flow-service.sqlite", tmp_path / "out"
    with running_emulator(file, export_folder=folder) as emulator:
        start(emulator)
        with client_of(emulator) as client:
            flow = make_flow(client)
            workers = [
                subprocess.Popen(
                    [
                        sys.executable,
                        "-c",
                        WORKER,
                        str(file),
                        DATASET,
                        str(worker),
                        "2030-03-17T18:00:00+00:00",
                    ]
                )
                for worker in range(4)
            ]
            assert [worker.wait(120) for worker in workers] == [0] * 4
            emulator.set_clock("2030-03-18T12:00:00Z")
            found = runs_of(client, flow)

    assert sorted(numbers(folder)) == sorted(worker * 100 + turn for worker in range(4) for turn in range(8))
    by_run = {run["id"]: run["metrics"] for run in found}
    manifests = list(folder.rglob("manifest-*.json"))
    listed = [json.loads(path.read_bytes()) for path in manifests]
    assert {each["flowRunId"] for each in listed} <= set(by_run)
    for each, path in zip(listed, manifests, strict=True):
        metrics = by_run[each["flowRunId"]]
        sizes = [path.with_name(result["name"]).stat().st_size for result in each["exportResults"]]
        assert metrics["fileSummary"]["outputFileCount"] == len(sizes)  # type: ignore[index]
        assert metrics["sizeSummary"]["outputBytes"] == sum(sizes)  # type: ignore[index]
    everything = [path for path in folder.rglob("*") if path.is_file()]
    assert len(everything) == len(manifests) + sum(len(each["exportResults"]) for each in listed)
