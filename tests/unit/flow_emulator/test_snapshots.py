"""Snapshots and seeds: an emulator's memory as a document, and objects to begin with."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flow_emulator import snapshots
from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.exports import batches
from flow_emulator.store import Store
from tests.unit.flow_emulator.session import (
    MISSING,
    Session,
    base_body,
    code,
    flow_body,
    source_body,
    target_body,
)

SNAPSHOT = "/_emulator/snapshot"
SEED = "/_emulator/seed"
SECRET = "0123456789abcdefghijABCDEFGHIJ/+abcdEFGH"


def seed_of_an_export() -> dict[str, Any]:
    """A seed with one object of each collection."""
    return {
        "sandbox": "dev",
        "clock": "2030-03-17T00:00:00Z",
        "flows": {"orders": flow_body("$sourceConnections.orders", "$targetConnections.folder")},
        "connections": {"lake": base_body()},
        "targetConnections": {"folder": target_body("$connections.lake")},
        "sourceConnections": {"orders": source_body()},
    }


def state_of(session: Session) -> dict[str, Any]:
    """What the emulator holds."""
    state: dict[str, Any] = session.raw("GET", "/_emulator/state").json()
    return state


def test_a_snapshot_brings_everything_back(session: Session) -> None:
    """Objects, clock, tokens, faults with their counts: all are as they were, and the log goes on."""
    made = session.make_export()
    session.set_clock("2030-03-18T00:00:00Z")
    session.raw("POST", "/_emulator/faults", json="listRuns status nth=3")
    session.get("/runs")
    taken = session.raw("GET", SNAPSHOT).json()
    before, faults = state_of(session), session.raw("GET", "/_emulator/faults").json()
    assert before["runs"]

    change = {"op": "replace", "path": "/name", "value": "other"}
    assert session.patch(f"/flows/{made['flows']}", change).status_code == 200
    session.set_clock(None)
    session.raw("DELETE", "/_emulator/faults")
    session.make("connections", base_body())
    assert state_of(session) != before
    logged = len(session.raw("GET", "/_emulator/requests").json()["items"])

    assert session.raw("PUT", SNAPSHOT, json=taken).status_code == 204
    assert state_of(session) == before
    assert session.raw("GET", "/_emulator/faults").json() == faults
    assert len(session.raw("GET", "/_emulator/requests").json()["items"]) == logged
    assert session.raw("GET", SNAPSHOT).json()["snapshot"]["tables"] == taken["snapshot"]["tables"]


def test_places_on_a_machine_stay_there(session: Session, new_session: Callable[..., Session]) -> None:
    """The folder for exported files is neither in a snapshot nor changed by one."""
    other = new_session()
    for each, folder in ((session, "/here"), (other, "/there")):
        with each.store.transaction() as tx:
            tx.sql.execute("INSERT INTO export_folder VALUES (?)", (folder,))
    taken = session.raw("GET", SNAPSHOT)
    assert "/here" not in taken.text
    assert other.raw("PUT", SNAPSHOT, json=taken.json()).status_code == 204

    with other.store.transaction() as tx:
        assert tx.sql.execute("SELECT path FROM export_folder").fetchall() == [("/there",)]


def test_etags_are_never_given_twice(session: Session) -> None:
    """Numbers don't go back, so an etag from after the snapshot is stale and stays so."""
    made = session.make("connections", base_body())
    taken = session.raw("GET", SNAPSHOT).json()
    change = {"op": "replace", "path": "/name", "value": "new"}
    first = session.patch(f"/connections/{made}", change).json()["etag"]
    session.raw("PUT", SNAPSHOT, json=taken)

    assert session.patch(f"/connections/{made}", change).json()["etag"] != first
    assert session.patch(f"/connections/{made}", change, etag=first).status_code == 412


def test_a_snapshot_goes_to_another_emulator(session: Session, new_session: Callable[..., Session]) -> None:
    """What one emulator held, another one holds then, with the same ids."""
    made = session.make_export()
    other = new_session()
    assert other.raw("PUT", SNAPSHOT, json=session.raw("GET", SNAPSHOT).json()).status_code == 204

    assert other.raw("GET", "/_emulator/state").json() == state_of(session)
    other.headers = session.headers
    assert other.item(f"/flows/{made['flows']}")["name"] == "orders"


def test_rows_of_datasets_come_along(session: Session, new_session: Callable[..., Session]) -> None:
    """Contents that are no text survive the way through JSON."""
    with session.store.transaction() as tx:
        batches.add_rows(tx, "d", [{"n": 1}, {"n": "é"}], 1)
    other = new_session()
    assert other.raw("PUT", SNAPSHOT, json=session.raw("GET", SNAPSHOT).json()).status_code == 204

    with other.store.transaction() as tx:
        (batch,) = batches.of_dataset(tx, "d")
        assert (batch.rows, batches.content(tx, batch)) == (2, '{"n":1}\n{"n":"é"}\n'.encode())


@pytest.mark.parametrize("secrets", ["masked", "omit", "echo"])
def test_no_secret_is_in_a_snapshot(new_session: Callable[..., Session], secrets: str) -> None:
    """Also not when the emulator keeps them in clear."""
    session = new_session(Behaviour(secrets=secrets))  # type: ignore[arg-type]
    session.make("connections", base_body())

    text = session.raw("GET", SNAPSHOT).text
    assert "account" in text
    assert SECRET not in text
    assert "s3SecretKey" in text
    assert session.headers["authorization"].split()[1] not in text


def _changed(taken: dict[str, Any]) -> dict[str, Any]:
    taken["snapshot"]["counter"] += 1
    return taken


