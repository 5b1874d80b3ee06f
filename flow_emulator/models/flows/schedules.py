"""The schedule of a flow: the valid combinations, and the scheduled times.

Combinations and fields: OpenAPI 'Flow Service - Destinations' (2024-11-13), DatasetScheduleParams, and the
tutorial 'Export datasets' in its texts of 2024 to 2026; every hour: release notes of 28 July 2026.
``startTime`` and ``endTime`` are epoch seconds.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NoReturn, TypeGuard

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.errors import InvalidBodyError

FULL: Final = "DAILY_FULL_EXPORT"
INCREMENTAL: Final = "FIRST_FULL_THEN_INCREMENTAL"
_FIELDS: Final = frozenset(
    {
        "timeUnit",
        "interval",
        "startTime",
        "endTime",
        "exportMode",
        "foldernameTemplate",
        "folderNameTemplate",
    }
)
_HOURS: Final = (1, 3, 6, 9, 12)
_UNIT_SECONDS: Final = {"hour": 3600, "day": 86400}
# Later than the year 5000: it is a time in milliseconds.
_LATEST: Final = 100_000_000_000
_MACRO: Final = re.compile(r"%([^%]*)%")
_MACROS: Final = frozenset(
    {
        "DATASET_ID",
        "DATASET_NAME",
        "DESTINATION",
        "DESTINATION_NAME",
        "DESTINATION_INSTANCE_NAME",
        "DESTINATION_INSTANCE_ID",
        "SANDBOX_NAME",
        "ORGANIZATION_NAME",
        "EXPORT_TIME",
    }
)
_DEFAULT_MONTHS: Final = 6


def check(schedule: object, behaviour: Behaviour) -> dict[str, Any]:
    """Return the schedule if Flow Service accepts it. Raises InvalidBodyError with the rule."""
    if not isinstance(schedule, dict):
        _refuse("it must be an object with exportMode, timeUnit, interval and startTime")
    unknown = sorted(set(schedule) - _FIELDS)
    if unknown:
        _refuse(f"unknown fields: {', '.join(unknown)}")
    _check_combination(schedule, behaviour)
    _check_times(schedule)
    _check_template(schedule, behaviour)
    return schedule


def with_default_end(schedule: Mapping[str, Any], now_millis: int, behaviour: Behaviour) -> dict[str, Any]:
    """Return the schedule with the default end: six months after now, or after a later start."""
    if not behaviour.default_end_time or "endTime" in schedule or schedule["interval"] == 0:
        return dict(schedule)
    begin = max(now_millis // 1000, schedule["startTime"])
    return {**schedule, "endTime": _months_later(begin, _DEFAULT_MONTHS)}


def next_due(schedule: Mapping[str, Any], after: int, *, ran: bool) -> int | None:
    """Return the first scheduled time after ``after`` (both in epoch milliseconds), or None.

    A one-time export whose start has passed is due at once, unless it ``ran`` already.
    """
    start, interval = schedule["startTime"] * 1000, schedule["interval"]
    if interval == 0:
        return None if ran else max(start, after + 1)
    step = interval * _UNIT_SECONDS[schedule["timeUnit"]] * 1000
    due: int = start if start > after else start + ((after - start) // step + 1) * step
    end = schedule.get("endTime")
    return due if end is None or due <= end * 1000 else None


def next_event(schedule: Mapping[str, Any], after: int, behaviour: Behaviour, *, ran: bool) -> int | None:
    """Return when a flow is due next, or by the switch when it ends."""
    due = next_due(schedule, after, ran=ran)
    if due is None and behaviour.state_after_end == "disabled" and schedule["interval"] != 0:
        end = schedule.get("endTime")
        return end * 1000 + 1 if end is not None and end * 1000 >= after else None
    return due


def is_over(schedule: Mapping[str, Any], moment: int) -> bool:
    """Return whether a repeated export has ended at ``moment`` in epoch milliseconds."""
    end = schedule.get("endTime")
    return schedule["interval"] != 0 and end is not None and moment > end * 1000


def _check_combination(schedule: Mapping[str, Any], behaviour: Behaviour) -> None:
    mode, unit, interval = (schedule.get(name) for name in ("exportMode", "timeUnit", "interval"))
    if mode is None and "exportMode" not in schedule and not behaviour.export_mode_required:
        mode = INCREMENTAL
    if mode not in (FULL, INCREMENTAL):
        _refuse(f"exportMode must be {FULL} or {INCREMENTAL}")
    if not isinstance(unit, str) or unit not in _UNIT_SECONDS:
        _refuse("timeUnit must be hour or day")
    if not _is_integer(interval):
        _refuse("interval must be an integer")
    if mode == FULL and (unit, interval) != ("day", 0):
        _refuse(f"{FULL} is a one-time export: timeUnit day, interval 0")
    if mode == INCREMENTAL and unit == "day" and interval != 1:
        _refuse(f"{INCREMENTAL} with timeUnit day has interval 1")
    if interval == 0 and behaviour.interval_zero == "refuse":
        _refuse("interval must be one of 1, 3, 6, 9, 12")
    hours = (*_HOURS, *behaviour.extra_hour_intervals)
    if mode == INCREMENTAL and unit == "hour" and interval not in hours:
        _refuse(f"{INCREMENTAL} with timeUnit hour has interval {', '.join(map(str, hours))}")


def _check_times(schedule: Mapping[str, Any]) -> None:
    for name in ("startTime", "endTime"):
        value = schedule.get(name)
        if name == "endTime" and name not in schedule:
            continue
        if not _is_integer(value) or not 0 < value < _LATEST:
            _refuse(f"{name} must be a time in epoch seconds")
    if "endTime" in schedule and schedule["endTime"] <= schedule["startTime"]:
        _refuse("endTime must be later than startTime")


def _check_template(schedule: Mapping[str, Any], behaviour: Behaviour) -> None:
    # The pages have foldernameTemplate, the OpenAPI folderNameTemplate; the key that was sent is kept.
    given = [name for name in ("foldernameTemplate", "folderNameTemplate") if name in schedule]
    if len(given) > 1:
        _refuse("foldernameTemplate and folderNameTemplate are two spellings of one field; send one")
    for name in given:
        if behaviour.folder_template_key not in ("either", name):
            _refuse(f"unknown fields: {name}")
        template = schedule[name]
        if not isinstance(template, str) or not template:
            _refuse(f"{name} must be text")
        if behaviour.known_folder_macros:
            _check_macros(name, template)


def _check_macros(name: str, template: str) -> None:
    for macro in _MACRO.findall(template):
        if macro not in _MACROS and not re.fullmatch(r"DATETIME\([^()]+\)", macro):
            _refuse(f"{name} has a macro that is not one of {', '.join(sorted(_MACROS))}, DATETIME(...)")
    if template.count("%") % 2:
        _refuse(f"{name} has a macro without its second percent sign")


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _refuse(rule: str) -> NoReturn:
    raise InvalidBodyError("Cannot write flow", f"scheduleParams: {rule}", 400)


def _months_later(seconds: int, months: int) -> int:
    moment = datetime.fromtimestamp(seconds, UTC)
    month = moment.month - 1 + months
    year, month = moment.year + month // 12, month % 12 + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return int(moment.replace(year=year, month=month, day=day).timestamp())
