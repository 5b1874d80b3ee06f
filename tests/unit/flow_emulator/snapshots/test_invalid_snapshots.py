"""Snapshots that someone has written: the content is checked as a whole before anything is touched."""

from __future__ import annotations

import base64
import copy
import json
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest

from flow_emulator import snapshots
from flow_emulator.exports import batches
from flow_emulator.snapshots import settings as snapshot_settings
from tests.unit.flow_emulator.session import DATASET, MISSING, Session, base_body

SNAPSHOT: Final = "/_emulator/snapshot"
READS: Final = ("/", "/_emulator/state", "/_emulator/faults", "/_emulator/behaviour", SNAPSHOT)
LISTS: Final = ("connections", "sourceConnections", "targetConnections", "flows", "runs")
WRONG: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    2**63 - 1,
    2**70,
    1.5,
    "",
    "x" * 3000,
    "{",
    "[" * 2000,
    [],
    {},
    {"base64": "!"},
    MISSING,
)

SHORT_WRONG: Final[tuple[Any, ...]] = (None, True, -1, 2**62, "", [], {})


@pytest.fixture
def session(new_session: Callable[..., Session]) -> Session:
    """An emulator with something in every table, configured in its store."""
    session = new_session(None)
    session.make_export()
    session.raw("PUT", "/_emulator/behaviour", json={"set": {"create_reads": 1}, "seed": 7})
    session.make_export()
    session.set_clock("2030-03-18T00:00:00Z")
    session.raw("POST", "/_emulator/faults", json="listRuns status nth=1000")
    session.raw("POST", f"/_emulator/datasets/{DATASET}/rows", json={"rows": [{"n": 1}, {"n": 2}]})
    zone = "/data/foundation/connectors/landingzone/credentials?type=dlz_destination"
    assert session.raw("GET", zone, headers=session.headers).status_code == 200
    return session


def content_of(session: Session) -> dict[str, Any]:
    """The content of a snapshot of what the emulator holds now."""
    found: dict[str, Any] = session.raw("GET", SNAPSHOT).json()["snapshot"]
    assert all(found["tables"].values())
    return found


def restore(session: Session, content: dict[str, Any]) -> tuple[int, str]:
    """Restore a content, whose digest is right; the status, and the reason if it was refused."""
    response = session.raw("PUT", SNAPSHOT, json=snapshots.sign(content))
    return response.status_code, response.json()["detail"] if response.content else ""


def require_readable(session: Session, context: object) -> None:
    """Everything can be read, and time goes on."""
    assert session.raw("DELETE", "/_emulator/faults").status_code == 204, context
    session.headers = session.login(session.identities[0])
    for collection in LISTS:
        assert session.get(f"/{collection}?orderby=-createdAt,id").status_code == 200, context
    for path in READS:
        assert session.raw("GET", path).status_code == 200, (path, context)
    moved = session.raw("PUT", "/_emulator/clock", json={"advance": 86_400})
    assert moved.status_code == 200, context
    session.headers = session.login(session.identities[0])
    assert session.post("/connections", base_body()).status_code == 201, context


