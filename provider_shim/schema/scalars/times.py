"""Times: RFC 3339 in configurations, whole seconds since 1970 (UTC) in Flow Service's schedules."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(?P<fraction>\.\d+)?(?:[Zz]|[+-]\d{2}:[0-5]\d)",
    re.ASCII,
)
_START = datetime(1970, 1, 1)
"""The epoch in UTC, as a naive datetime so that `isoformat` writes no offset."""


def parse(text: str) -> datetime:
    """Return the time, in UTC, of an RFC 3339 text. Raises `ValueError` with a reason for the user.

    A leap second is rejected too, because Flow Service's seconds since 1970 do not count it.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError("it is not an RFC 3339 time with a date, a time and an offset")
    if match["fraction"] and match["fraction"].strip(".0"):
        raise ValueError("it has a fraction of a second, and Flow Service counts whole seconds")
    try:
        # `fromisoformat` of the oldest supported Python needs upper case and no fraction.
        local = datetime.fromisoformat(text.replace(match["fraction"] or "", "", 1).upper())
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as invalid:
        raise ValueError(f"it is not in the calendar ({invalid})") from invalid


def to_epoch(text: str) -> int:
    """Return the seconds since 1970 (UTC) of an RFC 3339 text. Raises `ValueError` as `parse` does."""
    return int(parse(text).timestamp())


def from_epoch(seconds: int) -> str:
    """Return the RFC 3339 text, in UTC, of seconds since 1970.

    Raises `ValueError` outside the years 1 to 9999.
    """
    try:
        return (_START + timedelta(seconds=seconds)).isoformat() + "Z"
    except OverflowError as overflow:
        raise ValueError(f"{seconds} seconds since 1970 are not in the years 1 to 9999") from overflow
