"""Adding rows to datasets: over `/_emulator/`, from files, and generated."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.exports import batches, row_files, row_json
from flow_emulator.exports.generated_rows import generate_rows
from flow_emulator.exports.parquet import INSTALL, ParquetMissingError
from flow_emulator.exports.row_json import RowError
from flow_emulator.store import Store
from tests.unit.flow_emulator.exports.export_session import add, all_rows, at, make_flow, runs, write_to
from tests.unit.flow_emulator.session import DATASET, NOW, Session

ROWS = f"/_emulator/datasets/{DATASET}/rows"
NewSession = Callable[..., Session]


def nested(depth: int) -> Any:
    """Arrays in arrays."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def exported(session: Session, folder: Path, **params: Any) -> list[dict[str, Any]]:
    """What a new export writes at the schedule's start: the rows of its only file."""
    write_to(session, folder)
    flow = make_flow(session, params=params)
    at(session, 0)
    assert runs(session, flow)[0]["metrics"]["statusSummary"]["errors"] == []
    if params.get("datasetFileType") == "PARQUET":
        (path,) = folder.rglob("*.parquet")
        rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(path.read_bytes())).to_pylist()
        return rows
    return all_rows(folder)


def test_rows_are_added_and_counted(session: Session) -> None:
    """Each request is a batch with the emulator's time or its own; a delete forgets all."""
    add(session, {"n": 1}, {"n": 2})
    add(session, {"n": 3}, at="2030-01-01T00:00:00+01:00")
    response = session.raw(
        "POST", ROWS, content=b'{"n":4}\n\n{"n":5}\n', headers={"content-type": "application/x-ndjson"}
    )
    assert response.status_code == 201
    assert response.json() == {
        "added": 2,
        "dataset": DATASET,
        "rows": 5,
        "batches": [
            {"rows": 2, "kind": "lines", "ingestedAt": "2030-03-17T17:46:40Z"},
            {"rows": 1, "kind": "lines", "ingestedAt": "2029-12-31T23:00:00Z"},
            {"rows": 2, "kind": "lines", "ingestedAt": "2030-03-17T17:46:40Z"},
        ],
    }
    assert session.raw("DELETE", ROWS).status_code == 204
    assert session.raw("GET", ROWS).json() == {"dataset": DATASET, "rows": 0, "batches": []}


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({}, 'must be {"rows"'),
        ([], 'must be {"rows"'),
        ({"rows": [], "generate": {}}, 'must be {"rows"'),
        ({"rows": {}}, "array"),
        ({"rows": [{"n": 1}, 2]}, "Row 2 is not a row"),
        ({"rows": [{}]}, "at least one field"),
        ({"rows": [{"n": 1}], "at": "yesterday"}, "RFC 3339"),
        ({"rows": [{"n": 1}], "at": 5}, "RFC 3339"),
        ({"rows": [{"n": 1}], "at": "0001-01-01T00:00:00+14:00"}, "from 1970 to 4999"),
        ({"generate": {"count": 1}, "at": "9999-12-31T23:59:59-14:00"}, "from 1970 to 4999"),
        ({"rows": [{"n": nested(64)}]}, "nested more than 64 deep"),
        ({"generate": 5}, "generate must be"),
        ({"generate": {"count": 0}}, "from 1 to"),
        ({"generate": {"count": 10**9}}, "from 1 to"),
        ({"generate": {"count": True}}, "integers"),
        ({"generate": {"seed": 1}}, "integers"),
        ({"generate": {"count": 1, "colour": 1}}, "generate must be"),
    ],
)
def test_wrong_rows_are_rejected(session: Session, body: Any, part: str) -> None:
    """What are no rows is refused with a sentence, and nothing of the request is kept."""
    response = session.raw("POST", ROWS, json=body)
    assert response.status_code == 400
    assert part in response.json()["detail"]
    assert session.raw("GET", ROWS).json()["rows"] == 0


@pytest.mark.parametrize(
    "content", [b'{"n":1}\n{"n":', b'{"n":1}\n5\n', b'{"n":NaN}', b"\xff", b'{"n":"\\ud800"}', b"[" * 100_000]
)
def test_wrong_lines_are_rejected(session: Session, content: bytes) -> None:
    """Neither half a line nor what JSON cannot be is kept, not even the good line before it."""
    headers = {"content-type": "application/x-ndjson"}
    assert session.raw("POST", ROWS, content=content, headers=headers).status_code == 400
    assert session.raw("GET", ROWS).json()["rows"] == 0


