"""Shapes: predicates on values that come from a document, and functions that combine them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

Shape = Callable[[object], bool]

MAX_NUMBER: Final = 2**53
# The year 8307: later than any time that is computed from a time of the clock, and a time that Python shows.
MAX_TIME: Final = 200_000_000_000_000


class SnapshotError(ValueError):
    """The document is not a snapshot that this emulator can restore; the message has the reason."""


def is_text(value: object) -> bool:
    """Return whether the value is text."""
    return isinstance(value, str)


def is_flag(value: object) -> bool:
    """Return whether the value is true or false."""
    return isinstance(value, bool)


def is_object(value: object) -> bool:
    """Return whether the value is an object."""
    return isinstance(value, dict)


def integer(least: int = 0, most: int = MAX_NUMBER) -> Shape:
    """Return the shape of a whole number within bounds; true and false are none."""
    return lambda value: type(value) is int and least <= value <= most


is_time: Final = integer(0, MAX_TIME)
is_count: Final = integer()


def one_of(*values: str) -> Shape:
    """Return the shape of one of these texts."""
    allowed = frozenset(values)
    return lambda value: isinstance(value, str) and value in allowed


def matching(pattern: str) -> Shape:
    """Return the shape of a text that matches as a whole."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


is_name: Final = matching(r"[\s\S]{1,1024}")


def optional(shape: Shape) -> Shape:
    """Return the shape of null or something else."""
    return lambda value: value is None or shape(value)


def list_of(shape: Shape, least: int = 0, most: int | None = None) -> Shape:
    """Return the shape of an array, by the shape of its elements and their number."""

    def fits(value: object) -> bool:
        if not isinstance(value, list) or len(value) < least or (most is not None and len(value) > most):
            return False
        return all(map(shape, value))

    return fits


def map_of(shape: Shape) -> Shape:
    """Return the shape of an object whose values all have one shape."""
    return lambda value: isinstance(value, dict) and all(map(shape, value.values()))


def having(required: Mapping[str, Shape], others: Mapping[str, Shape] | None = None) -> Shape:
    """Return the shape of an object with these fields, and ``others`` if they are there, and no more."""
    return lambda value: isinstance(value, dict) and wrong_field(value, required, others or {}) is None


def at_least(required: Mapping[str, Shape]) -> Shape:
    """Return the shape of an object with these fields and any others."""
    return lambda value: (
        isinstance(value, dict)
        and all(name in value and shape(value[name]) for name, shape in required.items())
    )


def wrong_field(
    value: Mapping[str, object],
    required: Mapping[str, Shape],
    others: Mapping[str, Shape],
    ignored: Collection[str] = (),
) -> str | None:
    """Return the name of a field that is missing, unknown or has another shape, or None."""
    for name, shape in required.items():
        if name not in value or not shape(value[name]):
            return name
    for name, part in value.items():
        if name in required or name in ignored:
            continue
        if name not in others or not others[name](part):
            return name
    return None
