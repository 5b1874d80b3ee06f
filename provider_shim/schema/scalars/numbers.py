"""The numbers that the provider reads from Terraform, from states and from JSON.

Python's arithmetic takes time and memory that grow with the number: `1e400000` has 400,001 digits, whose
conversion to `int` takes half a minute, and `1e99999999` has only ten characters. Numbers beyond the bounds
of this module are therefore rejected before any calculation.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

MAX_DIGITS = 400
"""Maximum of digits before the decimal point. The largest binary floating point number of 64 bits has 309."""

MAX_DECIMAL_PLACES = 1200
"""Maximum of decimal places. The smallest binary floating point number of 64 bits has 1,074."""

RANGE = (
    f"a number between -1e{MAX_DIGITS} and 1e{MAX_DIGITS} with at most {MAX_DECIMAL_PLACES} decimal places"
)
"""Completes the sentence "... must be ..."."""

_MAX_LENGTH = MAX_DIGITS + MAX_DECIMAL_PLACES + len("-.e+0000")
_MAX_SHOWN = 40
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)


class NotANumber(ValueError):
    """A text is not a number in decimal notation."""


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A number beyond the bounds, which is never calculated. `text` describes it in messages."""

    text: str

    def __str__(self) -> str:
        return self.text


def parse(text: str) -> int | Decimal | OutOfRange:
    """Return the number of a text in decimal notation, an `int` if it has no fraction.

    Takes time in proportion to the length of the text, whatever the number. Raises `NotANumber`.
    """
    if len(text) > _MAX_LENGTH:
        return OutOfRange(f"a number of {len(text)} characters")
    if not _NUMBER.fullmatch(text):
        raise NotANumber
    shown = OutOfRange(text if len(text) <= _MAX_SHOWN else f"a number of {len(text)} characters")
    try:
        return bounded(Decimal(text), shown)
    except InvalidOperation:  # an exponent that even `Decimal` does not have
        return shown


def bounded(number: Decimal, shown: OutOfRange) -> int | Decimal | OutOfRange:
    """Return a finite number, an `int` if it has no fraction, or `shown` if it is beyond the bounds."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - the number is finite
    if number and (number.adjusted() >= MAX_DIGITS or exponent < -MAX_DECIMAL_PLACES):
        return shown
    return without_fraction(number)


def without_fraction(number: int | Decimal) -> int | Decimal:
    """Return an `int` if the number has no fraction, so that equal numbers have one Python form."""
    if isinstance(number, Decimal) and number == number.to_integral_value():
        return int(number)
    return number


def load_json(data: bytes | str) -> Any:
    """Parse JSON with all digits of its numbers: `int`, `decimal.Decimal` or `OutOfRange`, never `float`.

    Raises `ValueError` if the data is not JSON, has `NaN` or `Infinity`, which JSON hasn't, or is nested more
    deeply than Python's stack allows.
    """
    try:
        return json.loads(data, parse_int=parse, parse_float=parse, parse_constant=_reject_constant)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def _reject_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
