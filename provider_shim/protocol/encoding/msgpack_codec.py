"""Terraform values as MessagePack or JSON, guided by their type, and back.

The wire form of a value says little about its type (a set, a list and a tuple look alike), so nothing is
read or written without one. The Python form is the table in `provider_shim.schema.values`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgpack  # type: ignore[import-untyped] # it has no types

from provider_shim.schema import types
from provider_shim.schema.types import DYNAMIC, List, Map, Object, Primitive, Set, Tuple, Type
from provider_shim.schema.values import UNKNOWN, Value, make_set

_UNKNOWN_EXTENSION = 0
_REFINED_UNKNOWN_EXTENSION = 12
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


class CodecError(ValueError):
    """A value that does not fit its type. The text names places and types, never the value."""


def encode(value: Value, kind: Type) -> bytes:
    """The MessagePack form; raises `CodecError` where the value isn't of the type."""
    packed: bytes = msgpack.packb(_to_wire(value, kind, ""))
    return packed


def encode_what_fits(value: Value, kind: Type) -> bytes:
    """The MessagePack form with null for every part that isn't of its type.

    For a state that must not be lost, although a fault of ours made a part of it unfit.
    """
    packed: bytes = msgpack.packb(_to_wire(value, kind, "", _null_instead))
    return packed


def decode(data: bytes, kind: Type) -> Value:
    """The value that MessagePack bytes stand for; raises `CodecError` where they don't fit the type."""
    try:
        form = msgpack.unpackb(data, ext_hook=_extension)
    except CodecError:
        raise
    except (ValueError, msgpack.UnpackException) as mistake:
        raise CodecError(f"not MessagePack: {type(mistake).__name__}") from None
    return _from_wire(form, kind, "")


def decode_json(data: bytes, kind: Type) -> Value:
    """The value that JSON bytes stand for; JSON has no unknown values."""
    return _from_wire(load_json(data), kind, "")


def load_json(data: bytes | str) -> Any:
    """JSON with all the digits of its numbers: `int` and `decimal.Decimal`, never `float`."""
    try:
        return json.loads(data, parse_float=Decimal)
    except ValueError as mistake:
        raise CodecError(f"not JSON: {type(mistake).__name__}") from None


# Writing

Unfit = Callable[[str, str], Any]
"""What to write for a part that doesn't fit: called with its place and what was expected there."""


def _refuse(place: str, expected: str) -> Any:
    raise CodecError(f"{place or 'the value'} is not {expected}")


def _null_instead(place: str, expected: str) -> Any:  # noqa: ARG001 - the signature is `Unfit`'s
    return None


def _to_wire(value: Value, kind: Type, place: str, unfit: Unfit = _refuse) -> Any:
    """What MessagePack is to write."""
    if value is UNKNOWN:
        return msgpack.ExtType(_UNKNOWN_EXTENSION, b"\x00")
    if value is None:
        return None
    match kind, value:
        case Primitive(), _:
            return _primitive_to_wire(value, kind, place, unfit)
        case List(element) | Set(element), list():
            items = make_set(value) if isinstance(kind, Set) else value
            return [_to_wire(item, element, f"{place}[{i}]", unfit) for i, item in enumerate(items)]
        case Tuple(elements), list() if len(elements) == len(value):
            pairs = zip(value, elements, strict=True)
            return [_to_wire(item, each, f"{place}[{i}]", unfit) for i, (item, each) in enumerate(pairs)]
        case Map(element), dict():
            return {key: _to_wire(item, element, f"{place}[...]", unfit) for key, item in value.items()}
        case Object(attributes), dict():
            return _object_to_wire(value, attributes, place, unfit)
    return unfit(place, _described(kind))


def _object_to_wire(value: dict[str, Value], attributes: Mapping[str, Type], place: str, unfit: Unfit) -> Any:
    if value.keys() != attributes.keys() and unfit is _refuse:
        strange = ", ".join(sorted(value.keys() ^ attributes.keys()))
        return unfit(place, f"an object of its type (missing or not in the schema: {strange})")
    return {
        name: _to_wire(value.get(name), each, f"{place}.{name}" if place else name, unfit)
        for name, each in attributes.items()
    }


