"""Points in time: RFC 3339 for the user, whole seconds since 1970 for Flow Service's schedules."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(?P<fraction>\.\d+)?(?:[Zz]|[+-]\d{2}:[0-5]\d)",
    re.ASCII,
)
_START = datetime(1970, 1, 1)
"""In UTC, but naive: `isoformat` then writes no offset."""


def parse(text: str) -> datetime:
    """The point in time that an RFC 3339 text names, in UTC; raises `ValueError` with a reason for the user.

    A leap second is none of the seconds that Flow Service counts, so it is refused too.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError("it is not an RFC 3339 time with a date, a time and an offset")
    if match["fraction"] and int(match["fraction"][1:]):
        raise ValueError("it has a fraction of a second, and Flow Service counts whole seconds")
    try:
        # The upper case and the dropped fraction are what `fromisoformat` of every supported Python reads.
        local = datetime.fromisoformat(text.replace(match["fraction"] or "", "", 1).upper())
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as mistake:
        raise ValueError(f"it names no point in time ({mistake})") from mistake


def to_epoch(text: str) -> int:
    """Whole seconds since 1970 (UTC) of an RFC 3339 text."""
    return int(parse(text).timestamp())


def from_epoch(seconds: int) -> str:
    """The RFC 3339 text, in UTC, of whole seconds since 1970; `ValueError` outside the years 1 to 9999."""
    try:
        return (_START + timedelta(seconds=seconds)).isoformat() + "Z"
    except OverflowError as mistake:
        raise ValueError(f"{seconds} seconds since 1970 lie outside the calendar") from mistake
