"""The emulator's clock: real time, a fixed time, or a time that runs from a given start.

A clock that is set is kept in the store, so that all processes on a file read the same time. Times inside
the emulator are epoch milliseconds. A clock "stands" while its time is fixed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

_SETTING: Final = "clock"  # a fixed time
_OFFSET: Final = "clock_offset"  # the difference from real time of a clock that was set and runs
SETTINGS: Final = frozenset({_SETTING, _OFFSET})
# These bounds leave room for times that are computed from one, such as an end six months later.
_EARLIEST: Final = 0
_LATEST: Final = 95_617_584_000_000  # 5000-01-01T00:00:00Z
_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


class SettingStore(Protocol):
    """Where the clock is kept: a mapping from names to texts, inside a transaction."""

    def setting(self, name: str) -> str | None:
        """Return the text under ``name``, or None."""

    def set_setting(self, name: str, value: str | None) -> None:
        """Store ``value`` under ``name``; None deletes it."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A reading of the clock: the time, whether it was set, and whether it stands (is fixed)."""

    now: datetime
    is_set: bool
    stands: bool

    @property
    def text(self) -> str:
        """The time in RFC 3339, in UTC."""
        return to_text(to_millis(self.now))


def system_millis() -> int:
    """Return the real time in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def now_millis(settings: SettingStore, real: Callable[[], int]) -> int:
    """Return the emulator's time in epoch milliseconds."""
    stored = settings.setting(_SETTING)
    return int(stored) if stored is not None else real() + int(settings.setting(_OFFSET) or 0)


def stands(settings: SettingStore) -> bool:
    """Return whether the clock is fixed, so that time does not pass by itself."""
    return settings.setting(_SETTING) is not None


def read(settings: SettingStore, real: Callable[[], int] = system_millis) -> ClockReading:
    """Return the present reading of the clock."""
    standing = stands(settings)
    is_set = standing or settings.setting(_OFFSET) is not None
    return ClockReading(to_datetime(now_millis(settings, real)), is_set, standing)


def write(
    settings: SettingStore,
    moment: str | datetime | None,
    *,
    runs: bool = False,
    real: Callable[[], int] = system_millis,
) -> None:
    """Set the clock.

    Args:
        settings: Where the clock is kept.
        moment: RFC 3339 with an offset, or an aware datetime; None returns to real time.
        runs: Whether time goes on from the moment; else it is fixed there.
        real: The real time in epoch milliseconds.

    Raises:
        ValueError: It is not a time from 1970 to 4999.
    """
    if moment is None:
        settings.set_setting(_SETTING, None)
        settings.set_setting(_OFFSET, None)
        return
    parsed = moment if isinstance(moment, datetime) else from_text(moment)
    if parsed.tzinfo is None:
        raise ValueError("The clock needs a time with an offset from UTC.")
    _set(settings, to_millis(parsed), runs=runs, real=real)


def advance(settings: SettingStore, step: timedelta, real: Callable[[], int] = system_millis) -> None:
    """Move the clock by a step; it stays fixed or running."""
    moved = now_millis(settings, real) + round(step.total_seconds() * 1000)
    _set(settings, moved, runs=not stands(settings), real=real)


def stop(settings: SettingStore, real: Callable[[], int] = system_millis) -> None:
    """Stop the clock at its present time."""
    _set(settings, now_millis(settings, real), runs=False, real=real)


def resume(settings: SettingStore, real: Callable[[], int] = system_millis) -> None:
    """Let a stopped clock run on from its present time."""
    if stands(settings):
        _set(settings, now_millis(settings, real), runs=True, real=real)


def _set(settings: SettingStore, millis: int, *, runs: bool, real: Callable[[], int]) -> None:
    if not _EARLIEST <= millis < _LATEST:
        raise ValueError("The clock goes from 1970 to 4999.")
    settings.set_setting(_SETTING, None if runs else str(millis))
    settings.set_setting(_OFFSET, str(millis - real()) if runs else None)


def check_setting(name: str, value: str, real: Callable[[], int] = system_millis) -> None:
    """Raise ValueError for the value of a setting of :data:`SETTINGS` that this clock would not store."""
    if not re.fullmatch(r"-?[0-9]{1,15}", value, re.ASCII):
        raise ValueError("The clock's settings are whole numbers.")
    millis = int(value) + (real() if name == _OFFSET else 0)
    if not _EARLIEST <= millis < _LATEST:
        raise ValueError("The clock goes from 1970 to 4999.")


def from_text(text: str) -> datetime:
    """Parse RFC 3339 such as ``2031-01-02T00:00:00Z``. Raises ValueError for anything else."""
    if not _RFC3339.fullmatch(text):
        raise ValueError(f"{text!r} is no RFC 3339 time such as 2031-01-02T00:00:00Z.")
    return datetime.fromisoformat(text.upper())


def to_datetime(millis: int) -> datetime:
    """Convert epoch milliseconds to an aware datetime in UTC."""
    return datetime.fromtimestamp(millis / 1000, UTC)


def to_millis(moment: datetime) -> int:
    """Convert an aware datetime to epoch milliseconds."""
    return round(moment.timestamp() * 1000)


def to_text(millis: int) -> str:
    """Format epoch milliseconds in RFC 3339, with milliseconds only when they are not zero."""
    spec = "milliseconds" if millis % 1000 else "seconds"
    return to_datetime(millis).isoformat(timespec=spec).replace("+00:00", "Z")
