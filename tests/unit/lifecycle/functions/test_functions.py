"""The results and errors of the provider's functions."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.lifecycle.functions import functions
from provider_shim.lifecycle.provider_api import CallFunctionResponse
from provider_shim.resources import CATALOGUE
from provider_shim.schema.scalars import times
from provider_shim.schema.values import UNKNOWN
from tests.unit import samples

HOURLY = {"time_unit": "hour", "interval": 3, "start_time": "2031-12-01T00:00:00Z"}
DAILY = {"time_unit": "day", "interval": 1, "start_time": "2031-12-01T06:30:00Z"}
ONCE = {"time_unit": "day", "interval": 0, "start_time": "2031-12-01T00:00:00Z"}


def run_times(schedule: Any, after: Any, n: Any = 2) -> Any:
    """Return the result of `schedule_runs`."""
    respond = functions.call_function("schedule_runs", [schedule, after, n])
    assert respond.error is None, respond.error
    return respond.result


def failed_call(name: str, *arguments: Any) -> CallFunctionResponse:
    """Return the response of a call that must fail."""
    respond = functions.call_function(name, list(arguments))
    assert respond.error is not None
    assert respond.result is None
    return respond


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        (HOURLY, "2031-11-30T23:59:59Z", ["2031-12-01T00:00:00Z", "2031-12-01T03:00:00Z"]),
        (HOURLY, "2031-12-01T00:00:00Z", ["2031-12-01T03:00:00Z", "2031-12-01T06:00:00Z"]),
        (HOURLY, "2031-12-01T02:59:59Z", ["2031-12-01T03:00:00Z", "2031-12-01T06:00:00Z"]),
        (HOURLY, "2020-01-01T00:00:00Z", ["2031-12-01T00:00:00Z", "2031-12-01T03:00:00Z"]),
        (HOURLY, "2031-12-01T02:00:00+01:00", ["2031-12-01T03:00:00Z", "2031-12-01T06:00:00Z"]),
        (DAILY, "2031-12-31T00:00:00Z", ["2031-12-31T06:30:00Z", "2032-01-01T06:30:00Z"]),
        (
            DAILY | {"time_unit": "DAY"},
            "2031-12-01T00:00:00Z",
            ["2031-12-01T06:30:00Z", "2031-12-02T06:30:00Z"],
        ),
        (ONCE, "2031-11-30T00:00:00Z", ["2031-12-01T00:00:00Z"]),
        (ONCE, "2031-12-01T00:00:00Z", []),
        (
            HOURLY | {"interval": 1},
            "2031-12-01T00:00:00Z",
            ["2031-12-01T01:00:00Z", "2031-12-01T02:00:00Z"],
        ),
        (HOURLY | {"end_time": "2031-12-01T03:00:00Z"}, "2031-12-01T00:00:00Z", ["2031-12-01T03:00:00Z"]),
        (HOURLY | {"end_time": "2031-12-01T03:00:00Z"}, "2031-12-01T03:00:00Z", []),
        (
            HOURLY | {"end_time": None},
            "2031-12-01T00:00:00Z",
            ["2031-12-01T03:00:00Z", "2031-12-01T06:00:00Z"],
        ),
    ],
)
def test_run_times(schedule: Any, after: str, expected: list[str]) -> None:
    """Runs are after the given time, in UTC, and within the schedule's start and end."""
    assert run_times(schedule, after) == expected


@given(
    unit=st.sampled_from(["hour", "day"]),
    interval=st.integers(1, 12),
    start=st.integers(0, 4_000_000_000),
    after=st.integers(0, 4_000_000_000),
    length=st.none() | st.integers(0, 10_000_000),
    n=st.integers(1, 20),
)
def test_every_schedule(unit: str, interval: int, start: int, after: int, length: int | None, n: int) -> None:
    """The result has the first runs of the schedule after the time, without gaps."""
    step = interval * (3600 if unit == "hour" else 86400)
    schedule = {"time_unit": unit, "interval": interval, "start_time": times.from_epoch(start)}
    if length is not None:
        schedule["end_time"] = times.from_epoch(start + length)

    due = [times.to_epoch(each) for each in run_times(schedule, times.from_epoch(after), n)]

    assert all(each > after and each >= start and (each - start) % step == 0 for each in due)
    assert all(later - earlier == step for earlier, later in itertools.pairwise(due))
    if due:
        assert due[0] - step <= after or due[0] == start
    if len(due) < n:
        following = due[-1] + step if due else max(start, after + 1)
        assert length is not None
        assert following + (step if not due else 0) > start + length


