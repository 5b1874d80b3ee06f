"""Points in time: RFC 3339 for the user, whole seconds since 1970 for Flow Service's schedules."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?P<fraction>\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def parse(text: str) -> datetime:
    """The point in time that an RFC 3339 text names; raises `ValueError` with a reason fit for the user."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError("it is not an RFC 3339 time with a date, a time and an offset")
    if match["fraction"] and int(match["fraction"][1:]):
        raise ValueError("it has a fraction of a second, and Flow Service counts whole seconds")
    try:
        # The upper case and the dropped fraction are what `fromisoformat` of every supported Python reads.
        return datetime.fromisoformat(text.replace(match["fraction"] or "", "", 1).upper())
    except ValueError as mistake:
        raise ValueError(f"it names no point in time ({mistake})") from mistake


def to_epoch(text: str) -> int:
    """Whole seconds since 1970 (UTC) of an RFC 3339 text."""
    return int(parse(text).timestamp())


def from_epoch(seconds: int) -> str:
    """The RFC 3339 text, in UTC, of whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
