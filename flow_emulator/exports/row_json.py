"""Rows as JSON: checking rows, writing lines, and parsing JSON or NDJSON text."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from flow_emulator import strict_json

MAX_DEPTH: Final = 64


class RowError(ValueError):
    """The input has no valid rows; the message names the place and the reason."""


def require_row(value: object, place: str) -> dict[str, Any]:
    """Return the value. Raises RowError unless it is a JSON object with at least one field."""
    if not isinstance(value, dict) or not value:
        raise RowError(f"{place} is not a row: a row is a JSON object with at least one field.")
    return value


def to_line(row: dict[str, Any]) -> bytes:
    """Return a row as one line of NDJSON, including its line feed."""
    try:
        strict_json.require_depth(row, MAX_DEPTH)
    except strict_json.InvalidJsonError as error:
        raise RowError(f"A row {error}.") from None
    try:
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        raise RowError("A row has half of a surrogate pair, which is not text.") from None


def parse(text: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSON array, a single JSON object, or NDJSON. Raises RowError with the line."""
    if text.lstrip()[:1] == "[":
        for number, value in enumerate(_read(text, "The array"), 1):
            yield require_row(value, f"Element {number}")
        return
    try:
        whole = strict_json.parse(text)
    except strict_json.InvalidJsonError:
        # NDJSON. Only a line feed ends a row, as text may have other line separators.
        for number, each in enumerate(text.split("\n"), 1):
            if each.strip():
                yield require_row(_read(each, f"Line {number}"), f"Line {number}")
    else:
        yield require_row(whole, "The text")


def to_json_value(value: Any) -> Any:
    """Convert a value of a Parquet file to JSON: times to RFC 3339, bytes to Base64, NaN to null."""
    match value:
        case dict():
            return {str(name): to_json_value(each) for name, each in value.items()}
        case list() | tuple():
            return [to_json_value(each) for each in value]
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return _rfc3339(value)
        case date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
    return str(value)


def _rfc3339(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(text: str, place: str) -> Any:
    try:
        return strict_json.parse(text)
    except strict_json.InvalidJsonError as error:
        raise RowError(f"{place} {error}.") from None
