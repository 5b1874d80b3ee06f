"""RFC 3339 and seconds since 1970."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provider_shim.schema.scalars import times

FIRST, LAST = -62135596800, 253402300799
"""The first second of the year 1 and the last one of the year 9999."""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-12-01T00:00:00Z", 1796083200),
        ("2026-12-01t00:00:00z", 1796083200),
        ("2026-12-01T01:00:00+01:00", 1796083200),
        ("2026-11-30T19:30:00-04:30", 1796083200),
        ("2026-12-01T00:00:00-00:00", 1796083200),
        ("2026-12-01T00:00:00.000Z", 1796083200),
        ("2028-02-29T12:00:00Z", 1835438400),
        ("1969-12-31T23:59:59Z", -1),
        ("0001-01-01T00:00:00Z", FIRST),
        ("9999-12-31T23:59:59Z", LAST),
    ],
)
def test_valid_times(text: str, seconds: int) -> None:
    """Every RFC 3339 notation is converted to seconds since 1970."""
    assert times.to_epoch(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-12-01",
        "2026-12-01T00:00:00",
        "2026-12-01 00:00:00Z",
        "2026-12-01T00:00Z",
        "2026-12-01T00:00:00+0100",
        "2026-12-01T00:00:00+01",
        " 2026-12-01T00:00:00Z",
        "2026-12-01T00:00:00Z\n",
        "２０２６-12-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2027-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-12-01T24:00:00Z",
        "2026-12-01T00:60:00Z",
        "2016-12-31T23:59:60Z",
        "2026-12-01T00:00:00.5Z",
        "2026-12-01T00:00:00+24:00",
        "2026-12-01T00:00:00+00:60",
        "2026-12-01T00:00:00+00:99",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "99999-01-01T00:00:00Z",
    ],
)
def test_invalid_times(text: str) -> None:
    """A text that is not a whole second in the years 1 to 9999 (UTC) raises `ValueError`."""
    with pytest.raises(ValueError, match=r"^it "):
        times.parse(text)


@given(st.integers(FIRST, LAST))
@example(FIRST)
@example(LAST)
def test_seconds_round_trip(seconds: int) -> None:
    """Every second has a text of twenty characters, which is parsed to the same second."""
    text = times.from_epoch(seconds)

    assert len(text) == 20
    assert times.to_epoch(text) == seconds


@pytest.mark.parametrize("seconds", [FIRST - 1, LAST + 1, 10**15, 10**20, -(10**20), 10**400])
def test_seconds_outside_the_calendar(seconds: int) -> None:
    """A number outside the years 1 to 9999 raises `ValueError` and no other exception."""
    with pytest.raises(ValueError, match=r"."):
        times.from_epoch(seconds)


@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    """Any text gives a result or raises `ValueError`."""
    with contextlib.suppress(ValueError):
        times.to_epoch(text)
