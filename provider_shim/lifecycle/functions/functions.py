"""The provider's functions. They are pure: the same arguments always give the same result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from provider_shim.destinations import BY_NAME, Destination
from provider_shim.lifecycle.functions.folder_template import BadTemplate, MissingValue, render_folder
from provider_shim.lifecycle.provider_api import CallFunctionResponse
from provider_shim.resources.common import DESTINATION_RULE
from provider_shim.resources.functions import MAX_RUNS
from provider_shim.resources.s3_trust_policy import (
    ADOBE_PRINCIPAL,
    EXTERNAL_ID,
    PRINCIPAL,
    require,
    trust_policy,
)
from provider_shim.schema.rules import shorten
from provider_shim.schema.scalars import times
from provider_shim.schema.values import UNKNOWN, Value, is_wholly_known


class InvalidArgument(Exception):
    """An argument is invalid. `argument` is its position, from 0."""

    def __init__(self, text: str, argument: int) -> None:
        super().__init__(text)
        self.argument = argument


def call_function(name: str, arguments: list[Value]) -> CallFunctionResponse:
    """Call a function. The result is unknown if a part of an argument is unknown."""
    if not is_wholly_known(arguments):
        return CallFunctionResponse(result=UNKNOWN)
    try:
        return CallFunctionResponse(result=_FUNCTIONS[name](*arguments))
    except InvalidArgument as invalid:
        return CallFunctionResponse(error=str(invalid), argument=invalid.argument)


def schedule_runs(schedule: Value, after: Value, n: Value) -> list[str]:
    """Return the first `n` times of runs after `after`, in RFC 3339. Raises `InvalidArgument`."""
    if n != int(n) or not 1 <= n <= MAX_RUNS:
        raise InvalidArgument(f"n must be a whole number from 1 to {MAX_RUNS}. It is {n}.", 2)
    earliest = _time(after, "after", 1)
    start, end, step = _schedule(schedule)
    if step is None:
        return [times.from_epoch(start)] if start > earliest else []
    first = max(0, (earliest - start) // step + 1)
    due = (start + step * (first + number) for number in range(int(n)))
    try:
        return [times.from_epoch(each) for each in due if end is None or each <= end]
    except ValueError as invalid:
        raise InvalidArgument(f"A run after {after} is after the year 9999: {invalid}.", 1) from invalid


_SECONDS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


def _schedule(schedule: Value) -> tuple[int, int | None, int | None]:
    """Return start and end in seconds since 1970, and the seconds between runs (`None` for a single run)."""
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
    end_seconds = None if end is None else _time(end, "schedule.end_time", 0)
    step = int(_SECONDS[unit.lower()].total_seconds()) * interval
    return start, end_seconds, step or None


def _time(value: Value, name: str, argument: int) -> int:
    if not isinstance(value, str):
        raise InvalidArgument(f"{name} must be an RFC 3339 time. It is {shorten(value)}.", argument)
    try:
        return times.to_epoch(value)
    except ValueError as invalid:
        raise InvalidArgument(
            f"{name} must be an RFC 3339 time in whole seconds, such as 2031-12-01T00:00:00Z. It is "
            f"{shorten(value)}: {invalid}.",
            argument,
        ) from invalid


def connection_spec_id(destination: Value) -> str:
    """Return the id of a destination's connection spec. Raises `InvalidArgument`."""
    return _destination(destination).connection_spec


def flow_spec_id(destination: Value) -> str:
    """Return the id of a destination's flow spec. Raises `InvalidArgument`."""
    return _destination(destination).flow_spec


def _destination(name: Value) -> Destination:
    if name in BY_NAME:
        return BY_NAME[name]
    raise InvalidArgument(f"destination must {DESTINATION_RULE.requirement}. It is {shorten(name)}.", 0)


def preview_folder(template: Value, values: Value) -> str:
    """Return the folder of a template. Raises `InvalidArgument`."""
    try:
        return render_folder(template, {key: value for key, value in values.items() if value is not None})
    except BadTemplate as invalid:
        raise InvalidArgument(str(invalid), 0) from invalid
    except MissingValue as invalid:
        raise InvalidArgument(str(invalid), 1) from invalid


def s3_role_trust_policy(organization_id: Value, principal: Value) -> str:
    """Return the trust policy of the AWS role for Amazon S3, as JSON. Raises `InvalidArgument`."""
    trusted = ADOBE_PRINCIPAL if principal is None else principal
    arguments = ((EXTERNAL_ID, "organization_id", organization_id), (PRINCIPAL, "principal", trusted))
    for position, (rule, name, value) in enumerate(arguments):
        try:
            require(rule, name, value)
        except ValueError as invalid:
            raise InvalidArgument(str(invalid), position) from invalid
    return trust_policy(organization_id, trusted)


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "schedule_runs": schedule_runs,
    "connection_spec_id": connection_spec_id,
    "flow_spec_id": flow_spec_id,
    "preview_folder": preview_folder,
    "s3_role_trust_policy": s3_role_trust_policy,
}
