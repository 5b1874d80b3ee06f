"""Distinguishes values that are known at synthesis from those that only Terraform knows.

CDKTF writes an unknown value as a token: in a text as `${TfToken[...]}`, as a number far
below any real one, in a list as one element of a special form, or as an object of its own. A user may also
write a Terraform expression as text, `${var.secret}`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from constructs import Construct

from provider_shim.schema.values import UNKNOWN, Value

_EXPRESSION = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_LIST_TOKEN = re.compile(r"#\{TfToken\[")
_NUMBER_TOKENS_BELOW = -1e290
_REFERENCE = re.compile(r"(?<!\$)\$\{[^}]*?(?:TfToken\[|[A-Za-z_][\w-]*\.[A-Za-z_])")


def holds_reference(text: str) -> bool:
    """Whether a text holds a token, or an expression that refers to something (`${var.secret}`).

    A text that only looks like a template (`pa${ss`) holds none.
    """
    return _REFERENCE.search(text) is not None


def known(value: object) -> Value:
    """A constructor's argument as a Terraform value, with `UNKNOWN` for what only Terraform knows.

    An object that is no Terraform value, such as a construct, is returned as it is.
    """
    match value:
        case None | bool():
            return value
        case str():
            return UNKNOWN if _EXPRESSION.search(value) else value
        case int() | float():
            return _known_number(value)
        case list() | tuple():
            return _known_list(value)
        case Mapping():
            return {name: known(each) for name, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: known(getattr(value, field.name)) for field in fields(value)}
    return UNKNOWN if _is_token(value) else value


def _is_token(value: object) -> bool:
    """Whether an object is one of CDKTF's that can be resolved. A construct is not: its attributes are."""
    return value is UNKNOWN or (not isinstance(value, Construct) and hasattr(value, "__jsii_type__"))


def _known_number(value: float) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        return Decimal(str(value))
    if value < _NUMBER_TOKENS_BELOW:
        return UNKNOWN
    return int(value) if value == int(value) else Decimal(str(value))


def _known_list(values: list[Any] | tuple[Any, ...]) -> Value:
    if any(isinstance(each, str) and _LIST_TOKEN.match(each) for each in values):
        return UNKNOWN
    return [known(each) for each in values]


def plain(value: object) -> Any:
    """A constructor's argument as CDKTF takes it: value classes as mappings; objects without their nulls."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(given)
            for field in fields(value)
            if (given := getattr(value, field.name)) is not None
        }
    if isinstance(value, Mapping):
        return {name: plain(given) for name, given in value.items() if given is not None}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