def test_a_flows_whole_schedule_can_be_given() -> None:
    """Other attributes of a schedule are ignored."""
    assert (
        len(run_times(samples.SCHEDULE | {"folder_name_template": None}, "2031-12-01T00:00:00Z", 1000))
        == 1000
    )


@pytest.mark.parametrize(
    ("arguments", "position", "diagnostics"),
    [
        (("daily", "2031-12-01T00:00:00Z", 1), 0, "must be an object"),
        (({}, "2031-12-01T00:00:00Z", 1), 0, "must have time_unit"),
        ((HOURLY | {"interval": None}, "2031-12-01T00:00:00Z", 1), 0, "must have interval"),
        ((HOURLY | {"time_unit": "week"}, "2031-12-01T00:00:00Z", 1), 0, '"week"'),
        ((HOURLY | {"time_unit": 3}, "2031-12-01T00:00:00Z", 1), 0, "It is 3"),
        ((HOURLY | {"interval": -3}, "2031-12-01T00:00:00Z", 1), 0, "It is -3"),
        ((HOURLY | {"interval": "3"}, "2031-12-01T00:00:00Z", 1), 0, 'It is "3"'),
        ((HOURLY | {"interval": Decimal("1.5")}, "2031-12-01T00:00:00Z", 1), 0, "It is 1.5"),
        ((HOURLY | {"interval": True}, "2031-12-01T00:00:00Z", 1), 0, "It is true"),
        ((HOURLY | {"start_time": "soon"}, "2031-12-01T00:00:00Z", 1), 0, "schedule.start_time"),
        ((HOURLY | {"end_time": 5}, "2031-12-01T00:00:00Z", 1), 0, "schedule.end_time"),
        ((HOURLY, "2031-02-30T00:00:00Z", 1), 1, "after must be"),
        ((HOURLY, "9999-12-31T23:00:00Z", 1), 1, "after the year 9999"),
        ((HOURLY, "2031-12-01T00:00:00Z", 0), 2, "It is 0"),
        ((HOURLY, "2031-12-01T00:00:00Z", 1001), 2, "1001"),
        ((HOURLY, "2031-12-01T00:00:00Z", Decimal("1.5")), 2, "1.5"),
    ],
)
def test_wrong_schedules(arguments: tuple[Any, ...], position: int, diagnostics: str) -> None:
    """Each invalid argument is reported at its position, with its value."""
    respond = failed_call("schedule_runs", *arguments)

    assert respond.argument == position
    assert diagnostics in str(respond.error)


def test_an_unknown_part_makes_the_result_unknown() -> None:
    """An argument with an unknown part gives an unknown result."""
    respond = functions.call_function(
        "schedule_runs", [HOURLY | {"end_time": UNKNOWN}, "2031-12-01T00:00:00Z", 1]
    )

    assert respond.result is UNKNOWN
    assert respond.error is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("connection_spec_id", "4fce964d-3f37-408f-9778-e597338a21ee"),
        ("flow_spec_id", "269ba276-16fc-47db-92b0-c1049a3c131f"),
    ],
)
def test_spec_ids(name: str, expected: str) -> None:
    """The ids are those of Adobe's tutorial; the error for an unknown name lists the valid ones."""
    assert functions.call_function(name, ["amazon_s3"]).result == expected

    respond = failed_call(name, "s3")
    assert respond.argument == 0
    assert '"amazon_s3"' in str(respond.error)
    assert '"s3"' in str(respond.error)


VALUES = {
    "dataset_id": "5ef3e3259ad2a1191ab7dd7d",
    "dataset_name": "Orders",
    "destination": "Amazon S3",
    "destination_instance_name": "orders to S3",
    "destination_instance_id": samples.FLOW_ID,
    "sandbox_name": "prod",
    "organization_name": "Acme",
    "time": "2031-12-01T01:02:03+01:00",
}


@pytest.mark.parametrize(
    ("template", "folder"),
    [
        (None, "5ef3e3259ad2a1191ab7dd7d/exportTime=203112010002"),
        ("/", "/"),
        ("plain", "plain"),
        ("%DATASET_NAME%/%DATETIME(YYYYMMdd_HHmmss)%", "Orders/20311201_000203"),
        ("%DESTINATION%_%DATASET_ID%", "Amazon S3_5ef3e3259ad2a1191ab7dd7d"),
        ("%DESTINATION_INSTANCE_NAME%-%DESTINATION_INSTANCE_ID%", f"orders to S3-{samples.FLOW_ID}"),
        ("%SANDBOX_NAME%/%ORGANIZATION_NAME%/y=%DATETIME(YYYY)%", "prod/Acme/y=2031"),
    ],
)
def test_folders(template: str | None, folder: str) -> None:
    """Every documented macro is replaced, times in UTC; a null template is Adobe's default."""
    assert functions.call_function("preview_folder", [template, VALUES]).result == folder