def changes(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The content with one wrong thing in it, each under a description."""
    for name in content:
        for value in WRONG:
            yield f"{name}={value!r:.20}", {**content, name: value}
    for table, rows in content["tables"].items():
        for value in (None, {}, 1, [None], [[]], [1], rows + rows):
            yield f"{table}={value!r:.20}", with_rows(content, table, value)
        seen: set[tuple[str, ...]] = set()
        for number, row in enumerate(rows):
            name = row["name"] if table == "setting" else ""
            kind = (row.get("collection", ""), row.get("state", ""), name)
            if kind in seen:
                continue
            seen.add(kind)
            for place, changed in _changed_rows(row):
                others = [*rows[:number], changed, *rows[number + 1 :]]
                yield f"{table}.{kind}.{place}", with_rows(content, table, others)


def _changed_rows(row: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "colour", {**row, "colour": 1}
    for column in row:
        yield f"{column} missing", {name: value for name, value in row.items() if name != column}
        for value in WRONG:
            yield f"{column}={value!r:.20}", {**row, column: value}
    for column in ("doc", "meta", "rule", "value"):
        if isinstance(row.get(column), str) and row[column].startswith("{"):
            for place, changed in _changed_parts(json.loads(row[column])):
                yield f"{column}{place}", {**row, column: json.dumps(changed)}


def _changed_parts(document: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """A document with one of its values, at any depth, replaced or removed."""
    pairs = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in list(pairs):
        for wrong in SHORT_WRONG:
            changed = copy.copy(document)
            changed[key] = wrong
            yield f".{key}={wrong!r}", changed
        if isinstance(document, dict):
            yield f".{key} missing", {name: part for name, part in document.items() if name != key}
        if isinstance(value, dict | list) and depth < 4:
            for place, part in _changed_parts(value, depth + 1):
                changed = copy.copy(document)
                changed[key] = part
                yield f".{key}{place}", changed


def with_rows(content: dict[str, Any], table: str, rows: Any) -> dict[str, Any]:
    """The content with other rows in a table."""
    return {**content, "tables": {**content["tables"], table: rows}}


@pytest.mark.thorough
def test_every_wrong_snapshot_is_rejected_or_harmless(session: Session) -> None:
    """With any one value replaced, a snapshot is a 400 that changes nothing, or the emulator works on.

    One in seven of the changes is tried, as all of them take a minute.
    """
    good = content_of(session)
    state = session.raw("GET", "/_emulator/state").json()
    counted = {204: 0, 400: 0}
    for place, content in islice(changes(good), None, None, 7):
        status, reason = restore(session, content)
        assert status in counted, (place, status, reason)
        counted[status] += 1
        if status == 204:
            require_readable(session, place)
            assert restore(session, good) == (204, ""), place
            state = session.raw("GET", "/_emulator/state").json()
            continue
        assert 10 < len(reason) < 250, (place, reason)
        if counted[400] % 20 == 0:
            assert session.raw("GET", "/_emulator/state").json() == state, place
    assert session.raw("GET", "/_emulator/state").json() == state
    assert counted[400] > 300


@pytest.mark.parametrize(
    "version", [None, True, False, 0, -1, 1.0, "5", "1", [], 2**70], ids=lambda value: f"{value!r:.9}"
)
def test_a_version_is_a_whole_number(session: Session, version: Any) -> None:
    """Text, true, null, a fraction, zero or a huge number is no version."""
    status, reason = restore(session, {**content_of(session), "version": version})
    assert (status, "version" in reason) == (400, True)


def entity(content: dict[str, Any], collection: str) -> dict[str, Any]:
    """The first row of a collection."""
    rows: list[dict[str, Any]] = content["tables"]["entity"]
    return next(row for row in rows if row["collection"] == collection)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("clock", "soon"),
        ("clock", "-1"),
        ("clock", "95617584000000"),
        ("clock", "9" * 5000),
        ("clock_offset", "-2000000000000"),
        ("clock_offset", "1e3"),
        ("behaviour", "{"),
        ("behaviour", '{"profile": "wild", "switches": {}, "seed": null}'),
        ("behaviour", '{"profile": "strict", "switches": {"create_reads": "-1"}, "seed": null}'),
        ("behaviour", '{"profile": "strict", "switches": {"create_reads": 1}, "seed": null}'),
        ("behaviour", '{"profile": "strict", "switches": {}, "seed": true}'),
        ("behaviour", '{"profile": "strict", "switches": {}}'),
        ("landing zone of x@AdobeOrg prod", '{"revision": "1", "endsAt": 1}'),
        ("landing zone of x@AdobeOrg prod", '{"revision": 1, "endsAt": 1e999}'),
        ("colour", "blue"),
    ],
)
def test_settings_are_those_of_this_emulator(session: Session, name: str, value: str) -> None:
    """A setting that is unknown, or that the emulator could not use, is a 400 that names it."""
    good = content_of(session)
    others = [row for row in good["tables"]["setting"] if row["name"] != name]
    status, reason = restore(session, with_rows(good, "setting", [*others, {"name": name, "value": value}]))
    assert (status, f"value of {name}" in reason) == (400, True)
    require_readable(session, name)


def test_a_number_that_is_used_up_is_rejected(session: Session) -> None:
    """Numbers from which the emulator counts on leave it room to count, so the file stays usable."""
    good = content_of(session)
    for table, column in (("entity", "seq"), ("fault", "id"), ("batch", "seq")):
        content = copy.deepcopy(good)
        content["tables"][table][-1][column] = 2**63 - 1
        status, reason = restore(session, content)
        assert (status, f"invalid {column}" in reason) == (400, True)
    for counter in (2**63 - 1, 2**31 + 1, -1, True, "7", None):
        assert restore(session, {**good, "counter": counter})[0] == 400
    require_readable(session, "counters")


def test_an_etag_of_the_future_is_rejected(session: Session) -> None:
    """Etags in a snapshot come from numbers that the snapshot has counted, so that none is used twice."""
    good = content_of(session)
    assert "invalid etag" in restore(session, {**good, "counter": 3})[1]
    content = copy.deepcopy(good)
    entity(content, "flows")["etag"] = "W/other"
    assert "invalid etag" in restore(session, content)[1]


@pytest.mark.parametrize("field", ["sourceConnectionIds", "targetConnectionIds"])
def test_every_flow_keeps_its_connections(session: Session, field: str) -> None:
    """A flow whose connection is not in the snapshot, or not held by a reference, is a 400."""
    good = content_of(session)
    flow = json.loads(entity(good, "flows")["doc"])
    (connection,) = flow[field]
    rest = [row for row in good["tables"]["entity"] if row["id"] != connection]
    held = [row for row in good["tables"]["reference"] if row["target"] != connection]
    for content in (with_rows(good, "entity", rest), with_rows(good, "reference", held)):
        status, reason = restore(session, content)
        assert (status, f"reference in doc.{field}" in reason) == (400, True)


def test_references_are_those_of_flows(session: Session) -> None:
    """A reference that no flow holds, a run without its flow, and a target of another base are a 400."""
    good = content_of(session)
    held = [*good["tables"]["reference"], {"holder": MISSING, "target": MISSING}]
    assert "no flow holds" in restore(session, with_rows(good, "reference", held))[1]
    for collection in ("runs", "targetConnections", "connections"):
        content = copy.deepcopy(good)
        entity(content, collection)["parent"] = MISSING
        assert "reference in parent" in restore(session, content)[1]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"", 1),
        (b"not compressed", 1),
        (zlib.compress(b'{"n":1}\n')[:-3], 1),
        (zlib.compress(b'{"n":1}\n') + b"more", 1),
        (zlib.compress(b'{"n":1}\n'), 2),
        (zlib.compress(b'{"n":1}'), 1),
        (zlib.compress(b'{"n":}\n'), 1),
        (zlib.compress(b"[1]\n"), 1),
        (zlib.compress(b"\xff\n"), 1),
        (zlib.compress(b'{"n":NaN}\n'), 1),
        (zlib.compress(b" " * 5_000_000 + b"\n"), 1),
    ],
)
def test_rows_of_datasets_are_rows(
    session: Session, monkeypatch: pytest.MonkeyPatch, content: bytes, rows: int
) -> None:
    """A batch that cannot be exported, or that is far larger than it looks, is a 400."""
    monkeypatch.setattr(snapshot_settings, "MAX_ROW_BYTES", 1_000_000)
    good = content_of(session)
    (batch,) = good["tables"]["batch"]
    changed = {**batch, "rows": rows, "content": {"base64": base64.b64encode(content).decode()}}
    status, reason = restore(session, with_rows(good, "batch", [changed]))
    assert (status, reason) == (400, "Row 1 of the snapshot's table batch has an invalid content.")


def test_damaged_parquet_fails_the_run_and_not_the_emulator(session: Session, tmp_path: Path) -> None:
    """Parquet that only begins and ends like a file makes the next run fail, with the reason."""
    good = content_of(session)
    (batch,) = good["tables"]["batch"]
    content = {"base64": base64.b64encode(b"PAR1 damaged PAR1").decode()}
    damaged = {**batch, "kind": batches.PARQUET, "content": content}
    assert restore(session, with_rows(good, "batch", [damaged])) == (204, "")
    with session.store.transaction() as tx:
        tx.sql.execute("INSERT INTO export_folder VALUES (?)", (str(tmp_path),))
    assert session.raw("PUT", "/_emulator/clock", json={"advance": 4 * 3600}).json()["runs"] > 0
    newest = session.get("/runs?limit=1").json()["items"][0]
    assert newest["state"] == "failed"
    (error,) = newest["metrics"]["statusSummary"]["errors"]
    assert "cannot be read as Parquet" in error["message"]


def test_ids_that_would_follow_are_passed_over(session: Session) -> None:
    """Runs and connections of a snapshot may have the ids that this emulator would make next."""
    made = [session.make("connections", base_body()) for _ in range(3)]
    good = content_of(session)
    for row in good["tables"]["entity"]:
        if row["collection"] == "flows":
            row["meta"] = json.dumps({**json.loads(row["meta"]), "runCount": 0})
    assert restore(session, good) == (204, "")
    with session.store.transaction() as tx:
        tx.sql.execute("UPDATE counter SET value = value - 4")  # as in a store that has not counted so far
    assert session.post("/connections", base_body()).json()["id"] not in made
    assert session.raw("PUT", "/_emulator/clock", json={"advance": 4 * 3600}).json()["runs"] > 0
