"""Reading and writing Parquet files, which needs pyarrow.

pyarrow is larger than all the rest of the emulator, so it is in an extra of its own, ``emulator-data``. It is
imported at the first use: without it everything but Parquet works.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from flow_emulator.exports import row_json
from flow_emulator.exports.batches import ROWS_PER_BATCH
from flow_emulator.exports.row_json import RowError

INSTALL: Final = "Parquet needs the package pyarrow: run `pip install 'aep-flowbridge[emulator-data]'`."


# Readers reject deeper schemas; a list counts twice.
_MAX_DEPTH: Final = 20


class ParquetMissingError(RuntimeError):
    """pyarrow is not installed; the message has the command that installs it."""


def split_file(path: Path) -> Iterator[tuple[int, bytes]]:
    """Split a Parquet file into small ones, each with its number of rows; types are kept."""
    pa, pq = _pyarrow()
    try:
        # ParquetFile does not close a stream that it is given.
        with path.open("rb") as stream, pq.ParquetFile(stream) as file:
            for batch in file.iter_batches(ROWS_PER_BATCH):
                table = pa.Table.from_batches([batch])
                if not table.num_columns:
                    raise RowError(f"{path} has no columns.")
                if table.num_rows:
                    yield table.num_rows, _to_file(table, "snappy")
    except pa.ArrowException as error:
        raise RowError(f"{path} cannot be read as Parquet: {_first_line(error)}.") from None


def lines(parquet: bytes) -> Iterator[bytes]:
    """Yield the rows of a small Parquet file as lines of NDJSON."""
    for row in _read(parquet).to_pylist(maps_as_pydicts="lossy"):
        yield row_json.to_line(row_json.to_json_value(row))


def write_parquet(contents: Iterable[tuple[bool, bytes]], *, gzip: bool) -> bytes:
    """Return one Parquet file of several batches, each Parquet (True) or NDJSON (False).

    Columns are joined by name. A column whose values have no common type becomes text.
    """
    pa, _ = _pyarrow()
    tables = [_read(each) if is_parquet else _table(each) for is_parquet, each in contents]
    try:
        table = pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:
        rows = [row for each in tables for row in each.to_pylist(maps_as_pydicts="lossy")]
        table = _columns([row_json.to_json_value(row) for row in rows])
    try:
        return _to_file(_writable_table(table), "gzip" if gzip else "none")
    except pa.ArrowException as error:
        raise RowError(f"The rows cannot be written as Parquet: {_first_line(error)}.") from None


def _read(parquet: bytes) -> Any:
    """Return the table of a stored batch. Raises RowError when it is damaged, as in a snapshot."""
    pa, pq = _pyarrow()
    try:
        return pq.read_table(io.BytesIO(parquet))
    except (pa.ArrowException, OSError) as error:
        raise RowError(f"A batch of rows cannot be read as Parquet: {_first_line(error)}.") from None


def _table(ndjson: bytes) -> Any:
    return _columns([json.loads(each) for each in ndjson.split(b"\n") if each])


def _columns(rows: list[dict[str, Any]]) -> Any:
    pa, _ = _pyarrow()
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: _column([row.get(name) for row in rows]) for name in names})


def _column(values: list[Any]) -> Any:
    pa, _ = _pyarrow()
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError):
        return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _writable_table(table: Any) -> Any:
    """Return the table with text in place of columns that Parquet cannot hold: empty types, deep nesting."""
    pa, _ = _pyarrow()
    columns = {}
    for name in table.column_names:
        column = table.column(name)
        if not _is_writable(column.type):
            column = pa.array(
                [None if value is None else _text(value) for value in column.to_pylist()], pa.string()
            )
        columns[name] = column
    return pa.table(columns)


def _is_writable(kind: Any, depth: int = 0) -> bool:
    pa, _ = _pyarrow()
    if pa.types.is_null(kind) or depth > _MAX_DEPTH:
        return False
    if pa.types.is_struct(kind):
        fields = [kind.field(index).type for index in range(kind.num_fields)]
        return bool(fields) and all(_is_writable(each, depth + 1) for each in fields)
    if pa.types.is_map(kind):
        return _is_writable(kind.item_type, depth + 1)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _is_writable(kind.value_type, depth + 1)
    return True


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(row_json.to_json_value(value), ensure_ascii=False)


def _to_file(table: Any, compression: str) -> bytes:
    _, pq = _pyarrow()
    stream = io.BytesIO()
    pq.write_table(table, stream, compression=compression)
    return stream.getvalue()


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0].rstrip(".")


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ParquetMissingError(INSTALL) from None
    return pyarrow, pyarrow.parquet
