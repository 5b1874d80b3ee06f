"""The tables of a snapshot: which columns a row has, and what each of them holds."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from flow_emulator.exports.batches import LINES, PARQUET
from flow_emulator.snapshots.shapes import (
    MAX_NUMBER,
    Shape,
    SnapshotError,
    integer,
    is_count,
    is_name,
    is_text,
    is_time,
    matching,
    one_of,
    optional,
    wrong_field,
)

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_ID: Final = matching(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER: Final = integer(1, MAX_NUMBER)


def _is_bytes(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"base64"} and isinstance(value["base64"], str)


_COLUMNS: Final[Mapping[str, Mapping[str, Shape]]] = {
    "setting": {"name": is_name, "value": is_text},
    "entity": {
        "seq": _NUMBER,
        "collection": one_of("connections", "sourceConnections", "targetConnections", "flows", "runs"),
        "org": matching(r"[0-9A-Za-z]+@AdobeOrg"),
        "sandbox": is_name,
        "id": _ID,
        "name": optional(is_text),
        "state": is_text,
        "parent": optional(_ID),
        "etag": matching(r'"[0-9a-f]{8}-0000-0200-0000-[0-9a-f]{12}"'),
        "due_at": optional(is_time),
        "doc": is_text,
        "meta": is_text,
    },
    "reference": {"holder": _ID, "target": _ID},
    "token": {
        "digest": matching(r"[0-9a-f]{64}"),
        "client_id": is_name,
        "org": is_name,
        "expires_at": is_count,
    },
    "fault": {"id": _NUMBER, "rule": is_text, "calls": is_count, "hits": is_count},
    "batch": {
        "seq": _NUMBER,
        "dataset": is_name,
        "ingested_at": is_time,
        "kind": one_of(LINES, PARQUET),
        "rows": _NUMBER,
        "content": _is_bytes,
    },
}
# Columns that were added later; a snapshot of an earlier version has none of them.
_LATER: Final[Mapping[str, Mapping[str, Shape]]] = {"entity": {"passes_at": optional(is_time)}}


def read_tables(given: object) -> Tables:
    """Return the rows by table, with bytes in place of Base64. Raises SnapshotError for any other form."""
    if not isinstance(given, dict):
        raise SnapshotError("The tables of a snapshot are an object.")
    for name in given:
        if name not in _COLUMNS:
            raise SnapshotError(f"This emulator has no table {name[:100]}.")
    return {name: _rows(name, given.get(name, [])) for name in _COLUMNS}


def invalid(table: str, number: int, part: str) -> SnapshotError:
    """Return the error of a row, counted from 1, whose column or field ``part`` is not valid."""
    return SnapshotError(f"Row {number} of the snapshot's table {table} has an invalid {part[:100]}.")


def _rows(table: str, given: object) -> list[Row]:
    if not isinstance(given, list):
        raise SnapshotError(f"The snapshot's table {table} is an array of rows.")
    columns, later = _COLUMNS[table], _LATER.get(table, {})
    rows = []
    for number, row in enumerate(given, 1):
        if not isinstance(row, dict):
            raise SnapshotError(f"Row {number} of the snapshot's table {table} is not an object.")
        wrong = wrong_field(row, columns, later)
        if wrong is not None:
            raise invalid(table, number, wrong)
        rows.append({**row, "content": _decoded(number, row)} if table == "batch" else row)
    return rows


def _decoded(number: int, row: Row) -> bytes:
    try:
        return base64.b64decode(row["content"]["base64"], validate=True)
    except (binascii.Error, ValueError):
        raise invalid("batch", number, "content") from None
