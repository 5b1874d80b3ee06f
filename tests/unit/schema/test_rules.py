"""Rules for one value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from provider_shim.schema.diagnostics import Severity
from provider_shim.schema.paths import path
from provider_shim.schema.rules import (
    Base64,
    Duration,
    IntegerBetween,
    NotEmpty,
    OneOf,
    Pattern,
    Timestamp,
    ValueRule,
    shorten,
)
from provider_shim.schema.values import UNKNOWN

BUCKET = Pattern(regex="[a-z]{3,}", requirement="be small letters", example="acme")
FORMAT = OneOf(values=("JSON", "PARQUET"), requirement="be a format", ignore_case=True)
EXACT = OneOf(values=("patch", "replace"), requirement="be a way")
PORT = IntegerBetween(minimum=1, maximum=65535, requirement="be a port", example=22)
FLOOR = IntegerBetween(minimum=0, requirement="be 0 or more")

GOOD: list[tuple[ValueRule, Any]] = [
    (BUCKET, "acme"),
    (FORMAT, "parquet"),
    (EXACT, "patch"),
    (NotEmpty(), "a"),
    (NotEmpty(), [UNKNOWN]),
    (PORT, 1),
    (PORT, 65535),
    (PORT, Decimal("22.0")),
    (FLOOR, 10**30),
    (Timestamp(), "2031-12-01T00:00:00+01:00"),
    (Duration(), "1h30m"),
    (Base64(), "YWJj"),
    (Base64(), "YW\nJj\n"),
]
BAD: list[tuple[ValueRule, Any]] = [
    (BUCKET, "Acme"),
    (BUCKET, "acme\n"),
    (BUCKET, ""),
    (FORMAT, "CSV"),
    (EXACT, "Patch"),
    (NotEmpty(), ""),
    (NotEmpty(), " \t\n"),
    (NotEmpty(), []),
    (PORT, 0),
    (PORT, 65536),
    (PORT, Decimal("22.5")),
    (FLOOR, -1),
    (Timestamp(), "2031-02-30T00:00:00Z"),
    (Timestamp(), "tomorrow"),
    (Duration(), "0s"),
    (Duration(), "ten minutes"),
    (Base64(), ""),
    (Base64(), "YWJ"),
    (Base64(), "é"),
    (Base64(), "Y-_j"),
]


@pytest.mark.parametrize(("rule", "value"), GOOD)
def test_valid_values(rule: ValueRule, value: Any) -> None:
    """A valid value gives no diagnostic."""
    assert rule.check(value, path("it")) == []


@pytest.mark.parametrize(("rule", "value"), BAD)
def test_invalid_values(rule: ValueRule, value: Any) -> None:
    """An invalid value is an error on its path, with the value, the requirement and the example."""
    (problem,) = rule.check(value, path("block", "it"))

    assert problem.severity is Severity.ERROR
    assert problem.path == path("block", "it")
    assert rule.requirement in problem.detail
    assert shorten(value) in problem.detail
    if rule.example is not None:
        assert shorten(rule.example) in problem.detail


@pytest.mark.parametrize(("rule", "value"), [each for each in BAD if isinstance(each[1], str) and each[1]])
def test_secrets_are_not_shown(rule: ValueRule, value: str) -> None:
    """The message about a secret has its length, and nothing of its text."""
    (problem,) = rule.check(value * 3, path("secret"), secret=True)

    assert value.strip() == "" or value * 3 not in problem.summary + problem.detail
    assert f"a secret of {len(value) * 3} characters" in problem.detail


@pytest.mark.parametrize("rule", {type(rule): rule for rule, _ in BAD}.values())
@pytest.mark.parametrize("value", [None, UNKNOWN])
def test_skipped_values(rule: ValueRule, value: Any) -> None:
    """Null and unknown values are not checked."""
    assert rule.check(value, path("it")) == []


def test_partly_unknown_collection() -> None:
    """A collection with an unknown element is not checked by a rule for the whole."""
    assert OneOf(values=(), requirement="be nothing").check([UNKNOWN], path("it")) == []


def test_long_values_are_cut() -> None:
    """A long value is cut in messages."""
    assert len(shorten("x" * 5000)) < 130


@pytest.mark.parametrize(
    ("value", "text"), [(None, "null"), (True, "true"), (False, "false"), (3, "3"), ("a", '"a"')]
)
def test_values_are_shown_as_terraform_writes_them(value: Any, text: str) -> None:
    """Messages show a value as it is written in HCL."""
    assert shorten(value) == text
