"""Numbers within bounds, whatever their text."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.schema.scalars.numbers import MAX_DIGITS, NotANumber, OutOfRange, load_json, parse


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**300), max_value=10**300))
def test_a_number_within_the_bounds_has_all_its_digits(number: Decimal) -> None:
    """The text of a number, in both notations, is parsed exactly."""
    for text in (str(number), format(number, "f")):
        parsed = parse(text)
        assert not isinstance(parsed, OutOfRange)
        assert parsed == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_within_the_bounds(number: float) -> None:
    """No number that Terraform sends as a float is rejected when it is written as a text."""
    assert parse(format(Decimal(number), "f")) == Decimal(number)


@given(st.integers(-5, 5).filter(bool), st.integers(MAX_DIGITS, 10**30), st.sampled_from(["", "-"]))
def test_a_number_beyond_the_bounds_is_never_calculated(digit: int, exponent: int, sign: str) -> None:
    """An exponent beyond the bounds stands for itself, however large or small it is."""
    assert isinstance(parse(f"{digit}e{exponent}"), OutOfRange)
    assert isinstance(parse(f"{digit}e-{exponent * 10}"), OutOfRange)


def test_a_long_text_is_described_by_its_length() -> None:
    """A message about a number never has megabytes."""
    assert str(parse("9" * 1_000_000)) == "a number of 1000000 characters"
    assert str(parse("9" * 1000)) == "a number of 1000 characters"
    assert str(parse("1e5000")) == "1e5000"


@pytest.mark.parametrize("text", ["0e99999999", "-0e-99999999", "0.0", "-0"])
def test_zero_is_zero(text: str) -> None:
    """Zero has no size, whatever its exponent."""
    assert parse(text) == 0


@pytest.mark.parametrize("text", ["", "x", "1_000", "١", "NaN", "Infinity", "0x10", " 1", "1e", "--1"])
def test_other_texts_are_not_numbers(text: str) -> None:
    """Only decimal notation in ASCII is a number."""
    with pytest.raises(NotANumber):
        parse(text)


def test_json_keeps_what_is_beside_a_number_beyond_the_bounds() -> None:
    """Only the number itself is replaced."""
    parsed = load_json(b'{"a": [1e99999999, 5, 0.5], "b": "x"}')

    assert parsed == {"a": [OutOfRange("1e99999999"), 5, Decimal("0.5")], "b": "x"}


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_numbers_that_are_not_finite_are_not_json(text: str) -> None:
    """Python's parser would return a `float`."""
    with pytest.raises(ValueError, match="is not JSON"):
        load_json(text)


def test_deep_json_is_not_json() -> None:
    """Nesting that exceeds Python's stack is an error like any other malformed text."""
    with pytest.raises(ValueError, match="nested too deeply"):
        load_json("[" * 100_000)
    with pytest.raises(json.JSONDecodeError):
        load_json("[")