@pytest.mark.parametrize("body", [None, [], {}, {"snapshot": {}}, {"snapshot": {}, "digest": ""}, _changed])
def test_an_invalid_snapshot_is_rejected(session: Session, body: Any) -> None:
    """Something else, or a snapshot that was changed, is a 400, and everything stays."""
    made = session.make("connections", base_body())
    given = body(session.raw("GET", SNAPSHOT).json()) if callable(body) else body
    response = session.raw("PUT", SNAPSHOT, json=given)

    assert (response.status_code, "not a snapshot" in response.json()["detail"]) == (400, True)
    assert session.item(f"/connections/{made}")["id"] == made


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 10_000}, "newer emulator"),
        ({"tables": {"nonsense": []}}, "no table nonsense"),
        ({"tables": {"fault": [{"colour": 1}]}}, "invalid id"),
        ({"tables": {"fault": [{"id": 1}]}}, "invalid rule"),
    ],
)
def test_a_snapshot_that_does_not_fit_is_rejected(
    session: Session, change: dict[str, Any], message: str
) -> None:
    """Of a newer emulator, or with what this one doesn't have: a 400, and nothing is half restored."""
    made = session.make("connections", base_body())
    taken = session.raw("GET", SNAPSHOT).json()
    taken["snapshot"] |= change
    response = session.raw("PUT", SNAPSHOT, json=snapshots.sign(taken["snapshot"]))

    assert response.status_code == 400
    assert message in response.json()["detail"]
    assert session.item(f"/connections/{made}")["id"] == made


def test_a_snapshot_may_be_large(session: Session) -> None:
    """The limit of bodies is another one for snapshots: more than 4 MiB can be put back."""
    session.make("connections", base_body())
    taken = session.raw("GET", SNAPSHOT).json()
    text = json.dumps(taken) + " " * 5_000_000

    assert session.raw("PUT", SNAPSHOT, content=text).status_code == 204
    assert session.raw("PUT", "/_emulator/clock", content=text).status_code == 413


def test_a_seed_makes_objects(session: Session) -> None:
    """All objects are made in the order of their references, in the seed's sandbox and at its time."""
    response = session.raw("POST", SEED, json=seed_of_an_export())
    assert response.status_code == 201, response.text

    ids = response.json()
    headers = {"x-sandbox-name": "dev"}
    session.headers = session.login(session.identities[0], "dev")
    flow = session.item(f"/flows/{ids['flows']['orders']}")
    assert flow["sourceConnectionIds"] == [ids["sourceConnections"]["orders"]]
    assert flow["createdAt"] == 1_899_936_000_000
    target = session.item(f"/targetConnections/{ids['targetConnections']['folder']}")
    assert target["baseConnectionId"] == ids["connections"]["lake"]
    assert session.get("/flows?count=true", headers=headers | {"x-sandbox-name": "prod"}).json() == {
        "count": 0
    }
    assert SECRET not in session.raw("GET", "/_emulator/state").text


def test_seeds_can_follow_each_other(session: Session) -> None:
    """A seed adds to what is there."""
    for _ in range(2):
        assert session.raw("POST", SEED, json={"connections": {"lake": base_body()}}).status_code == 201
    assert session.get("/connections?count=true").json() == {"count": 2}


def test_a_seed_is_taken_whole_or_not_at_all(session: Session) -> None:
    """When a body breaks a rule the answer is the one that its request would get, and nothing is made."""
    seed = seed_of_an_export() | {"sandbox": "prod"}
    seed["targetConnections"]["folder"]["baseConnectionId"] = MISSING
    response = session.raw("POST", SEED, json=seed)

    assert code(response) == "1439-400"
    assert session.get("/connections?count=true").json() == {"count": 0}
    assert session.raw("GET", "/_emulator/clock").json()["set"] is False


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "blue"}, "and nothing else"),
        ({"flows": []}, "flows of a seed is an object"),
        ({"sandbox": "attic"}, "The sandboxes are prod, dev"),
        ({"sandbox": []}, "The sandboxes are prod, dev"),
        ({"clock": 7}, "RFC 3339"),
        ({"clock": "noon"}, "RFC 3339"),
        ({"connections": {}}, r"refers to $connections.lake"),
    ],
)
def test_an_invalid_seed_is_an_error(session: Session, change: dict[str, Any], message: str) -> None:
    """A wrong field, sandbox, time or reference is a 400 that names it."""
    response = session.raw("POST", SEED, json=copy.deepcopy(seed_of_an_export()) | change)

    assert (response.status_code, message in response.json()["detail"]) == (400, True)
    assert session.raw("POST", SEED, json=[]).status_code == 400


def test_the_seed_of_the_page_is_one(session: Session) -> None:
    """The JSON on the emulator's page can be planted."""
    page = (Path(__file__).parents[3] / "docs" / "emulator.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in page.split("```json\n")[1:]]
    (seed,) = [json.loads(block) for block in blocks if "$connections" in block]

    assert session.raw("POST", SEED, json=seed).status_code == 201


def test_a_file_of_the_first_version_takes_faults(tmp_path: Path) -> None:
    """A file from before faults gets their table when it is opened."""
    import sqlite3

    from flow_emulator.store.migrations import APPLICATION_ID, MIGRATIONS

    with sqlite3.connect(tmp_path / "old.sqlite") as old:
        for statement in MIGRATIONS[0]:
            old.execute(statement)
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
    old.close()

    with Store(tmp_path / "old.sqlite") as store, store.transaction() as tx:
        assert tx.sql.execute("SELECT count(*) FROM fault").fetchone() == (0,)


def test_the_index_names_what_can_be_asked(session: Session) -> None:
    """`/_emulator/` lists the operations below it."""
    listed = session.raw("GET", "/_emulator/").json()["operations"]
    assert {"GET /_emulator/state", "POST /_emulator/seed", "PUT /_emulator/snapshot"} <= set(listed)
