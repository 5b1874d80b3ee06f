"""The schedule of an export."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, Self

from constructs_lib.construct_error import Problem
from constructs_lib.generated.flow import FlowSchedule

_NO_ZONE = "has no time zone, so it is ambiguous. Add one, as in datetime(2031, 12, 1, tzinfo=UTC)."


class Schedule:
    """A schedule that Adobe offers for datasets: `Schedule.every_hours(...)`, `.daily(...)` or `.once(...)`.

    Times are `datetime` values with a time zone, RFC 3339 texts, or references that Terraform resolves; in
    whole seconds. The first run exports everything, each later one what was added since.
    """

    __slots__ = ("_end", "_export_mode", "_folder_name_template", "_interval", "_start", "_time_unit")

    _export_mode: str
    _time_unit: str
    _interval: float
    _start: datetime | str
    _end: datetime | str | None
    _folder_name_template: str | None

    def __init__(self) -> None:
        raise TypeError("use Schedule.every_hours(...), Schedule.daily(...) or Schedule.once(...)")

    @classmethod
    def every_hours(
        cls,
        hours: Literal[1, 3, 6, 9, 12],
        start: datetime | str,
        end: datetime | str | None = None,
        *,
        folder_name_template: str | None = None,
    ) -> Self:
        """A run every hour, or every 3, 6, 9 or 12 hours.

        Args:
            hours: The hours between two runs.
            start: The time of the first run.
            end: The time after which no run starts. Flow Service chooses one if it is left out (six months
                after creation, in Adobe's text of 2024), and exports then stop silently.
            folder_name_template: The names of the folders below the destination's path, with macros such as
                `%DATASET_ID%`.

        Returns:
            The schedule, for `DatasetExport`.
        """
        return cls._make("FIRST_FULL_THEN_INCREMENTAL", "hour", hours, start, end, folder_name_template)

    @classmethod
    def daily(
        cls,
        start: datetime | str,
        end: datetime | str | None = None,
        *,
        folder_name_template: str | None = None,
    ) -> Self:
        """A run each day, at the time of day of `start`.

        Args:
            start: The time of the first run.
            end: The time after which no run starts. Flow Service chooses one if it is left out (six months
                after creation, in Adobe's text of 2024), and exports then stop silently.
            folder_name_template: The names of the folders below the destination's path, with macros such as
                `%DATASET_ID%`.

        Returns:
            The schedule, for `DatasetExport`.
        """
        return cls._make("FIRST_FULL_THEN_INCREMENTAL", "day", 1, start, end, folder_name_template)

    @classmethod
    def once(cls, start: datetime | str, *, folder_name_template: str | None = None) -> Self:
        """A single export of everything.

        Args:
            start: The time of the run.
            folder_name_template: The names of the folders below the destination's path, with macros such as
                `%DATASET_ID%`.

        Returns:
            The schedule, for `DatasetExport`.
        """
        return cls._make("DAILY_FULL_EXPORT", "day", 0, start, None, folder_name_template)

    @classmethod
    def _make(
        cls,
        export_mode: str,
        time_unit: str,
        interval: float,
        start: datetime | str,
        end: datetime | str | None,
        folder_name_template: str | None,
    ) -> Self:
        made = cls.__new__(cls)
        made._export_mode, made._time_unit, made._interval = export_mode, time_unit, interval
        made._start, made._end, made._folder_name_template = start, end, folder_name_template
        return made

    def _problems(self) -> list[Problem]:
        """The problems of times as Python values; the rules of the flow check them as texts."""
        found = []
        for argument, time in (("schedule.start", self._start), ("schedule.end", self._end)):
            if isinstance(time, datetime) and time.utcoffset() is None:
                found.append(Problem(argument, f"{argument} {_NO_ZONE}"))
        return found

    def _to_flow(self) -> FlowSchedule:
        """The schedule of an `aep_flow`."""
        return FlowSchedule(
            export_mode=self._export_mode,
            time_unit=self._time_unit,
            interval=self._interval,
            start_time=_rfc3339(self._start),
            end_time=None if self._end is None else _rfc3339(self._end),
            folder_name_template=self._folder_name_template,
        )


def _rfc3339(time: datetime | str) -> str:
    """A time as RFC 3339 text, with its fraction of a second: a rule of the flow rejects that."""
    if not isinstance(time, datetime):
        return time
    if time.utcoffset() is None:
        return time.isoformat()  # `_problems` has rejected it
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
