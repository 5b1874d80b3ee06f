"""`flowbridge orphans`."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from flow_emulator.emulator_file import faults
from tests.unit.cli.objects.conftest import Run


def state_file(path: Path, identifiers: Iterable[str], **attributes: str) -> Path:
    """Write a state that holds objects with these ids."""
    instances = [{"attributes": {"id": each} | attributes} for each in identifiers]
    resource = {"mode": "managed", "type": "aep_flow", "name": "x", "instances": instances}
    path.write_text(json.dumps({"version": 4, "resources": [resource]}))
    return path


def test_no_orphans(flowbridge: Run, ids: dict[str, str], tmp_path: Path) -> None:
    """If the states together hold all objects, the exit code is 0."""
    first = state_file(tmp_path / "1", [ids[name] for name in ids if name.endswith("1")])
    second = state_file(tmp_path / "2", [ids[name] for name in ids if name.endswith("2")])
    done = flowbridge("orphans", "--state", first, "--state", second)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(
        "No orphans: all 8 objects of the client flowbridge-emulator in the sandbox prod"
    )


def test_orphans_are_listed_by_export(flowbridge: Run, ids: dict[str, str], tmp_path: Path) -> None:
    """The objects that no state holds are listed with what uses them, and with both ways to end that."""
    state = state_file(tmp_path / "1", [ids[name] for name in ids if name.endswith("1")])
    done = flowbridge("orphans", "--state", state)
    order = [ids[f"{layer} 2"] for layer in ("flow", "target", "source", "base")]
    lines = done.out.splitlines()

    assert done.code == 1
    assert lines[0].startswith("4 of 8 objects")
    assert [line.split()[-1] for line in lines if line.startswith("  flowbridge delete")] == order
    assert [line.split('"')[1] for line in lines if line.startswith("    id =")] == order
    assert next(line for line in lines if line.startswith("    to =")) == "    to = aep_flow.<name>"
    [row] = [line for line in lines if line.startswith("base connection")]
    assert row.split("Z  ")[1] == f"flow {ids['flow 2']}, target connection {ids['target 2']}"
    assert not any(ids[name] in done.out for name in ids if name.endswith("1"))


def test_json_is_complete(flowbridge: Run, ids: dict[str, str], tmp_path: Path) -> None:
    """`--json` prints the same facts. An orphan that an object in the state uses has no delete command."""
    state = state_file(tmp_path / "1", [ids[name] for name in ids if name not in ("source 1", "flow 2")])
    done = flowbridge("orphans", "--state", state, "--json")
    printed = json.loads(done.out)
    flow, source = printed["orphans"]

    assert done.code == 1
    assert (printed["sandbox_name"], printed["client_id"]) == ("prod", "flowbridge-emulator")
    assert (flow["id"], flow["export"], flow["used_by"]) == (ids["flow 2"], 1, [])
    assert flow["delete"] == f"flowbridge delete {flow['id']}"
    assert (source["resource_type"], source["name"]) == ("aep_source_connection", "source 1")
    assert source["used_by"] == [{"kind": "flow", "id": ids["flow 1"], "name": "flow 1"}]
    assert source["delete"] is None
    assert source["import"] == f'import {{\n  to = aep_source_connection.<name>\n  id = "{source["id"]}"\n}}'
    text = flowbridge("orphans", "--state", state).out
    assert f'# the source connection "source 1" ({source["id"]}) is in use by the flow "flow 1"' in text


def test_other_clients_and_other_sandboxes_are_left_out(
    flowbridge: Run, ids: dict[str, str], emulator_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only objects of this client in this sandbox are listed."""
    with closing(sqlite3.connect(emulator_file)) as database, database:
        database.execute(
            "UPDATE entity SET meta = json_set(meta, '$.createdBy', 'web page') WHERE id = ?",
            [ids["flow 2"]],
        )
    done = flowbridge("orphans", "--no-state", "--json")
    assert {each["id"] for each in json.loads(done.out)["orphans"]} == {*ids.values()} - {ids["flow 2"]}

    monkeypatch.setenv("AEP_SANDBOX_NAME", "dev")
    assert flowbridge("orphans", "--no-state").code == 0


