"""Formatting of times, durations, counts and sort keys; times are UTC."""

from __future__ import annotations

import re
from typing import Final

from flow_emulator.clock import to_datetime, to_text
from flow_emulator.page.markup import Markup, join, tag

HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
_SPANS: Final = (("year", 365 * DAY), ("day", DAY), ("h", HOUR), ("min", 60_000), ("s", 1000))
_DIGITS: Final = re.compile(r"([0-9]{1,15})")
_SPELT_OUT: Final = ("year", "day")


def format_time(millis: int) -> str:
    """Format date and time to the minute, with seconds only when they are not zero."""
    at = to_datetime(millis)
    return at.strftime("%Y-%m-%d %H:%M:%S" if at.second else "%Y-%m-%d %H:%M")


def time_tag(millis: int | None, otherwise: str = "–") -> Markup:
    """Return a ``<time>`` element, or a dash for None."""
    if millis is None:
        return join(otherwise)
    return tag("time", format_time(millis), datetime=to_text(millis))


def duration(millis: int) -> str:
    """Format a duration in its two largest units, such as ``2 h 30 min``."""
    rest, parts = max(millis, 0), []
    for unit, size in _SPANS:
        number, rest = divmod(rest, size)
        if number:
            parts.append(f"{number} {unit}" + ("s" if number > 1 and unit in _SPELT_OUT else ""))
        elif parts:
            break
        if len(parts) == 2:
            break
    return " ".join(parts) or "0 s"


def relative_time(millis: int, now: int) -> str:
    """Format a time relative to now: ``in 3 h``, ``2 days ago`` or ``now``."""
    if abs(millis - now) < 1000:
        return "now"
    return f"in {duration(millis - now)}" if millis > now else f"{duration(now - millis)} ago"


def natural_sort_key(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Return a key for natural sorting: ``orders 9`` before ``orders 10``."""
    # Every second part is a number.
    parts = enumerate(_DIGITS.split(name.casefold()))
    return tuple((not place % 2, int(part) if place % 2 else 0, part) for place, part in parts)


def plural(number: int, noun: str) -> str:
    """Format a number with its noun: ``1 run``, ``1,200 runs``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