def _primitive_to_wire(value: Value, kind: Primitive, place: str, unfit: Unfit) -> Any:
    match kind.name, value:
        case "string", str():
            return value
        case "bool", bool():
            return value
        case "number", (int() | Decimal()) if not isinstance(value, bool):
            return _number_to_wire(value) if Decimal(value).is_finite() else unfit(place, "a finite number")
        case "dynamic", _ if (implied := _implied_type(value)) != DYNAMIC:
            return [json.dumps(types.to_json(implied)).encode(), _to_wire(value, implied, place, unfit)]
    return unfit(place, _described(kind))


def _number_to_wire(value: int | Decimal) -> int | float | str:
    """Integers and floats where they are exact, digits as text everywhere else."""
    value = _number(value)
    if isinstance(value, int):
        return value if _SMALLEST <= value <= _LARGEST else str(value)
    nearest = float(value)
    return nearest if Decimal(nearest) == value else format(value, "f")


def _implied_type(value: Value) -> Type:
    """The type of a value that stands where any type may stand."""
    match value:
        case bool():
            return types.BOOL
        case str():
            return types.STRING
        case int() | Decimal():
            return types.NUMBER
        case list():
            return Tuple(tuple(_implied_type(item) for item in value))
        case dict():
            return Object({name: _implied_type(item) for name, item in value.items()})
    return DYNAMIC  # null and unknown have no type of their own; anything else is no Terraform value


# Reading


def _extension(code: int, data: bytes) -> Value:  # noqa: ARG001 - refinements are allowed to be ignored
    if code in (_UNKNOWN_EXTENSION, _REFINED_UNKNOWN_EXTENSION):
        return UNKNOWN
    raise CodecError(f"MessagePack extension {code} stands for nothing that is known")


def _from_wire(form: Any, kind: Type, place: str) -> Value:
    """The value that an unpacked form stands for."""
    if form is None or form is UNKNOWN:
        return form
    match kind, form:
        case Primitive(), _:
            return _primitive_from_wire(form, kind, place)
        case List(element), list():
            return [_from_wire(item, element, f"{place}[{i}]") for i, item in enumerate(form)]
        case Set(element), list():
            return make_set(_from_wire(item, element, f"{place}[{i}]") for i, item in enumerate(form))
        case Tuple(elements), list() if len(elements) == len(form):
            pairs = zip(form, elements, strict=True)
            return [_from_wire(item, each, f"{place}[{i}]") for i, (item, each) in enumerate(pairs)]
        case Map(element), dict():
            return {key: _from_wire(item, element, f"{place}[...]") for key, item in form.items()}
        case Object(attributes), dict() if form.keys() == attributes.keys():
            return {
                name: _from_wire(form[name], each, f"{place}.{name}" if place else name)
                for name, each in attributes.items()
            }
    raise CodecError(f"{place or 'the value'} is not {_described(kind)}")


def _primitive_from_wire(form: Any, kind: Primitive, place: str) -> Value:
    match kind.name, form:
        case "string", str():
            return form
        case "bool", bool():
            return form
        case "number", (int() | float() | Decimal() | str()) if not isinstance(form, bool):
            return _number_from_wire(form, place)
        case "dynamic", [str() | bytes() as inner, item]:
            return _from_wire(item, _type_from_json(load_json(inner)), place)
        case "dynamic", {"type": inner, "value": item}:  # the JSON form
            return _from_wire(item, _type_from_json(inner), place)
    raise CodecError(f"{place or 'the value'} is not {_described(kind)}")


def _type_from_json(form: Any) -> Type:
    try:
        return types.from_json(form)
    except ValueError:
        raise CodecError("a dynamic value's type is not a Terraform type") from None


def _number_from_wire(form: float | Decimal | str, place: str) -> int | Decimal:
    try:
        number = Decimal(form)
    except InvalidOperation:
        raise CodecError(f"{place or 'the value'} is not a number") from None
    if not number.is_finite():
        raise CodecError(f"{place or 'the value'} is not a finite number")
    return _number(number)


def _number(value: int | Decimal) -> int | Decimal:
    """An `int` wherever there is no fraction, so that one number has one Python form."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def _described(kind: Type) -> str:
    match kind:
        case Primitive(name):
            return f"a {name}"
        case Object():
            return "an object of its type"
        case Tuple(elements):
            return f"a tuple of {len(elements)}"
        case List() | Set() | Map():
            return f"a {kind.keyword}"
