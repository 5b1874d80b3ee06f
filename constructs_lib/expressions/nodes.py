"""The parts of a Terraform expression."""

from __future__ import annotations

from dataclasses import dataclass

Step = str | int | None
"""A step into a value: an attribute's name, an index, or `None` for one that is not known or for all."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a number that is written in the expression. Escapes are resolved."""

    text: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """`true`, `false` or `null`."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A name with the steps behind it: `var.login["password"]` has the root `var` and two steps."""

    root: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A text with interpolations, part by part."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function; the name of a provider's function has its namespace."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list, `[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """An object, `{a = b}`, as its keys and values."""

    members: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? a : b`. The condition is left out: it is no part of the result."""

    outcomes: tuple[Expression, Expression]


@dataclass(frozen=True, slots=True)
class Operation:
    """A chain of operators of one precedence, by the first of them. The result is a number or a boolean."""

    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Steps into an expression that is not a reference: `jsondecode(x).password`."""

    base: Expression
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`[for key, value in collection : result]`. The condition is left out, as in `Conditional`."""

    key: str | None
    value: str
    collection: Expression
    results: tuple[Expression, ...]


Expression = (
    Literal
    | Keyword
    | Reference
    | Template
    | Call
    | Items
    | Members
    | Conditional
    | Operation
    | Selection
    | For
)
