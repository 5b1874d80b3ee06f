"""Warnings come where something is allowed and may surprise, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from provider_shim.lifecycle.checks import flow_warnings
from provider_shim.schema.diagnostics import Severity
from provider_shim.schema.values import UNKNOWN

NOW = datetime(2031, 6, 1, tzinfo=UTC)
SCHEDULE = {
    "export_mode": "FIRST_FULL_THEN_INCREMENTAL",
    "time_unit": "hour",
    "interval": 3,
    "start_time": "2031-12-01T00:00:00Z",
    "end_time": "2032-12-01T00:00:00Z",
    "folder_name_template": None,
}
ONCE = SCHEDULE | {"export_mode": "DAILY_FULL_EXPORT", "time_unit": "day", "interval": 0, "end_time": None}


def flow(schedule: dict[str, Any]) -> dict[str, Any]:
    """A flow with this schedule, as far as warnings look at it."""
    return {"schedule": schedule, "source_connection_id": "s"}


def warnings(
    prior: dict[str, Any] | None,
    planned: dict[str, Any],
    config: dict[str, Any] | None = None,
    *,
    replaced: bool = False,
    datasets: list[str] | None = None,
) -> dict[str, str]:
    """The warnings of a plan, by summary; every one is on an attribute."""
    found = flow_warnings.flow_warnings(
        None if prior is None else flow(prior),
        flow(planned),
        flow(planned if config is None else config),
        replaced=replaced,
        now=NOW,
        expiry_days=30,
        source=None if datasets is None else {"params": {"datasets": [{"name": name} for name in datasets]}},
    )
    assert all(each.severity is Severity.WARNING and each.path.steps for each in found)
    return {each.summary: each.detail for each in found}


FULL = "The first run exports everything"


def test_a_quiet_flow_warns_of_nothing() -> None:
    """A full export at a time to come, and an unchanged flow, need no word."""
    assert warnings(None, ONCE) == {}
    assert warnings(SCHEDULE, SCHEDULE) == {}


def test_a_first_run_exports_everything() -> None:
    """A new incremental flow is told of, and a replaced one, which exports everything again."""
    assert list(warnings(None, SCHEDULE)) == [FULL]
    assert list(warnings(None, SCHEDULE, replaced=True)) == [FULL + " again"]


def test_no_end_is_told_once() -> None:
    """A flow without an end of the user's own is warned of when it is made, not in every plan."""
    without = SCHEDULE | {"end_time": None}
    chosen = SCHEDULE | {"end_time": "2032-01-01T00:00:00Z"}

    assert "The exports have no end that you chose" in warnings(
        None, SCHEDULE | {"end_time": UNKNOWN}, without
    )
    assert warnings(chosen, chosen, without) == {}


def test_a_start_in_the_past_is_told() -> None:
    """A start that lies behind the clock is warned of when it is new."""
    past = SCHEDULE | {"start_time": "2031-05-31T00:00:00Z"}

    assert "The start is in the past" in warnings(None, past)
    assert "The start is in the past" in warnings(SCHEDULE, past)
    assert warnings(past, past) == {}


@pytest.mark.parametrize(
    ("template", "doubt"),
    [
        ("%DATASET_NAME%", "the OpenAPI file only"),
        ("%ORGANIZATION_NAME%/x", "the tutorial only"),
        ("%DESTINATION_NAME%", "not documented"),
        ("%EXPORT_TIME%/%DATETIME(YYYYMMdd)%", "alternatives"),
        ("%DATASET_ID%/%DATETIME(YYYYMMdd_HHmmss)%", None),
        ("/", None),
    ],
)
def test_doubtful_macros_are_told(template: str, doubt: str | None) -> None:
    """Macros on which Adobe's sources differ, and unknown ones, are named; the others are not."""
    found = warnings(SCHEDULE, SCHEDULE | {"folder_name_template": template})
    detail = found.get("Doubtful macros in the folder name")

    assert (detail is None) if doubt is None else (detail is not None and doubt in detail)


def test_a_schedule_moves_all_datasets() -> None:
    """A changed schedule is warned of with the names of the datasets, where there are several or unknown."""
    other = SCHEDULE | {"interval": 6}
    summary = "All datasets of the flow change their schedule"

    assert "Orders, Returns" in warnings(SCHEDULE, other, datasets=["Orders", "Returns"])[summary]
    assert summary in warnings(SCHEDULE, other)
    assert summary not in warnings(SCHEDULE, other, datasets=["Orders"])


@pytest.mark.parametrize(
    ("end", "summary"),
    [
        ("2031-07-01T00:00:00Z", "The exports end soon"),
        ("2031-07-02T00:00:01Z", None),
        ("2031-05-01T00:00:00Z", "The exports have ended"),
    ],
)
def test_a_near_end_is_told_in_every_plan(end: str, summary: str | None) -> None:
    """An unchanged flow warns within the days that the provider is set to, and after the end."""
    schedule = SCHEDULE | {"end_time": end}

    assert list(warnings(schedule, schedule)) == ([] if summary is None else [summary])


def test_unknown_schedules_are_passed_over() -> None:
    """What is not known yet is not warned of."""
    assert warnings(None, UNKNOWN) == {}  # type: ignore[arg-type]
    assert list(warnings(None, SCHEDULE | {"start_time": UNKNOWN, "folder_name_template": UNKNOWN})) == [FULL]
