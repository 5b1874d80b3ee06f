"""Parsing of dates in HTTP headers."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime


def parse(text: str | None) -> float | None:
    """Parse an HTTP date in one of its three formats (RFC 9110, 5.6.7).

    Returns seconds since 1970, or None if the text isn't a date.
    """
    if text is None:
        return None
    try:
        date = parsedate_to_datetime(text.strip())
        # "-0000" means "UTC, zone unknown"; Python parses it as a naive time.
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
