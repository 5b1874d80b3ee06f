"""Reads the texts of Terraform's JSON: templates, with `${...}` and `%{...}` in them.

The language is that of HashiCorp's "HCL Native Syntax Specification" (2024 text).
"""

from __future__ import annotations

from constructs_lib.expressions.cursor import Cursor
from constructs_lib.expressions.nodes import Expression, Literal, Template
from constructs_lib.expressions.reader import Reader


def parse(text: str) -> Expression:
    """Return the expression in a text of Terraform's JSON.

    Raises:
        ExpressionError: Terraform could not read it either.
    """
    parts = Reader(Cursor(text)).template()
    if not parts:
        return Literal("")
    return parts[0] if len(parts) == 1 else Template(tuple(parts))