def test_the_state_on_stdin(
    flowbridge: Run, ids: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--state -` reads stdin. An empty stdin is an error, because the command before it may have failed."""
    content = state_file(tmp_path / "1", ids.values()).read_bytes()
    for stdin, code in ((content, 0), (b"", 2)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        done = flowbridge("orphans", "--state", "-")
        assert done.code == code
    assert "stdin is empty" in done.err
    assert ids["flow 1"] not in done.out
    assert flowbridge("orphans", "--state", "-", "--state", "-").code == 2


def test_states_of_another_sandbox(flowbridge: Run, ids: dict[str, str], tmp_path: Path) -> None:
    """If all states belong to another sandbox, nothing is listed; if only some do, a note names them."""
    dev = state_file(tmp_path / "dev", ["another"], sandbox_name="dev")
    prod = state_file(tmp_path / "prod", ids.values())

    alone = flowbridge("orphans", "--state", dev)
    assert (alone.code, alone.out) == (2, "")
    assert "none of its objects is in the sandbox prod" in alone.err
    assert "It records the sandbox dev" in alone.err
    assert "AEP_SANDBOX_NAME" in alone.err
    both = flowbridge("orphans", "--state", dev, "--state", prod)
    assert both.code == 0
    assert f"Note: {dev}: none of its objects" in both.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--state", "missing.tfstate"), "missing.tfstate can't be read: No such file"),
        (("--state", "."), "can't be read"),
        (("--state", "x", "--no-state"), "either --state or --no-state"),
    ],
)
def test_invalid_arguments_of_orphans(flowbridge: Run, arguments: tuple[str, ...], message: str) -> None:
    """A state that can't be read ends with 2, which is the code for an unknown result."""
    done = flowbridge("orphans", *arguments)

    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_an_unknown_result_is_not_an_empty_one(
    flowbridge: Run, ids: dict[str, str], emulator_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a collection can't be listed, or settings are missing, the exit code is 2 and nothing is listed."""
    faults.add(emulator_file, faults.read(["listFlows status status=403 code=1426"]))
    done = flowbridge("orphans", "--no-state")
    assert (done.code, done.out) == (2, "")
    assert "Could not read the objects of the sandbox prod" in done.err

    monkeypatch.setenv("AEP_ENDPOINT", "https://platform.adobe.io")
    assert "AEP_CLIENT_SECRET" in flowbridge("orphans", "--no-state").err
    monkeypatch.setenv("AEP_MAX_RETRIES", "many")
    done = flowbridge("orphans", "--no-state")
    assert (done.code, "AEP_MAX_RETRIES" in done.err) == (2, True)
    monkeypatch.delenv("AEP_MAX_RETRIES")
    monkeypatch.setenv("AEP_ENDPOINT", "emulator:/missing/folder/x.sqlite")
    assert flowbridge("orphans", "--no-state").code == 2


def test_a_bug_is_not_reported_as_orphans(flowbridge: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception doesn't end with the exit code 1."""
    monkeypatch.setattr("provider_shim.cli.objects.service.settings_of", lambda *_, **__: 1 / 0)

    done = flowbridge("orphans", "--no-state")
    assert done.code == 2
    assert "ZeroDivisionError" in done.err


@pytest.mark.parametrize(
    "arguments", [("orphans", "--no-state"), ("delete", "eb54b3b3-3949-4f12-89c8-64eafaba858f", "--yes")]
)
def test_commands_send_no_credentials_without_encryption(
    flowbridge: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """A plain http address of another host is an error that names the variable, and no request is made."""
    monkeypatch.setattr("provider_shim.main.connect", lambda *_, **__: 1 / 0)
    monkeypatch.setenv("AEP_ENDPOINT", "http://flow.example")
    monkeypatch.setenv("AEP_ACCESS_TOKEN", "t0k3n-of-adobe")

    done = flowbridge(*arguments)
    assert done.code == (2 if arguments[0] == "orphans" else 1)
    assert "Unencrypted connection: endpoint is http://flow.example" in done.err
    assert "AEP_ENDPOINT" in done.err
    assert "t0k3n" not in done.out + done.err
