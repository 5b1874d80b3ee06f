"""Warnings about valid flows with unexpected effects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from provider_shim.lifecycle.checks import flow_warnings
from provider_shim.schema.diagnostics import Severity
from provider_shim.schema.values import UNKNOWN
from tests.unit import samples

NOW = datetime(2031, 6, 1, tzinfo=UTC)
SCHEDULE = samples.SCHEDULE | {"folder_name_template": None}
ONCE = SCHEDULE | {"export_mode": "DAILY_FULL_EXPORT", "time_unit": "day", "interval": 0, "end_time": None}


def flow(schedule: dict[str, Any]) -> dict[str, Any]:
    """Return a flow with this schedule and the attributes that warnings use."""
    return {"schedule": schedule, "source_connection_id": "s"}


def warnings(
    prior: dict[str, Any] | None,
    planned: dict[str, Any],
    config: dict[str, Any] | None = None,
    *,
    replaced: bool = False,
    datasets: list[str] | None = None,
) -> dict[str, str]:
    """Return the warnings of a plan by summary. Each has an attribute path."""
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


AGAIN = "The first run exports everything again"


def test_no_warnings() -> None:
    """New exports with an end and a start in the future, and an unchanged flow, give no warnings."""
    assert warnings(None, ONCE) == {}
    assert warnings(None, SCHEDULE) == {}
    assert warnings(SCHEDULE, SCHEDULE) == {}


def test_a_replaced_flow_exports_everything_again() -> None:
    """An incremental flow that replaces another gives a warning; one that exports only once gives none."""
    assert list(warnings(None, SCHEDULE, replaced=True)) == [AGAIN]
    assert list(warnings(None, ONCE, replaced=True)) == []


def test_no_end() -> None:
    """A flow without a configured end gives a warning when it is created, but not in later plans."""
    without = SCHEDULE | {"end_time": None}
    chosen = SCHEDULE | {"end_time": "2032-01-01T00:00:00Z"}

    assert "The exports have no end that you chose" in warnings(
        None, SCHEDULE | {"end_time": UNKNOWN}, without
    )
    assert warnings(chosen, chosen, without) == {}


def test_a_start_in_the_past() -> None:
    """A start in the past gives a warning when it is new or changed."""
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
def test_doubtful_macros(template: str, doubt: str | None) -> None:
    """Macros about which Adobe's sources disagree, and unknown ones, give a warning; others do not."""
    found = warnings(SCHEDULE, SCHEDULE | {"folder_name_template": template})
    detail = found.get("Doubtful macros in the folder name")

    assert (detail is None) if doubt is None else (detail is not None and doubt in detail)


def test_a_schedule_change_affects_all_datasets() -> None:
    """A changed schedule gives a warning with the datasets' names, unless there is only one."""
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
def test_a_near_end(end: str, summary: str | None) -> None:
    """An unchanged flow gives a warning within `expiry_warning_days`, and after the end."""
    schedule = SCHEDULE | {"end_time": end}

    assert list(warnings(schedule, schedule)) == ([] if summary is None else [summary])


def test_an_ended_flow_is_not_disabled() -> None:
    """The warning explains that the state of a flow does not show that its exports have ended."""
    schedule = SCHEDULE | {"end_time": "2031-05-01T00:00:00Z"}

    assert "its state can still be enabled" in warnings(schedule, schedule)["The exports have ended"]


def test_unknown_schedules() -> None:
    """Unknown values give no warnings."""
    assert warnings(None, UNKNOWN) == {}  # type: ignore[arg-type]
    assert warnings(None, SCHEDULE | {"start_time": UNKNOWN, "folder_name_template": UNKNOWN}) == {}
