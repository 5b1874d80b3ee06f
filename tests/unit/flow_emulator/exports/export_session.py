"""Helpers for tests of exports: a session that writes to a folder, and the files that it wrote."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from flow_emulator.exports import run_export
from tests.unit.flow_emulator.session import (
    DATASET,
    START,
    Session,
    base_body,
    flow_body,
    source_body,
    target_body,
)

HOUR = 3600
OTHER_DATASET = "64b7e8acdd522e6190ac9567"


def write_to(session: Session, folder: Path) -> None:
    """Let due runs write to a folder."""
    with session.store.transaction() as tx:
        run_export.set_folder(tx, folder)


def add(session: Session, *rows: dict[str, Any], dataset: str = DATASET, at: str | None = None) -> None:
    """Add rows to a dataset; they must be taken."""
    body: dict[str, Any] = {"rows": list(rows)} | ({} if at is None else {"at": at})
    response = session.raw("POST", f"/_emulator/datasets/{dataset}/rows", json=body)
    assert response.status_code == 201, response.text
    assert response.json()["added"] == len(rows)


def make_flow(
    session: Session,
    destination: str = "amazon_s3",
    *,
    params: dict[str, Any] | None = None,
    datasets: tuple[tuple[str, str], ...] = ((DATASET, "Orders"),),
    account: dict[str, Any] | None = None,
    **flow: Any,
) -> str:
    """A whole export; the id of its flow."""
    listed = [{"dataSetId": dataset, "name": name} for dataset, name in datasets]
    source = session.make("sourceConnections", source_body(params={"datasets": listed}))
    base = base_body(destination)
    if account is not None:
        base["auth"]["params"] |= account
    base_id = session.make("connections", base)
    target = target_body(base_id, destination)
    target["params"] |= params or {}
    target_id = session.make("targetConnections", target)
    return session.make("flows", flow_body(source, target_id, destination, **flow))


def at(session: Session, seconds: float) -> None:
    """Move the time to so many seconds after the schedule's start, and let what is due run."""
    session.millis = round((START + seconds) * 1000)
    session.headers = session.login(session.identities[0])
    assert session.get("/runs").status_code == 200


def runs(session: Session, flow_id: str) -> list[dict[str, Any]]:
    """The runs of a flow, the earliest first."""
    response = session.get("/runs", params={"property": f"flowId=={flow_id}"})
    return list(reversed(response.json()["items"]))


def written(folder: Path) -> list[str]:
    """Every file below the folder, hidden ones too, by its place."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a `.json.gz` file."""
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def all_rows(folder: Path) -> list[dict[str, Any]]:
    """The rows of all `.json.gz` files below a folder, in the order of the files' places."""
    return [row for path in sorted(folder.rglob("*.json.gz")) for row in rows_of(path)]
