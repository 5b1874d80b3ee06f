"""Terraform's expressions are read as Terraform reads them."""

from __future__ import annotations

import pytest

from constructs_lib.expressions.cursor import ExpressionError
from constructs_lib.expressions.nodes import (
    Call,
    Conditional,
    Expression,
    For,
    Items,
    Keyword,
    Literal,
    Members,
    Operation,
    Reference,
    Selection,
    Template,
)
from constructs_lib.expressions.reader import parse

X = Reference("var", ("x",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Literal("")),
        ("plain $ % text", Literal("plain $ % text")),
        ("a$${b}%%{c}", Literal("a${b}%{c}")),
        ("${var.x}", X),
        ("${~ var.x ~}", X),
        ("a ${var.x} b", Template((Literal("a "), X, Literal(" b")))),
        ("${true}", Keyword("true")),
        ("${1.5e3}", Literal("1.5e3")),
        ('${"a\\"b\\n\\u0041$${c}"}', Literal('a"b\nA${c}')),
        ('${"${"${var.x}"}"}', X),
        ('${"a${var.x}"}', Template((Literal("a"), X))),
        ("${data.a.b[0].c[*].d}", Reference("data", ("a", "b", 0, "c", None, "d"))),
        ("${data.a.b.*.c}", Reference("data", ("a", "b", None, "c"))),
        ('${var.x["key"]}', Reference("var", ("x", "key"))),
        ("${var.x[var.y]}", Reference("var", ("x", None))),
        ("${(var.x).y}", Reference("var", ("x", "y"))),
        ("${f(var.x)[0].a}", Selection(Call("f", (X,)), (0, "a"))),
        ("${f()}", Call("f", ())),
        ('${f("a", var.x...)}', Call("f", (Literal("a"), X))),
        ("${provider::aep::f(1,)}", Call("provider::aep::f", (Literal("1"),))),
        ("${[var.x, 1,]}", Items((X, Literal("1")))),
        (
            '${{a = var.x, "b": 1\n(var.x) = 2}}',
            Members(((Literal("a"), X), (Literal("b"), Literal("1")), (X, Literal("2")))),
        ),
        ('${var.a == "b" ? var.x : null}', Conditional((X, Keyword("null")))),
        ("${1 + 2 * -3}", None),
        ("${!(var.x && var.x) || var.x}", None),
        ("${var.x-y}", Reference("var", ("x-y",))),
        ("${[for v in var.x : v if v != null]}", For(None, "v", X, (Reference("v"),))),
        (
            "${{for k, v in var.x : k => v.a...}}",
            For("k", "v", X, (Reference("k"), Reference("v", ("a",)))),
        ),
        ("${format}", Reference("format")),
        ("%{ if var.x }a%{ else }b%{ endif ~}", Template((Literal("a"), Literal("b")))),
        ("%{ for v in var.x }a%{ endfor }", Template((X, Literal("a")))),
        ("${<<-EOT\n  a ${var.x}\n  EOT\n}", Template((Literal("  a "), X, Literal("\n")))),
        ("${var.x /* a */ # b\n}", Template((X, Literal("/* a */"), Literal("# b")))),
    ],
)
def test_expressions_are_read(text: str, expected: Expression | None) -> None:
    """Each form of the language becomes its node; operators become `Operation`s by precedence."""
    found = parse(text)

    assert isinstance(found, Operation) if expected is None else found == expected


def test_a_long_chain_of_operators_is_one_operation() -> None:
    """However long it is, it does not nest."""
    found = parse("${1" + "+1" * 20_000 + "}")

    assert isinstance(found, Operation)
    assert len(found.operands) == 20_001


def test_operators_bind_by_precedence() -> None:
    """A product is an operand of a sum, and a sum of a comparison."""
    assert parse("${1 + 2 * 3 > 4}") == Operation(
        ">",
        (
            Operation("+", (Literal("1"), Operation("*", (Literal("2"), Literal("3"))))),
            Literal("4"),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "${var.x",
        "${",
        "${}",
        "${a b}",
        "${a.}",
        "${f(a}",
        "${[a}",
        "${{a}}",
        '${"a}',
        "${a ? b}",
        "${[for x y : z]}",
        "%{ unknown }",
        "%{",
        "${" + "(" * 10_000,
        "${" + "!" * 10_000 + "var.x}",
        "${" + "f(" * 10_000,
        '${"' * 10_000,
        "${<<A\n" * 100,
    ],
)
def test_other_texts_are_no_expressions(text: str) -> None:
    """A text that Terraform could not read, or one that is nested without sense, is an error."""
    with pytest.raises(ExpressionError):
        parse(text)
