"""What Terraform's functions do with a secret (Terraform's documentation, "Functions", 1.11)."""

from __future__ import annotations

import re

from constructs_lib.expressions.nodes import Expression, Literal, Step

READS_A_FILE = frozenset({"file", "filebase64", "templatefile"})
"""Functions whose result comes from a file, which is read when Terraform runs."""

PASSES_ON = frozenset(
    {
        "coalesce",
        "coalescelist",
        "distinct",
        "ephemeralasnull",
        "merge",
        "nonsensitive",
        "sensitive",
        "tolist",
        "tomap",
        "toset",
        "try",
    }
)
"""Functions whose result is one of the arguments, or has the same elements."""

SELECTS = frozenset({"element", "lookup", "one"})
"""Functions whose result is an element of the first argument."""

_NAMES = {
    "element": (1,),
    "file": (0,),
    "filebase64": (0,),
    "lookup": (1,),
    "regex": (0,),
    "regexall": (0,),
    "replace": (1,),
    "slice": (1, 2),
    "split": (0,),
    "substr": (1, 2),
    "templatefile": (0,),
    "textdecodebase64": (1,),
    "textencodebase64": (1,),
    "trim": (1,),
    "trimprefix": (1,),
    "trimsuffix": (1,),
}
_KEY = re.compile(r"[a-z][A-Za-z_-]{0,31}")


def is_name(function: str, argument: int) -> bool:
    """Return True if an argument is a path, a key, a pattern, a position or an encoding.

    None of these is in the result.
    """
    return argument in _NAMES.get(function, ())


def is_key(text: str) -> bool:
    """Return True if a text looks like the name of an attribute."""
    return _KEY.fullmatch(text) is not None


def selected(function: str, arguments: tuple[Expression, ...]) -> tuple[Step, ...]:
    """Return the step from the first argument of a function in `SELECTS` to the result."""
    if function == "one" or len(arguments) < 2 or not isinstance(arguments[1], Literal):
        return (None,)
    key = arguments[1].text
    return (int(key[:9]) if function == "element" and key.isdecimal() and key.isascii() else key,)
