"""Finds the defaults in the type of a variable: `object({port = optional(number, 22)})`."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.expressions.cursor import ExpressionError
from constructs_lib.expressions.nodes import Call, Expression, Items, Literal, Members, Reference, Step
from constructs_lib.expressions.reader import parse

Steps = tuple[Step, ...]


def defaults_in(constraint: object, steps: Steps) -> Iterator[tuple[Expression, Steps]]:
    """Give each default for the part of a value at the end of the steps, and the steps into the default.

    Args:
        constraint: The `type` of a variable's block. One that Terraform could not read is a default itself.
        steps: The steps into the variable's value.
    """
    if not isinstance(constraint, str):
        return
    text = constraint.strip().removeprefix("${").removesuffix("}") if "${" in constraint else constraint
    try:
        expression = parse(f"${{{text}}}")
    except ExpressionError:
        yield Literal(constraint), ()
    else:
        yield from _defaults(expression, steps)


def _defaults(kind: Expression, steps: Steps) -> Iterator[tuple[Expression, Steps]]:
    match kind:
        case Call("optional", (inner, *default)):
            yield from ((each, steps) for each in default)
            yield from _defaults(inner, steps)
        case Call("object", (Members(attributes),)):
            for name, inner in attributes:
                if not steps or steps[0] is None or _name(name) in (None, steps[0]):
                    yield from _defaults(inner, steps[1:])
        case Call("tuple", (Items(items),)):
            for inner in items:
                yield from _defaults(inner, steps[1:])
        case Call("list" | "map" | "set", (inner,)):
            yield from _defaults(inner, steps[1:])


def _name(key: Expression) -> str | None:
    match key:
        case Literal(text):
            return text
        case Reference(root, ()):
            return root
        case _:
            return None
