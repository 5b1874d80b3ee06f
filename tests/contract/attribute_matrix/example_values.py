"""Valid values for any attribute, made from its description, and equivalent values.

If no value can be made, an `AssertionError` names the attribute: then either the attribute needs an
`example`, or this module needs to know its rule.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from provider_shim.resources import common
from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block_rules import AllowedCombinations
from provider_shim.schema.codecs import (
    EPOCH_SECONDS,
    FLAG,
    INTEGER,
    LOWER_CASE,
    OPTIONAL_TEXT,
    PLAIN,
    SINGLE_ITEM,
    STATE,
    TEXT,
    UPPER_CASE,
    Codec,
)
from provider_shim.schema.paths import ROOT
from provider_shim.schema.rules import Base64, Duration, IntegerBetween, OneOf, Timestamp
from provider_shim.schema.scalars import times
from provider_shim.schema.types import BOOL, NUMBER, STRING, List, Map, Set

ReferenceValues = Callable[[str], list[Any]]
"""Returns two values for an attribute with ids of other objects, by the attribute's name."""

DAY = 86400
MAX_TEXT_LENGTH = 64
"""Length of the longest text that is tried for a pattern without an example."""


EXPORTABLE_DATASETS = ("5ef3e3259ad2a1191ab7dd7d", "64b7e8acdd522e6190ac9567")
"""Two datasets that the emulator's sandbox can export; others are an error."""


def two_values(attribute: Attribute, reference_values: ReferenceValues) -> tuple[Any, Any]:
    """Make two valid values that are not equivalent."""
    found: list[Any] = []
    for value in _candidates(attribute, reference_values):
        if not _is_valid(attribute, value):
            continue
        if not any(_is_equivalent(attribute, value, other) for other in found):
            found.append(value)
        if len(found) == 2:
            return found[0], found[1]
    raise AssertionError(
        f"No two values of {attribute.name} can be made from its description: give it an `example`."
    )


def equivalent_value(attribute: Attribute, value: Any) -> Any:
    """Make an equivalent value in another form, or None if there is only one form."""
    codec = PLAIN if attribute.json is None else attribute.json.codec
    if codec in (UPPER_CASE, LOWER_CASE):
        return value.lower() if value != value.lower() else value.upper()
    if codec is EPOCH_SECONDS:
        return (times.parse(value) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S+02:00")
    assert codec in (PLAIN, TEXT, INTEGER, SINGLE_ITEM, STATE, FLAG, OPTIONAL_TEXT) or _is_lookup(codec), (
        f"{attribute.name} is written by the codec {codec.name}, for which no equivalent values are known"
    )
    return None


def _is_lookup(codec: Codec) -> bool:
    """Whether the codec maps names to ids, each of which has one form."""
    return codec.name == "destination"


def _is_equivalent(attribute: Attribute, one: Any, other: Any) -> bool:
    codec = PLAIN if attribute.json is None else attribute.json.codec
    return one == other or (attribute.nested is None and codec.same(one, other))


def _is_valid(attribute: Attribute, value: Any) -> bool:
    """Whether all rules of the attribute that are errors accept the value."""
    return not any(rule.check(value, ROOT) for rule in attribute.rules if not rule.disputed)


def _candidates(attribute: Attribute, reference_values: ReferenceValues) -> Iterator[Any]:
    if attribute.nested is not None:
        yield from _objects(attribute, reference_values)
    elif common.UUID in attribute.rules or attribute.name == "dataset_ids":
        yield from reference_values(attribute.name)
    elif attribute.type == BOOL:
        yield from (not attribute.default, bool(attribute.default)) if attribute.default else (True, False)
    elif attribute.type == NUMBER:
        yield from _numbers(attribute)
    elif attribute.type == STRING:
        yield from _texts(attribute)
    elif attribute.type == Map(STRING):
        yield from ({"one": "1"}, {"one": "2", "two": "3"})
    elif attribute.type in (List(STRING), Set(STRING)):
        yield from (["one"], ["one", "two"])


def _objects(attribute: Attribute, reference_values: ReferenceValues) -> Iterator[Any]:
    """Make objects with all required attributes, or the first optional one if none is required."""
    assert attribute.nested is not None
    inner = attribute.nested.attributes
    needed = [each for each in inner if each.required] or [*inner[:1]]
    pairs = {each.name: two_values(each, reference_values) for each in needed}
    for index in (0, 1):
        item = dict.fromkeys(each.name for each in inner) | {
            name: pair[index] for name, pair in pairs.items()
        }
        for rule in attribute.nested.rules:
            if isinstance(rule, AllowedCombinations):
                item |= dict(zip(rule.attributes, rule.allowed[-1 - index], strict=True))
        match attribute.nested.nesting:
            case Nesting.SINGLE:
                yield item
            case Nesting.MAP:
                yield {"one": item}
            case _:
                yield [item]


def _numbers(attribute: Attribute) -> Iterator[int]:
    if attribute.example is not None:
        yield attribute.example
    least = next((rule.minimum for rule in attribute.rules if isinstance(rule, IntegerBetween)), 1)
    yield from (least, least + 1)


def _texts(attribute: Attribute) -> Iterator[str]:
    if common.DATASET_ID in attribute.rules:
        yield from EXPORTABLE_DATASETS
        return
    for rule in attribute.rules:
        match rule:
            case OneOf():
                yield from rule.values
                return
            case Timestamp():
                first = times.to_epoch(attribute.example or rule.example)
                yield from (times.from_epoch(first), times.from_epoch(first + DAY))
                return
            case Duration():
                yield from (attribute.example or rule.example, "7m")
                return
            case Base64():
                yield from (base64.b64encode(text).decode() for text in (b"one", b"two"))
                return
    examples = [attribute.example, *(getattr(rule, "example", None) for rule in attribute.rules)]
    for example in filter(None, examples):
        yield from (example, f"{example}2")
        yield from _variations(example)
    yield from ("one text", "another text")
    for letter, length in itertools.product("ab", range(1, MAX_TEXT_LENGTH)):
        yield letter * length


def _variations(text: str) -> Iterator[str]:
    """Make texts with one letter changed, which usually match the same rules."""
    for index, letter in enumerate(text):
        if letter.isalpha():
            other = "b" if letter.islower() else "B"
            yield text[:index] + other + text[index + 1 :]
