"""Rules across the attributes of one object."""

from __future__ import annotations

from typing import Any

import pytest

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
AGREE = Consistent(attributes=(("a", names({"s3": "id-1", "blob": "id-2"}, "place")), ("b", PLAIN)))
TABLE = AllowedCombinations(
    attributes=("a", "b", "c"),
    allowed=(("FULL", "day", 0), ("PART", "day", 1), ("PART", "hour", 3)),
    summary="No such schedule",
    explanation="Because.",
    ignore_case=True,
)
ORDER = Before(first="a", second="b")
APART = ConflictsWith(attribute="a", other="b", reason="they quarrel.")
METHODS = OneAuthenticationMethod(attribute="a", methods=(("Key", ("x", "y")), ("Role", ("z",))))
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
        (AGREE, value()),
        (AGREE, value(a="s3")),
        (AGREE, value(a="s3", b="id-1")),
        (AGREE, value(a="s3", b=UNKNOWN)),
        (AGREE, value(a="rubbish", b="id-1")),
        (TABLE, value("FULL", "day", 0)),
        (TABLE, value("part", "HOUR", 3)),
        (TABLE, value(UNKNOWN, "hour", 3)),
        (TABLE, value("PART", UNKNOWN, 3)),
        (TABLE, value("PART", None, None)),
        (ORDER, value(EARLY, LATE)),
        (ORDER, value(EARLY, UNKNOWN)),
        (ORDER, value(EARLY, None)),
        (ORDER, value(EARLY, "rubbish")),
        (APART, value(a=1)),
        (APART, value(a=1, b=UNKNOWN)),
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
def test_kept(rule: BlockRule, given: dict[str, Any]) -> None:
    """What is right, or may still turn out right, says nothing."""
    assert rule.check(given, ROOT) == []


@pytest.mark.parametrize(
    ("rule", "given", "place", "words"),
    [
        (ONE, value(), "", ["No letter", "`a`, `b`, `c`"]),
        (ONE, value(a=1, c=2), "in.c", ["More than one letter", "`a` and `c`"]),
        (SOME, value(), "", ["No letter", "`a` or `b`"]),
        (AGREE, value(a="s3", b="id-2"), "in.b", ['"id-2"', '"s3"', '"id-1"']),
        (TABLE, value("FULL", "hour", 3), "in.b", ['a = "FULL"', '"day"', '"hour"', "Because."]),
        (TABLE, value("PART", "hour", 8), "in.c", ["3", "8"]),
        (TABLE, value("ALL", "day", 1), "in.a", ['"FULL" or "PART"', '"ALL"']),
        (TABLE, value(UNKNOWN, "day", 3), "in.c", ["0 or 1"]),
        (ORDER, value(LATE, EARLY), "in.b", [EARLY, LATE]),
        (ORDER, value(EARLY, EARLY), "in.b", [EARLY]),
        (APART, value(1, 1), "in.a", ["a with b", "they quarrel."]),
        (METHODS, secrets(x="1"), "in.a.y", ["`x` and `y`", "Key"]),
        (METHODS, secrets(x="1", z="3"), "in.a.z", ["Role", "Key"]),
        (METHODS, secrets(x="1", y=UNKNOWN, z="3"), "in.a.z", ["`x` to Key"]),
    ],
)
def test_broken(rule: BlockRule, given: dict[str, Any], place: str, words: list[str]) -> None:
    """What is wrong is told on the attribute to blame, with what stands there and what could."""
    inside = path("in")

    problems = rule.check(given, inside)

    assert str(problems[0].path) == (place or "in")
    for word in words:
        assert word in problems[0].summary + " " + problems[0].detail


def test_each_surplus_is_told() -> None:
    """Three where one is wanted are two errors, each on its own attribute."""
    assert [str(each.path) for each in ONE.check(value(1, 2, 3), ROOT)] == ["b", "c"]


def test_secrets_are_not_told() -> None:
    """The rule about secrets never says what they are."""
    told = [
        each
        for given in (secrets(x="s3cr3t"), secrets(x="s3cr3t", z="h1dden"))
        for each in METHODS.check(given, ROOT)
    ]

    assert told
    assert not any("s3cr3t" in str(each) or "h1dden" in str(each) for each in told)