def test_a_dataset_is_named_as_adobe_does(session: Session, new_session: NewSession) -> None:
    """An id, or the name of one of the emulator's datasets; with the switch any text."""
    assert (
        session.raw("GET", "/_emulator/datasets/Orders/rows").json()["dataset"] == "64b7e8acdd522e6190ac9567"
    )
    assert session.raw("GET", "/_emulator/datasets/Oders/rows").status_code == 400
    free = new_session(Behaviour(dataset_id_form=False))
    assert free.raw("GET", "/_emulator/datasets/my-own/rows").json()["dataset"] == "my-own"


def test_generated_rows_are_the_same_everywhere(session: Session, tmp_path: Path) -> None:
    """Rows depend on dataset, seed and number; asking again goes on, so no row comes twice."""
    for count in (3, 2):
        response = session.raw("POST", ROWS, json={"generate": {"count": count, "seed": 7}})
        assert response.json()["added"] == count
    rows = exported(session, tmp_path)
    assert rows == list(generate_rows(DATASET, 5, seed=7, ingested_at=NOW))
    assert len({row["_id"] for row in rows}) == 5
    assert rows != list(generate_rows(DATASET, 5, seed=8, ingested_at=NOW))
    assert rows != list(generate_rows("64b7e8acdd522e6190ac9567", 5, seed=7, ingested_at=NOW))


def test_many_rows_are_several_batches() -> None:
    """Rows are kept in batches of bounded size, and none is lost at a border."""
    with Store() as store, store.transaction() as tx:
        rows = ({"n": number} for number in range(batches.ROWS_PER_BATCH + 1))
        assert batches.add_rows(tx, DATASET, rows, 0) == batches.ROWS_PER_BATCH + 1
        found = batches.of_dataset(tx, DATASET)
        assert [batch.rows for batch in found] == [batches.ROWS_PER_BATCH, 1]
        assert batches.content(tx, found[1]) == b'{"n":10000}\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'[{"n": 1}, {"n": "\xc3\xbc"}]'),
        ("a.ndjson", b'{"n": 1}\n{"n": "\xc3\xbc"}\n'),
        ("a.jsonl", b'\xef\xbb\xbf{"n": 1}\r\n\r\n{"n": "\xc3\xbc"}'),
        ("a.b.JSON.GZ", gzip.compress(b'{"n": 1}\n{"n": "\xc3\xbc"}', mtime=0)),
        ("a.json.gz", gzip.compress(b'[{"n": 1}, {"n": "\xc3\xbc"}]', mtime=0)),
    ],
)
def test_rows_from_text_files(tmp_path: Path, name: str, content: bytes) -> None:
    """JSON arrays and NDJSON are read, compressed or not."""
    path = tmp_path / name
    path.write_bytes(content)
    with Store() as store, store.transaction() as tx:
        assert row_files.add_file(tx, DATASET, path, 5) == 2
        (batch,) = batches.of_dataset(tx, DATASET)
        assert batches.content(tx, batch) == '{"n":1}\n{"n":"ü"}\n'.encode()


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.csv", b"n\n1\n", "must end in"),
        ("a.gz", b"", "must end in"),
        ("a.json", b'{"n": 1}\n{"n": ', "Line 2 is not valid JSON"),
        ("a.json", b'[{"n": 1}, 5]', "Element 2 is not a row"),
        ("a.json", b"5", "is not a row"),
        ("a.json", b"\xff", "not UTF-8 text"),
        ("a.json.gz", b'{"n": 1}', "not compressed with gzip"),
        ("a.json.gz", gzip.compress(b'{"n": 1}', mtime=0)[:-9], "not compressed with gzip"),
        ("a.parquet", b"PAR1", "cannot be read as Parquet"),
    ],
)
def test_wrong_files_are_rejected(tmp_path: Path, name: str, content: bytes, part: str) -> None:
    """A file that holds no rows is refused by its name and with a reason."""
    path = tmp_path / name
    path.write_bytes(content)
    with Store() as store, store.transaction() as tx, pytest.raises(RowError) as error:
        row_files.add_file(tx, DATASET, path, 5)
    assert str(error.value).startswith(str(path))
    assert part in str(error.value)


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Parquet file then says in one sentence what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with Store() as store, store.transaction() as tx, pytest.raises(ParquetMissingError) as error:
        row_files.add_file(tx, DATASET, tmp_path / "a.parquet", 5)
    assert str(error.value) == INSTALL


TYPED = pa.table(
    {
        "when": pa.array([datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)], pa.timestamp("us", tz="UTC")),
        "local": pa.array([datetime(2030, 1, 2, 3, 4, 5)], pa.timestamp("ms")),
        "day": pa.array([date(2030, 1, 2)]),
        "price": pa.array([Decimal("12.50")], pa.decimal128(10, 2)),
        "raw": pa.array([b"\x00\xff"]),
        "small": pa.array([7], pa.int8()),
        "odd": pa.array([float("nan")]),
        "map": pa.array([[("ECID", 1)]], pa.map_(pa.string(), pa.int64())),
        "nested": pa.array([{"a": [1, None]}]),
    }
)