@pytest.mark.parametrize(
    ("template", "values", "position", "diagnostics"),
    [
        ("%DATASET%", VALUES, 0, "%DATASET%"),
        ("%DESTINATION_NAME%", VALUES, 0, "%DESTINATION_NAME%"),
        ("%DATASET_ID(x)%", VALUES, 0, "%DATASET_ID(x)%"),
        ("%EXPORT_TIME(x)%", VALUES, 0, "%EXPORT_TIME(x)%"),
        ("%DATETIME%", VALUES, 0, "%DATETIME%"),
        ("%DATETIME(yyyy)%", VALUES, 0, '"yyyy"'),
        ("100%", VALUES, 0, "belongs to no macro"),
        ("%DATASET_ID%", {}, 1, "dataset_id"),
        ("%DATASET_ID%", {"dataset_id": None}, 1, "dataset_id"),
        ("%EXPORT_TIME%", {}, 1, "time"),
        ("%EXPORT_TIME%", {"time": "now"}, 1, '"now"'),
        ("%DATASET_ID%" * 1000, VALUES, 0, "at most 4096 characters"),
        ("%DATASET_ID%", {"dataset_id": "a" * 5000}, 1, "at most 4096 characters"),
    ],
)
def test_wrong_templates(template: str, values: dict[str, Any], position: int, diagnostics: str) -> None:
    """An undocumented macro and a missing value are reported at their argument."""
    respond = failed_call("preview_folder", template, values)

    assert respond.argument == position
    assert diagnostics in str(respond.error)


def test_every_described_function_is_there() -> None:
    """Every described function can be called."""
    assert {*CATALOGUE.functions} == {*functions._FUNCTIONS}
    assert all(f"provider::aep::{name}(" in each.example for name, each in CATALOGUE.functions.items())


ORGANIZATION = "5555467B5D8013E50A494220@AdobeOrg"
ROLE = "arn:aws:iam::111122223333:role/adobe"


@pytest.mark.parametrize(
    ("principal", "trusted"),
    [
        (None, "arn:aws:iam::670664943635:root"),
        ("670664943635", "670664943635"),
        (ROLE, ROLE),
        *(
            (f"arn:{partition}:iam::111122223333:root", f"arn:{partition}:iam::111122223333:root")
            for partition in ("aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b")
        ),
        ("arn:aws:iam::111122223333:role/a/b/c", "arn:aws:iam::111122223333:role/a/b/c"),
        ("arn:aws:sts::111122223333:assumed-role/a/b", "arn:aws:sts::111122223333:assumed-role/a/b"),
    ],
)
def test_the_trust_policy_requires_the_external_id(principal: str | None, trusted: str) -> None:
    """The role can be assumed by the principal, by default Adobe's account, for the organisation only."""
    respond = functions.call_function("s3_role_trust_policy", [ORGANIZATION, principal])

    assert respond.error is None
    assert isinstance(respond.result, str)
    assert json.loads(respond.result) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": trusted},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": ORGANIZATION}},
            }
        ],
    }


@pytest.mark.parametrize(
    ("organization", "principal", "argument"),
    [
        ("5555467B5D8013E50A494220", None, 0),
        (ORGANIZATION + "\n", None, 0),
        ("", None, 0),
        ("*@AdobeOrg", None, 0),
        ('a"b@AdobeOrg', None, 0),
        ("${aws:PrincipalTag/x}@AdobeOrg", None, 0),
        ("\u0661@AdobeOrg", None, 0),
        (ORGANIZATION, "*", 1),
        (ORGANIZATION, "", 1),
        (ORGANIZATION, "arn:aws:iam::*:root", 1),
        (ORGANIZATION, "arn:aws:iam::111122223333:role/*", 1),
        (ORGANIZATION, "arn:aws:iam::111122223333:role/a//b", 1),
        (ORGANIZATION, "arn:aws---:iam::111122223333:root", 1),
        (ORGANIZATION, "arn:awsx:iam::111122223333:root", 1),
    ],
)
def test_a_trust_policy_trusts_no_wildcard(organization: str, principal: str | None, argument: int) -> None:
    """Wildcards, policy variables, and what is no organisation's id or no principal are errors."""
    respond = failed_call("s3_role_trust_policy", organization, principal)

    assert respond.argument == argument


def test_an_unknown_organization_has_an_unknown_policy() -> None:
    """The policy of an organisation that is known after apply is known then."""
    assert functions.call_function("s3_role_trust_policy", [UNKNOWN, None]).result == UNKNOWN
