"""Checks the Python types of a construct's arguments, for users who run no type checker."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.types import BOOL, NUMBER, STRING, List, Map, Set, Type
from provider_shim.schema.values import UNKNOWN, Value

_PYTHON: dict[Type, tuple[tuple[type, ...], str]] = {
    STRING: ((str,), "text"),
    NUMBER: ((int, Decimal), "a number"),
    BOOL: ((bool,), "true or false"),
}
_MOST_DIGITS = 30
"""The digits of a number: no argument needs more, and Python can't print a number with thousands of them."""


def type_problem(attribute: Attribute, value: Value) -> str | None:
    """Return the problem of the type of an attribute's value, or `None`. Nested objects are checked later."""
    nested = attribute.nested
    if nested is None:
        return _problem(attribute.type, value)
    if value is UNKNOWN:
        return None
    if nested.nesting is Nesting.SINGLE:
        return object_problem(value)
    return None if isinstance(value, list) else _is_not("a list", value)


def object_problem(value: Value) -> str | None:
    """Return the problem of a value that has to be an object, or `None`."""
    return None if isinstance(value, dict) else _is_not("a value class or a dictionary", value)


def completed(attributes: tuple[Attribute, ...], value: Mapping[str, Value]) -> dict[str, Value]:
    """Return an object with all its attributes, also in the objects inside it; absent ones are null."""
    return {each.name: _completed(each, value.get(each.name)) for each in attributes}


def _completed(attribute: Attribute, value: Value) -> Value:
    if attribute.nested is None:
        return value
    match value:
        case dict():
            return completed(attribute.nested.attributes, value)
        case list():
            return [_completed(attribute, each) for each in value]
    return value


def _problem(kind: Type, value: Value) -> str | None:
    if value is UNKNOWN:
        return None
    match kind:
        case List(element) | Set(element):
            if not isinstance(value, list):
                return _is_not("a list", value)
            return next((why for each in value if (why := _problem(element, each))), None)
        case Map(element):
            if not isinstance(value, dict):
                return _is_not("a dictionary", value)
            return next((why for each in value.values() if (why := _problem(element, each))), None)
    return _primitive_problem(kind, value)


def _primitive_problem(kind: Type, value: Value) -> str | None:
    if (expected := _PYTHON.get(kind)) is None:
        return None
    classes, noun = expected
    if not isinstance(value, classes) or (kind is not BOOL and isinstance(value, bool)):
        return _is_not(noun, value)
    if isinstance(value, str):
        return _text_problem(value)
    return _number_problem(value) if isinstance(value, int | Decimal) else None


def _number_problem(number: int | Decimal) -> str | None:
    if isinstance(number, Decimal) and not number.is_finite():
        return "it must be a finite number."
    if abs(number) >= 10**_MOST_DIGITS:
        return f"it must be a number of at most {_MOST_DIGITS} digits."
    return None


def _text_problem(text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "it must be text without unpaired surrogates, which UTF-8 can't encode."
    return None


def _is_not(noun: str, value: Value) -> str:
    return f"it must be {noun}, not {type(value).__name__}."
