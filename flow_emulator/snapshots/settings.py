"""The settings, faults and rows of datasets in a snapshot, which must be such as this emulator stores."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Final

from flow_emulator import clock, strict_json
from flow_emulator.behaviour import configuration
from flow_emulator.exports import batches, row_json
from flow_emulator.exports.row_json import RowError
from flow_emulator.faults import rules
from flow_emulator.faults.fault_store import MAX_FAULTS
from flow_emulator.models import landing_zone
from flow_emulator.models.context import SALT
from flow_emulator.snapshots.shapes import SnapshotError, having, integer, is_time
from flow_emulator.snapshots.tables import Row, invalid
from flow_emulator.store import CONFIGURATION

# All rows of all datasets, when they are decompressed.
MAX_ROW_BYTES: Final = 64 * 1024 * 1024
_PARQUET_MARK: Final = b"PAR1"
_LANDING_ZONE: Final = having({"revision": integer(0, 2**31), "endsAt": is_time})


def check_settings(rows: list[Row], real: Callable[[], int]) -> None:
    """Raise SnapshotError for a setting that this emulator does not know or could not use."""
    for number, row in enumerate(rows, 1):
        try:
            known = _check_setting(row["name"], row["value"], real)
        except ValueError:
            known = False
        if not known:
            raise invalid("setting", number, f"value of {row['name']}")


def check_faults(rows: list[Row]) -> None:
    """Raise SnapshotError for a fault that could not be set."""
    if len(rows) > MAX_FAULTS:
        raise SnapshotError(f"The snapshot has more than {MAX_FAULTS} faults.")
    for number, row in enumerate(rows, 1):
        try:
            rules.from_json(strict_json.parse(row["rule"]))
        except ValueError:
            raise invalid("fault", number, "rule") from None
        if row["hits"] > row["calls"]:
            raise invalid("fault", number, "hits")


def check_batches(rows: list[Row]) -> None:
    """Raise SnapshotError for rows of a dataset that could not be exported."""
    left = MAX_ROW_BYTES
    for number, row in enumerate(rows, 1):
        try:
            batches.check_time(row["ingested_at"])
            left -= _check_content(row, left)
        except (RowError, zlib.error):
            raise invalid("batch", number, "content") from None


def _check_setting(name: str, value: str, real: Callable[[], int]) -> bool:
    """Return whether a setting is known. Raises ValueError for an invalid value."""
    if name in clock.SETTINGS:
        clock.check_setting(name, value, real)
    elif name == CONFIGURATION:
        configuration.check_text(value)
    elif name.startswith(landing_zone.SETTING):
        return _LANDING_ZONE(strict_json.parse(value))
    elif name != SALT:
        return False
    return True


def _check_content(row: dict[str, Any], most: int) -> int:
    """Return the size of a batch. Raises RowError or zlib.error."""
    content: bytes = row["content"]
    if row["kind"] == batches.PARQUET:
        # Only the frame: without pyarrow no more can be read. A run whose rows cannot be read fails.
        if not (content.startswith(_PARQUET_MARK) and content.endswith(_PARQUET_MARK)):
            raise RowError("This is not a Parquet file.")
        return len(content)
    unpacker = zlib.decompressobj()
    lines = unpacker.decompress(content, most + 1)
    if len(lines) > most or not unpacker.eof or unpacker.unused_data:
        raise RowError("The rows are cut off or too many.")
    rows = lines.split(b"\n")
    if rows.pop() or len(rows) != row["rows"]:
        raise RowError("The number of rows is another one.")
    for each in rows:
        try:
            row_json.require_row(strict_json.parse(each.decode("utf-8")), "A line")
        except ValueError:
            raise RowError("A line is not a row.") from None
    return len(lines)
