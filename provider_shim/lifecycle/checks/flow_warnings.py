"""Warnings about flows that are valid but may have unexpected effects, which Adobe does not document.

They are given if a flow is created or replaced, or if the attribute in question changes. The only warning
about an unchanged flow is that its schedule ends soon.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from provider_shim.schema import json_mapping
from provider_shim.schema.diagnostics import Diagnostic, warning
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.paths import path
from provider_shim.schema.rules import is_given, shorten
from provider_shim.schema.scalars import times
from provider_shim.schema.values import Value

_MACRO = re.compile(r"%([A-Z_]+)(?:\([^%]*\))?%")
_DOCUMENTED_MACROS = {
    "DATASET_ID",
    "DESTINATION",
    "DESTINATION_INSTANCE_NAME",
    "DESTINATION_INSTANCE_ID",
    "SANDBOX_NAME",
    "DATETIME",
    "EXPORT_TIME",
}
"""Macros in both the tutorial (2026 text) and the OpenAPI file of the destinations (2024-11-13)."""
_DISPUTED_MACROS = {"DATASET_NAME": "the OpenAPI file only", "ORGANIZATION_NAME": "the tutorial only"}


def flow_warnings(
    prior: Value,
    planned: Value,
    config: Value,
    *,
    replaced: bool,
    now: datetime,
    expiry_days: int,
    source: JsonObject | None,
) -> list[Diagnostic]:
    """Return the warnings for the plan of a flow.

    Args:
        prior: Prior state; null for a new flow.
        planned: Planned state.
        config: Configuration.
        replaced: True if the planned flow is new and replaces another.
        now: Current time, in UTC.
        expiry_days: Number of days before the end of the schedule from which on the end is reported.
        source: JSON of the flow's source connection, if this process has read it.
    """
    if not is_given(planned["schedule"]):
        return []
    before = None if prior is None else prior["schedule"]
    schedule, configured = planned["schedule"], config["schedule"]
    warnings = _no_end(before, schedule, configured) + _past_start(before, schedule, now)
    warnings += _macros(before, schedule)
    if replaced:
        warnings += _full_first_run(schedule)
    elif before is not None and before != schedule:
        warnings += _all_datasets_change(source)
    return warnings + _near_end(schedule, now, expiry_days)


def _changed(before: Value, schedule: Value, name: str) -> bool:
    return before is None or before[name] != schedule[name]


def _is_once(schedule: Value) -> bool:
    return bool(is_given(schedule["interval"]) and schedule["interval"] == 0)


def _no_end(before: Value, schedule: Value, configured: Value) -> list[Diagnostic]:
    if configured["end_time"] is not None or _is_once(schedule) or not _changed(before, schedule, "end_time"):
        return []
    return [
        warning(
            "The exports have no end that you chose",
            "schedule.end_time is not set, so Flow Service chooses when the exports end: six months "
            "after the flow was created, according to Adobe's text of 2024; the text of 2026 does not "
            "mention it. Exports then stop silently. Set end_time.",
            path("schedule", "end_time"),
        )
    ]


def _past_start(before: Value, schedule: Value, now: datetime) -> list[Diagnostic]:
    start = _time(schedule["start_time"])
    if start is None or start >= now or not _changed(before, schedule, "start_time"):
        return []
    return [
        warning(
            "The start is in the past",
            f"schedule.start_time is {schedule['start_time']}. Adobe does not document when the first run is "
            "due then, and documents for sources that a start in the past can't be changed any more.",
            path("schedule", "start_time"),
        )
    ]


def _macros(before: Value, schedule: Value) -> list[Diagnostic]:
    template = schedule["folder_name_template"]
    if not is_given(template) or not _changed(before, schedule, "folder_name_template"):
        return []
    used = [*dict.fromkeys(_MACRO.findall(template))]
    reasons = [
        f"%{name}% is documented by {_DISPUTED_MACROS[name]}" for name in used if name in _DISPUTED_MACROS
    ]
    reasons += [
        f"%{name}% is not documented"
        for name in used
        if name not in _DOCUMENTED_MACROS and name not in _DISPUTED_MACROS
    ]
    if {"DATETIME", "EXPORT_TIME"} <= set(used):
        reasons.append("%DATETIME(...)% and %EXPORT_TIME% are documented as alternatives")
    if not reasons:
        return []
    return [
        warning(
            "Doubtful macros in the folder name",
            f"schedule.folder_name_template is {shorten(template)}: {'; '.join(reasons)}. Check the "
            "folders of the first run.",
            path("schedule", "folder_name_template"),
        )
    ]


def _full_first_run(schedule: Value) -> list[Diagnostic]:
    if schedule["export_mode"] != "FIRST_FULL_THEN_INCREMENTAL":
        return []
    return [
        warning(
            "The first run exports everything again",
            "A flow that replaces another starts from the beginning: its first run exports the complete "
            "datasets, and each later run the data that was added since the previous one. Adobe's limits for "
            "the first run are ten billion records for a flow, and one million records for uncompressed "
            "files (guardrails.md).",
            path("schedule", "export_mode"),
        )
    ]


def _all_datasets_change(source: JsonObject | None) -> list[Diagnostic]:
    names = None if source is None else _dataset_names(source)
    if names is not None and len(names) < 2:
        return []
    listed = f": {', '.join(names)}" if names else ""
    return [
        warning(
            "All datasets of the flow change their schedule",
            f"All datasets of a flow share its schedule, so this change affects all of them{listed}.",
            path("schedule"),
        )
    ]


def _dataset_names(source: JsonObject) -> list[str]:
    datasets = json_mapping.get(source, "params.datasets")
    return [str(json_mapping.get(each, "name")) for each in datasets] if isinstance(datasets, list) else []


def _near_end(schedule: Value, now: datetime, days: int) -> list[Diagnostic]:
    end = _time(schedule["end_time"])
    if end is None or end - now > timedelta(days=days) or _is_once(schedule):
        return []
    passed = end <= now
    # A flow's state does not change at its end (run-and-operate/health-checks/destinations.md, 2026, written
    # about audience flows).
    effect = "then stops exporting silently"
    if passed:
        effect = "has stopped exporting, although its state can still be enabled"
    return [
        warning(
            "The exports have ended" if passed else "The exports end soon",
            f"schedule.end_time is {schedule['end_time']}: the flow {effect}. Set a later end_time, or "
            "disable or destroy the flow.",
            path("schedule", "end_time"),
        )
    ]


def _time(value: Value) -> datetime | None:
    try:
        return times.parse(value) if is_given(value) else None
    except ValueError:
        return None
