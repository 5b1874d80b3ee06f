"""A configuration as nested values with their places, the same for HCL and JSON.

A block `resource "aep_flow" "orders" { ... }` is what Terraform's JSON syntax makes of it: the key `resource`
with an object that has the key `aep_flow`, with an object that has the key `orders`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAX_LEVELS = 100
"""Maximum of levels of nested values, because Python's stack is limited."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class UnreadableConfiguration(Exception):
    """A file can't be read. `reason` is a sentence without the place."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without keys. `text` is that of a literal string without interpolation, else empty."""

    place: Place
    text: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value. The key is None if it is computed."""

    place: Place
    key: str | None
    value: Value


@dataclass(frozen=True, slots=True)
class Mapping:
    """An object, or the body of a block."""

    place: Place
    entries: tuple[Entry, ...]

    def values(self, key: str) -> list[Value]:
        """Return the values of all entries with this key: a body can have several blocks of one type."""
        return [each.value for each in self.entries if each.key == key]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, tuple or set of values."""

    place: Place
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A `for` expression: a collection whose elements all come from one expression."""

    place: Place
    item: Value


@dataclass(frozen=True, slots=True)
class Choice:
    """An expression whose value is one of these, or has parts of them: a conditional, `merge(...)`."""

    place: Place
    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A string of JSON that is an expression, `"${...}"`. `text` is the expression."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Expression:
    """Any other expression.

    `text` identifies it in a message: a reference (`local.lake`) or a function (`jsondecode(...)`). It has no
    literals of the configuration. `arguments` are those of the function.
    """

    place: Place
    text: str
    arguments: tuple[Value, ...] = ()


Value = Scalar | Mapping | Sequence | Repeated | Choice | Template | Expression
