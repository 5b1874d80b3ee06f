"""Durations in Terraform's notation: `1h30m`, `90s`, `1.5h`, `250ms`."""

from __future__ import annotations

import re

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)", re.ASCII)


def parse(text: str) -> float:
    """Return the seconds of a duration. Raises `ValueError` if the text is not a duration."""
    if not re.fullmatch(rf"(?:{_PART.pattern})+", text, re.ASCII):
        raise ValueError(f"{text!r} is not a duration")
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
