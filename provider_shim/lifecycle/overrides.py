"""Environment variables that replace the provider's clock and its pauses, for tests and demonstrations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.scalars import times

_POLL_INTERVAL = "FLOWBRIDGE_POLL_INTERVAL"
_NOW = "FLOWBRIDGE_NOW"


@dataclass(frozen=True, slots=True)
class Overrides:
    """The values of the variables, or the defaults.

    Attributes:
        poll_interval: Seconds between two reads of an object that is changing.
        now: The time that replaces the current time in warnings, or `None`.
    """

    poll_interval: float = 2.0
    now: datetime | None = None


def read(environment: Mapping[str, str]) -> tuple[Overrides, list[Diagnostic]]:
    """Return the overrides, and the errors in them. A variable with an error has its default."""
    overrides = Overrides()
    problems = []
    if text := environment.get(_POLL_INTERVAL):
        try:
            overrides = replace(overrides, poll_interval=_seconds(text))
        except ValueError:
            problems.append(_invalid(_POLL_INTERVAL, text, "a number of seconds, such as 0.5"))
    if text := environment.get(_NOW):
        try:
            overrides = replace(overrides, now=times.parse(text))
        except ValueError:
            problems.append(_invalid(_NOW, text, "an RFC 3339 time, such as 2031-01-02T00:00:00Z"))
    return overrides, problems


def _seconds(text: str) -> float:
    seconds = float(text)
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"{text!r} is not a number of seconds")
    return seconds


def _invalid(variable: str, text: str, expected: str) -> Diagnostic:
    return error(
        f"Invalid {variable}",
        f"The environment variable {variable} must be {expected}. It is {text!r}. Correct it, or remove it.",
    )
