"""A destination that the emulator has never known needs its two spec files and nothing else."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from flow_emulator.exports import run_export
from flow_emulator.specs.catalogue import SPEC_FOLDER, Catalogue
from flow_emulator.store import Store
from tests.unit.flow_emulator.session import DATASET, LAKE, START, Session, source_body

CONNECTION_SPEC: Final = "11111111-2222-4333-8444-555555555555"
FLOW_SPEC: Final = "66666666-7777-4888-8999-aaaaaaaaaaaa"
SECRET: Final = "drop-off-canary"


def string(**more: Any) -> dict[str, Any]:
    """The schema of a text."""
    return {"type": "string", **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Adobe's specs and two more files."""
    target = {
        "type": "object",
        "properties": {
            "shelf": string(pattern="^[a-z]{3,20}$"),
            "shelfPath": string(),
            "datasetFileType": string(enum=["JSON", "PARQUET"]),
            "compression": string(enum=["GZIP", "NONE"]),
        },
        "required": ["shelf", "shelfPath", "datasetFileType", "compression"],
    }
    auth = {
        "type": "object",
        "properties": {"host": string(), "ticket": string(format="password")},
        "required": ["host", "ticket"],
    }
    connection = {
        "id": CONNECTION_SPEC,
        "name": "Drop-off",
        "version": "1.0",
        "authSpec": [{"name": "Ticket", "type": "Ticket", "spec": auth}],
        "encryptionSpecs": [],
        "targetSpec": {"name": "target", "type": "x", "spec": target},
        "attributes": {"isSource": False, "isDestination": True},
    }
    flow = {
        "id": FLOW_SPEC,
        "name": "Dataset export to the drop-off",
        "version": "1.0",
        "sourceConnectionSpecIds": [LAKE],
        "targetConnectionSpecIds": [CONNECTION_SPEC],
    }
    specs = tmp_path / "specs"
    specs.mkdir()
    for path in SPEC_FOLDER.glob("*.json"):
        shutil.copy(path, specs)
    (specs / "connection-drop-off.json").write_text(json.dumps(connection), encoding="utf-8")
    (specs / "flow-drop-off.json").write_text(json.dumps(flow), encoding="utf-8")
    return specs


def test_two_spec_files_are_enough(folder: Path, tmp_path: Path) -> None:
    """Its connections, flows, runs, files and page work, and its secret is masked everywhere."""
    file, out = tmp_path / "emulator.sqlite", tmp_path / "out"
    with asyncio.Runner() as runner, Store(file) as store:
        session = Session(store=store, catalogue=Catalogue(folder), runner=runner)
        spec = {"id": CONNECTION_SPEC, "version": "1.0"}
        with store.transaction() as tx:
            run_export.set_folder(tx, out)
        base = {"name": "account", "connectionSpec": spec}
        params = {"host": "drop.example.org", "ticket": SECRET}
        base_id = session.make("connections", {**base, "auth": {"specName": "Ticket", "params": params}})
        target = {"shelf": "orders", "shelfPath": "exports", "datasetFileType": "JSON", "compression": "GZIP"}
        refused = session.post(
            "/targetConnections",
            {
                "name": "t",
                "baseConnectionId": base_id,
                "connectionSpec": spec,
                "params": target | {"shelf": "A"},
            },
        )
        assert refused.status_code == 422
        target_id = session.make(
            "targetConnections",
            {"name": "t", "baseConnectionId": base_id, "connectionSpec": spec, "params": target},
        )
        schedule = {"exportMode": "DAILY_FULL_EXPORT", "timeUnit": "day", "interval": 0, "startTime": START}
        session.make(
            "flows",
            {
                "name": "orders",
                "flowSpec": {"id": FLOW_SPEC, "version": "1.0"},
                "sourceConnectionIds": [session.make("sourceConnections", source_body())],
                "targetConnectionIds": [target_id],
                "scheduleParams": schedule,
            },
        )
        rows = session.raw("POST", f"/_emulator/datasets/{DATASET}/rows", json={"rows": [{"a": 1}]})
        assert rows.status_code == 201
        session.millis = (START + 1) * 1000
        session.headers = session.login(session.identities[0])
        assert [run["state"] for run in session.get("/runs").json()["items"]] == ["success"]

        shown = session.item(f"/connections/{base_id}")["auth"]["params"]
        assert shown == {"host": "drop.example.org", "ticket": "****"}
        page = session.raw("GET", "/").text
        assert "orders/exports" in page
        assert "Drop-off" in page
        log = session.raw("GET", "/_emulator/requests").text
        assert "drop.example.org" in log
        snapshot = session.raw("GET", "/_emulator/snapshot").text
        state = session.raw("GET", "/_emulator/state").text

    (written,) = out.rglob("*.json.gz")
    assert written.relative_to(out).parts[:3] == ("orders", "exports", DATASET)
    disk = b"".join(each.read_bytes() for each in tmp_path.glob("emulator.sqlite*"))
    for text in (page, log, snapshot, state, disk.decode("latin-1")):
        assert SECRET not in text
