"""Terraform values as plain Python values.

| Terraform | Python |
|---|---|
| string, bool | `str`, `bool` |
| number | `int`, or `decimal.Decimal` if it has a fraction; never `float`, which would lose digits |
| list, tuple | `list` |
| set | `list` without duplicates in canonical order (`make_set`), so that `==` compares sets |
| map, object | `dict`; an object has every attribute, absent ones as `None` |
| null | `None` |
| unknown until apply | `UNKNOWN` |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final, final


@final
class Unknown:
    """The type of `UNKNOWN`: a value that is known only after apply.

    `bool()` raises `TypeError`, so that no check takes it for an absent or a present value by mistake.
    """

    _instance: Unknown | None = None

    def __new__(cls) -> Unknown:  # noqa: D102 - described in the class's docstring
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false; use `value is UNKNOWN`")

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Unknown:
        return self


UNKNOWN: Final = Unknown()

Value = Any
"""A Terraform value, in the Python form of this module's table."""


def is_wholly_known(value: Value) -> bool:
    """Return True if no part of the value is unknown."""
    match value:
        case Unknown():
            return False
        case dict():
            return all(is_wholly_known(each) for each in value.values())
        case list():
            return all(is_wholly_known(each) for each in value)
        case _:
            return True


def make_set(items: Iterable[Value]) -> list[Value]:
    """Return the Python form of a set: a list without duplicates, in an order that depends on nothing else.

    Equal elements that contain unknown values are all kept, because they may differ once they are known.
    """
    keyed = sorted(((sort_key(item), item) for item in items), key=lambda pair: pair[0])
    return [
        item
        for index, (key, item) in enumerate(keyed)
        if index == 0 or key != keyed[index - 1][0] or not is_wholly_known(item)
    ]


def sort_key(value: Value) -> str:
    """Return a text that equal values share, and other values do not."""
    return json.dumps(value, sort_keys=True, default=_json_default)


def _json_default(value: object) -> int | list[str]:
    match value:
        case Unknown():
            return ["unknown"]  # a list, which differs from every text
        case Decimal():
            return int(value) if value == value.to_integral_value() else [format(value, "f").rstrip("0")]
    raise TypeError(f"not a Terraform value: {value!r}")


def is_text(value: Any) -> bool:
    """Return True for a text of whole characters. JSON's escapes allow half of one, which UTF-8 does not."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def walk(value: Value) -> Iterator[Value]:
    """Yield the value and every value inside it."""
    yield value
    if isinstance(value, dict):
        for each in value.values():
            yield from walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from walk(each)