def seed_parquet(session: Session, folder: Path, table: pa.Table) -> None:
    """Add a table to the dataset, by way of a Parquet file."""
    path = folder / "seed.parquet"
    pq.write_table(table, path)
    with session.store.transaction() as tx:
        row_files.add_file(tx, DATASET, path, NOW)


def test_parquet_keeps_its_types(session: Session, tmp_path: Path) -> None:
    """What is seeded from Parquet is exported to Parquet with the same types and values."""
    seed_parquet(session, tmp_path, TYPED)
    write_to(session, tmp_path / "out")
    make_flow(session, params={"datasetFileType": "PARQUET", "compression": "GZIP"})
    at(session, 0)
    (path,) = (tmp_path / "out").rglob("*.gz.parquet")
    table = pq.read_table(io.BytesIO(path.read_bytes()))
    assert table.schema.equals(TYPED.schema)
    assert table.drop_columns(["odd"]).equals(TYPED.drop_columns(["odd"]))
    metadata = pq.read_metadata(path)
    assert {metadata.row_group(0).column(0).compression} == {"GZIP"}


def test_parquet_as_json(session: Session, tmp_path: Path) -> None:
    """Types that JSON lacks are written as a loader expects them."""
    seed_parquet(session, tmp_path, TYPED)
    assert exported(session, tmp_path / "out") == [
        {
            "when": "2030-01-02T03:04:05Z",
            "local": "2030-01-02T03:04:05Z",
            "day": "2030-01-02",
            "price": 12.5,
            "raw": "AP8=",
            "small": 7,
            "odd": None,
            "map": {"ECID": 1},
            "nested": {"a": [1, None]},
        }
    ]


def test_json_as_parquet(session: Session, tmp_path: Path) -> None:
    """Columns are joined by name; what has no common type or no value becomes text."""
    add(session, {"n": 1, "mixed": 1, "empty": {}, "void": None, "huge": 2**70, "list": [{}]})
    add(session, {"n": 2.5, "mixed": "a", "later": True, "nested": {"a": None}})
    rows = exported(session, tmp_path, datasetFileType="PARQUET", compression="NONE")
    assert rows == [
        {
            "n": 1.0,
            "mixed": "1",
            "empty": "{}",
            "void": None,
            "huge": str(2**70),
            "list": "[{}]",
            "later": None,
            "nested": None,
        },
        {
            "n": 2.5,
            "mixed": "a",
            "empty": None,
            "void": None,
            "huge": None,
            "list": None,
            "later": True,
            "nested": '{"a": null}',
        },
    ]


def test_a_deep_row_is_readable_parquet(session: Session, tmp_path: Path) -> None:
    """What is nested deeper than readers of Parquet go becomes text; what is not stays."""
    add(session, {"deep": nested(63), "flat": nested(2)})
    (row,) = exported(session, tmp_path, datasetFileType="PARQUET")
    assert row == {"deep": json.dumps(nested(63)), "flat": nested(2)}


def test_json_and_parquet_together(session: Session, tmp_path: Path) -> None:
    """A dataset may be seeded from both kinds, and is exported as either."""
    seed_parquet(session, tmp_path, pa.table({"n": [1], "p": [True]}))
    add(session, {"n": 2, "j": "x"})
    rows = exported(session, tmp_path / "out", datasetFileType="PARQUET")
    assert rows == [{"n": 1, "p": True, "j": None}, {"n": 2, "p": None, "j": "x"}]


def test_plain_values() -> None:
    """What has no form in JSON becomes text, and a number with a point stays a number."""
    assert row_json.to_json_value({1: (Decimal(3), Decimal("3.5"), float("inf"))}) == {"1": [3, 3.5, None]}
    assert row_json.to_json_value(datetime.min.time()) == "00:00:00"
    assert json.loads(row_json.to_line({"ü": 1})) == {"ü": 1}


@pytest.mark.thorough
@pytest.mark.rule("no-row-lost")
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 3)), max_size=25))
def test_increments_share_the_rows_out(steps: list[tuple[int, int]]) -> None:
    """Whenever rows come in, before or after their own time, each is in exactly one increment."""
    with Store() as store, store.transaction() as tx:
        now, since, got = 1000, None, []
        for number, (ingested, wait) in enumerate([*steps, (0, 100)]):
            batches.add_rows(tx, DATASET, [{"n": number}], now + ingested)
            now += wait
            got += [batches.content(tx, batch) for batch in batches.new_since(tx, DATASET, now, since)]
            since = batches.watermark(tx, now)
        assert sorted(got) == sorted(b'{"n":%d}\n' % number for number in range(len(steps) + 1))
