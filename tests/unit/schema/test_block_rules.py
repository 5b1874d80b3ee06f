"""Rules across the attributes of one object."""

from __future__ import annotations

from typing import Any

import pytest

from provider_shim.schema.block import AuthenticationMethod
from provider_shim.schema.block_rules import (
    AllowedCombinations,
    AtLeastOneOf,
    Before,
    ConflictsWith,
    Consistent,
    ExactlyOneOf,
    OneAuthenticationMethod,
)
from provider_shim.schema.codecs import PLAIN, names
from provider_shim.schema.paths import ROOT, path
from provider_shim.schema.rules import BlockRule
from provider_shim.schema.values import UNKNOWN

ONE = ExactlyOneOf(attributes=("a", "b", "c"), noun="letter")
SOME = AtLeastOneOf(attributes=("a", "b"), noun="letter")
CONSISTENT = Consistent(
    attributes=(("a", names({"s3": "id-1", "blob": "id-2"}, "destination")), ("b", PLAIN))
)
TABLE = AllowedCombinations(
    attributes=("a", "b", "c"),
    allowed=(("FULL", "day", 0), ("PART", "day", 1), ("PART", "hour", 3)),
    summary="No such schedule",
    explanation="Because.",
    ignore_case=True,
)
ORDER = Before(first="a", second="b")
CONFLICT = ConflictsWith(attribute="a", other="b", reason="they exclude each other.")
METHODS = OneAuthenticationMethod(
    attribute="a",
    methods=(
        AuthenticationMethod(spec_name="Key", attributes=("x", "y")),
        AuthenticationMethod(spec_name="Role", attributes=("z",)),
    ),
)
EARLY, LATE = "2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z"


def value(a: Any = None, b: Any = None, c: Any = None) -> dict[str, Any]:
    """An object of three attributes."""
    return {"a": a, "b": b, "c": c}


def secrets(x: Any = None, y: Any = None, z: Any = None) -> dict[str, Any]:
    """An object whose first attribute holds secrets."""
    return value(a={"x": x, "y": y, "z": z})


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        (ONE, value(a=1)),
        (ONE, value(c={})),
        (ONE, value(b=UNKNOWN)),
        (ONE, value(a=1, b=UNKNOWN)),
        (SOME, value(a=1, b=1)),
        (SOME, value(b=UNKNOWN)),
        (CONSISTENT, value()),
        (CONSISTENT, value(a="s3")),
        (CONSISTENT, value(a="s3", b="id-1")),
        (CONSISTENT, value(a="s3", b=UNKNOWN)),
        (CONSISTENT, value(a="rubbish", b="id-1")),
        (TABLE, value("FULL", "day", 0)),
        (TABLE, value("part", "HOUR", 3)),
        (TABLE, value(UNKNOWN, "hour", 3)),
        (TABLE, value("PART", UNKNOWN, 3)),
        (TABLE, value("PART", None, None)),
        (ORDER, value(EARLY, LATE)),
        (ORDER, value(EARLY, UNKNOWN)),
        (ORDER, value(EARLY, None)),
        (ORDER, value(EARLY, "rubbish")),
        (CONFLICT, value(a=1)),
        (CONFLICT, value(a=1, b=UNKNOWN)),
        (METHODS, value()),
        (METHODS, value(a=UNKNOWN)),
        (METHODS, secrets()),
        (METHODS, secrets(x="1", y="2")),
        (METHODS, secrets(z="3")),
        (METHODS, secrets(x="1", y=UNKNOWN)),
        (METHODS, secrets(x=UNKNOWN, y=UNKNOWN, z=UNKNOWN)),
        (METHODS, secrets(x=UNKNOWN, z="3")),
        (METHODS, secrets(x=UNKNOWN)),
    ],
)
def test_valid_values(rule: BlockRule, given: dict[str, Any]) -> None:
    """Values that are valid, or may be valid once they are known, give no diagnostic."""
    assert rule.check(given, ROOT) == []


@pytest.mark.parametrize(
    ("rule", "given", "expected_path", "words"),
    [
        (ONE, value(), "", ["No letter", "`a`, `b`, `c`"]),
        (ONE, value(a=1, c=2), "in.c", ["More than one letter", "`a` and `c`"]),
        (SOME, value(), "", ["No letter", "`a` or `b`"]),
        (CONSISTENT, value(a="s3", b="id-2"), "in.b", ['"id-2"', '"s3"', '"id-1"']),
        (TABLE, value("FULL", "hour", 3), "in.b", ['a = "FULL"', '"day"', '"hour"', "Because."]),
        (TABLE, value("PART", "hour", 8), "in.c", ["3", "8"]),
        (TABLE, value("ALL", "day", 1), "in.a", ['"FULL" or "PART"', '"ALL"']),
        (TABLE, value(UNKNOWN, "day", 3), "in.c", ["0 or 1"]),
        (ORDER, value(LATE, EARLY), "in.b", [EARLY, LATE]),
        (ORDER, value(EARLY, EARLY), "in.b", [EARLY]),
        (CONFLICT, value(1, 1), "in.a", ["a with b", "they exclude each other."]),
        (METHODS, secrets(x="1"), "in.a.y", ["`x` and `y`", "Key"]),
        (METHODS, secrets(x="1", z="3"), "in.a.z", ["Role", "Key"]),
        (METHODS, secrets(x="1", y=UNKNOWN, z="3"), "in.a.z", ["`x` to Key"]),
    ],
)
def test_invalid_values(rule: BlockRule, given: dict[str, Any], expected_path: str, words: list[str]) -> None:
    """A violation is reported on the attribute to change, with its value and the valid ones."""
    problems = rule.check(given, path("in"))

    assert str(problems[0].path) == (expected_path or "in")
    for word in words:
        assert word in problems[0].summary + " " + problems[0].detail


def test_each_surplus_is_reported() -> None:
    """Three attributes where one is allowed give two errors, each on its own attribute."""
    assert [str(each.path) for each in ONE.check(value(1, 2, 3), ROOT)] == ["b", "c"]


def test_secrets_are_not_shown() -> None:
    """The messages of the rule about secrets do not contain them."""
    problems = [
        each
        for given in (secrets(x="s3cr3t"), secrets(x="s3cr3t", z="h1dden"))
        for each in METHODS.check(given, ROOT)
    ]

    assert problems
    assert not any("s3cr3t" in str(each) or "h1dden" in str(each) for each in problems)
