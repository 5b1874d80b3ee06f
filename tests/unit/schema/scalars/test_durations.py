"""Durations in Terraform's notation."""

from __future__ import annotations

import pytest

from provider_shim.schema.scalars import durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("250ms", 0.25),
        ("1m250ms", 60.25),
        ("0s", 0),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    """Every notation is converted to seconds."""
    assert durations.parse(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "10", "m", "-1m", "1 m", "1d", "1m ", "1..5h", "1e3s", "１m", "1m\n", ".5h"]
)
def test_no_durations(text: str) -> None:
    """A text that is not a duration raises `ValueError`."""
    with pytest.raises(ValueError, match="is not a duration"):
        durations.parse(text)
