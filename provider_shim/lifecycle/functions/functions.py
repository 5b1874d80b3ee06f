"""What the provider's functions compute. The same arguments always give the same result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from provider_shim.destinations import BY_NAME, Destination
from provider_shim.lifecycle.functions.folder_template import BadTemplate, MissingValue, render_folder
from provider_shim.lifecycle.provider_api import CallFunctionResponse
from provider_shim.resources.common import DESTINATION_RULE
from provider_shim.resources.functions import MOST_RUNS
from provider_shim.schema import times
from provider_shim.schema.rules import shorten
from provider_shim.schema.values import UNKNOWN, Value, is_wholly_known


class InvalidArgument(Exception):
    """An argument can't be used; `argument` is its position, from 0."""

    def __init__(self, text: str, argument: int) -> None:
        super().__init__(text)
        self.argument = argument


def call_function(name: str, arguments: list[Value]) -> CallFunctionResponse:
    """Call a function. Where a part of an argument is unknown, so is the result."""
    if not is_wholly_known(arguments):
        return CallFunctionResponse(result=UNKNOWN)
    try:
        return CallFunctionResponse(result=_FUNCTIONS[name](*arguments))
    except InvalidArgument as refused:
        return CallFunctionResponse(error=str(refused), argument=refused.argument)


def schedule_runs(schedule: Value, after: Value, n: Value) -> list[str]:
    """The first `n` times after `after` at which the schedule is due."""
    if n != int(n) or not 1 <= n <= MOST_RUNS:
        raise InvalidArgument(f"n must be a whole number from 1 to {MOST_RUNS}. It is {n}.", 2)
    begin = _time(after, "after", 1)
    start, end, step = _schedule(schedule)
    if step is None:
        return [times.from_epoch(start)] if start > begin else []
    first = max(0, (begin - start) // step + 1)
    due = (start + step * (first + number) for number in range(int(n)))
    try:
        return [times.from_epoch(each) for each in due if end is None or each <= end]
    except ValueError as mistake:
        raise InvalidArgument(f"The runs after {after} go beyond the calendar: {mistake}.", 1) from mistake


_SECONDS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


def _schedule(schedule: Value) -> tuple[int, int | None, int | None]:
    """Start and end since 1970 and the distance of two runs, all in seconds; no distance for a single run."""
    if not isinstance(schedule, dict):
        raise InvalidArgument("schedule must be an object, such as the schedule of an aep_flow.", 0)
    for name in ("time_unit", "interval", "start_time"):
        if schedule.get(name) is None:
            raise InvalidArgument(f"schedule must have {name}, as the schedule of an aep_flow has.", 0)
    unit, interval = schedule["time_unit"], schedule["interval"]
    if not isinstance(unit, str) or unit.lower() not in _SECONDS:
        raise InvalidArgument(f'schedule.time_unit must be "hour" or "day". It is {shorten(unit)}.', 0)
    if isinstance(interval, bool) or not isinstance(interval, int) or interval < 0:
        raise InvalidArgument(
            f"schedule.interval must be a whole number, 0 for a single export. It is {shorten(interval)}.", 0
        )
    start = _time(schedule["start_time"], "schedule.start_time", 0)
    end = schedule.get("end_time")
    until = None if end is None else _time(end, "schedule.end_time", 0)
    step = int(_SECONDS[unit.lower()].total_seconds()) * interval
    return start, until, step or None


def _time(value: Value, name: str, argument: int) -> int:
    if not isinstance(value, str):
        raise InvalidArgument(f"{name} must be an RFC 3339 time. It is {shorten(value)}.", argument)
    try:
        return times.to_epoch(value)
    except ValueError as mistake:
        raise InvalidArgument(
            f"{name} must be an RFC 3339 time in whole seconds, such as 2031-12-01T00:00:00Z. It is "
            f"{shorten(value)}: {mistake}.",
            argument,
        ) from mistake


def connection_spec_id(destination: Value) -> str:
    """The id of a destination's connection spec."""
    return _destination(destination).connection_spec


def flow_spec_id(destination: Value) -> str:
    """The id of a destination's flow spec."""
    return _destination(destination).flow_spec


def _destination(name: Value) -> Destination:
    if name in BY_NAME:
        return BY_NAME[name]
    raise InvalidArgument(f"destination must {DESTINATION_RULE.requirement}. It is {shorten(name)}.", 0)


def preview_folder(template: Value, values: Value) -> str:
    """The folder that a template stands for."""
    try:
        return render_folder(template, {key: value for key, value in values.items() if value is not None})
    except BadTemplate as mistake:
        raise InvalidArgument(str(mistake), 0) from mistake
    except MissingValue as mistake:
        raise InvalidArgument(str(mistake), 1) from mistake


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "schedule_runs": schedule_runs,
    "connection_spec_id": connection_spec_id,
    "flow_spec_id": flow_spec_id,
    "preview_folder": preview_folder,
}
