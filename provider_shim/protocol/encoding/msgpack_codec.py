"""Encoding and decoding of Terraform values as MessagePack or JSON, by type.

An encoded value doesn't show its type (a set, a list and a tuple look the same), so all functions need one.
The Python form of values is in the table of `provider_shim.schema.values`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgpack  # type: ignore[import-untyped] # it has no types

from provider_shim.protocol.encoding.decode_error import DecodeError
from provider_shim.schema import types
from provider_shim.schema.paths import AttributeName, ElementKey, Step
from provider_shim.schema.scalars import numbers
from provider_shim.schema.scalars.numbers import OutOfRange
from provider_shim.schema.types import DYNAMIC, List, Map, Object, Primitive, Set, Tuple, Type
from provider_shim.schema.values import UNKNOWN, Value, is_text, make_set

_UNKNOWN_EXTENSION = 0
_REFINED_UNKNOWN_EXTENSION = 12
_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**64 - 1


class CodecError(ValueError):
    """A value to encode doesn't match its type. The text contains paths and types, never the value."""


def encode(value: Value, kind: Type) -> bytes:
    """Encode a value as MessagePack. Raises `CodecError` if it doesn't match the type."""
    packed: bytes = msgpack.packb(_to_wire(value, kind, ""))
    return packed


def encode_valid_parts(value: Value, kind: Type) -> bytes:
    """Encode a value as MessagePack, with null for each part that doesn't match its type.

    For a state that must not be lost although an internal error made a part of it invalid.
    """
    packed: bytes = msgpack.packb(_to_wire(value, kind, "", _replace_with_null))
    return packed


def decode(data: bytes, kind: Type) -> Value:
    """Decode MessagePack. Raises `DecodeError` if the data don't match the type."""
    try:
        wire_value = msgpack.unpackb(data, ext_hook=_extension)
    except DecodeError:
        raise
    except (ValueError, msgpack.UnpackException):
        raise DecodeError("be MessagePack") from None
    return _decoded(wire_value, kind)


def decode_json(data: bytes, kind: Type) -> Value:
    """Decode JSON, which has no unknown values. Raises `DecodeError` if the data don't match the type."""
    return _decoded(load_json(data), kind)


def load_json(data: bytes | str) -> Any:
    """Parse JSON as `schema.scalars.numbers` does. Raises `DecodeError` if the data are not JSON."""
    try:
        return numbers.load_json(data)
    except ValueError:
        raise DecodeError("be JSON") from None


# Writing

OnMismatch = Callable[[str, str], Any]
"""Returns the wire value for a part that doesn't match; called with its path and the expected type."""


def _raise_mismatch(path: str, expected: str) -> Any:
    raise CodecError(f"{path or 'the value'} is not {expected}")


def _replace_with_null(path: str, expected: str) -> Any:  # noqa: ARG001 - the signature of `OnMismatch`
    return None


def _to_wire(value: Value, kind: Type, path: str, on_mismatch: OnMismatch = _raise_mismatch) -> Any:
    """Convert a value to the objects that MessagePack writes."""
    if value is UNKNOWN:
        return msgpack.ExtType(_UNKNOWN_EXTENSION, b"\x00")
    if value is None:
        return None
    match kind, value:
        case Primitive(), _:
            return _primitive_to_wire(value, kind, path, on_mismatch)
        case List(element) | Set(element), list():
            items = make_set(value) if isinstance(kind, Set) else value
            return [_to_wire(item, element, f"{path}[{i}]", on_mismatch) for i, item in enumerate(items)]
        case Tuple(elements), list() if len(elements) == len(value):
            pairs = zip(value, elements, strict=True)
            return [_to_wire(item, each, f"{path}[{i}]", on_mismatch) for i, (item, each) in enumerate(pairs)]
        case Map(element), dict():
            return {key: _to_wire(item, element, f"{path}[...]", on_mismatch) for key, item in value.items()}
        case Object(attributes), dict():
            return _object_to_wire(value, attributes, path, on_mismatch)
    return on_mismatch(path, _describe_type(kind))


def _object_to_wire(
    value: dict[str, Value], attributes: Mapping[str, Type], path: str, on_mismatch: OnMismatch
) -> Any:
    if value.keys() != attributes.keys() and on_mismatch is _raise_mismatch:
        differing = ", ".join(sorted(value.keys() ^ attributes.keys()))
        return on_mismatch(path, f"an object of its type (missing or not in the schema: {differing})")
    return {
        name: _to_wire(value.get(name), each, f"{path}.{name}" if path else name, on_mismatch)
        for name, each in attributes.items()
    }


def _primitive_to_wire(value: Value, kind: Primitive, path: str, on_mismatch: OnMismatch) -> Any:
    match kind.name, value:
        case "string", str():
            return value
        case "bool", bool():
            return value
        case "number", (int() | Decimal()) if not isinstance(value, bool):
            return (
                _number_to_wire(value) if Decimal(value).is_finite() else on_mismatch(path, "a finite number")
            )
        case "dynamic", _ if (implied := _implied_type(value)) != DYNAMIC:
            return [json.dumps(types.to_json(implied)).encode(), _to_wire(value, implied, path, on_mismatch)]
    return on_mismatch(path, _describe_type(kind))


def _number_to_wire(value: int | Decimal) -> int | float | str:
    """Convert a number to an integer or float if that is exact, else to a string of digits."""
    value = numbers.without_fraction(value)
    if isinstance(value, int):
        return value if _MIN_INTEGER <= value <= _MAX_INTEGER else str(value)
    nearest = float(value)
    return nearest if Decimal(nearest) == value else format(value, "f")


def _implied_type(value: Value) -> Type:
    """Get the type of a value in a place of type `dynamic`."""
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
    return DYNAMIC  # null and unknown have no type; anything else is not a Terraform value


# Reading


def _extension(code: int, data: bytes) -> Value:  # noqa: ARG001 - refinements may be ignored
    if code in (_UNKNOWN_EXTENSION, _REFINED_UNKNOWN_EXTENSION):
        return UNKNOWN
    raise DecodeError(f"be a Terraform value, which MessagePack's extension {code} is not")


def _decoded(wire_value: Any, kind: Type) -> Value:
    try:
        return _from_wire(wire_value, kind)
    except RecursionError:  # dynamic values in dynamic values
        raise DecodeError("have fewer levels") from None


def _from_wire(wire_value: Any, kind: Type) -> Value:
    """Convert an unpacked object to a value of the type."""
    if wire_value is None or wire_value is UNKNOWN:
        return wire_value
    match kind, wire_value:
        case Primitive(), _:
            return _primitive_from_wire(wire_value, kind)
        case List(element), list():
            return [
                _part_from_wire(item, element, ElementKey(index)) for index, item in enumerate(wire_value)
            ]
        case Set(element), list():
            return make_set(_from_wire(item, element) for item in wire_value)
        case Tuple(elements), list() if len(elements) == len(wire_value):
            pairs = zip(wire_value, elements, strict=True)
            return [
                _part_from_wire(item, each, ElementKey(index)) for index, (item, each) in enumerate(pairs)
            ]
        case Map(element), dict():
            # A path ends at a map, as at a set: a key can be a secret.
            return {_text(key): _from_wire(item, element) for key, item in wire_value.items()}
        case Object(attributes), dict() if wire_value.keys() == attributes.keys():
            return {
                name: _part_from_wire(wire_value[name], each, AttributeName(name))
                for name, each in attributes.items()
            }
    raise DecodeError(f"be {_describe_type(kind)}")


def _part_from_wire(wire_value: Any, kind: Type, step: Step) -> Value:
    try:
        return _from_wire(wire_value, kind)
    except DecodeError as error:
        raise error.inside(step) from None


def _primitive_from_wire(wire_value: Any, kind: Primitive) -> Value:
    match kind.name, wire_value:
        case "string", str():
            return _text(wire_value)
        case "bool", bool():
            return wire_value
        case "number", (int() | float() | Decimal() | str() | OutOfRange()) if type(wire_value) is not bool:
            return _number_from_wire(wire_value)
        case "dynamic", [str() | bytes() as inner, item]:
            return _from_wire(item, _type_from_json(load_json(inner)))
        case "dynamic", {"type": inner, "value": item}:  # the JSON form
            return _from_wire(item, _type_from_json(inner))
    raise DecodeError(f"be {_describe_type(kind)}")


def _text(wire_value: Any) -> str:
    if not isinstance(wire_value, str):
        raise DecodeError(f"be {_describe_type(types.STRING)}")
    if not is_text(wire_value):
        raise DecodeError("be a text in Unicode")
    return wire_value


def _type_from_json(wire_value: Any) -> Type:
    try:
        return types.from_json(wire_value)
    except ValueError:
        raise DecodeError("have one of Terraform's types") from None


def _number_from_wire(wire_value: int | float | Decimal | str | OutOfRange) -> int | Decimal:
    number: int | Decimal | OutOfRange
    match wire_value:
        case str():
            try:
                number = numbers.parse(wire_value)
            except numbers.NotANumber:
                raise DecodeError("be a number") from None
        case float() if not math.isfinite(wire_value):
            raise DecodeError("be a finite number")
        case float():
            number = numbers.without_fraction(Decimal(wire_value))
        case _:  # an integer of MessagePack, which has 64 bits, or a number of JSON
            number = wire_value
    if isinstance(number, OutOfRange):
        raise DecodeError(f"be {numbers.RANGE}", str(number))
    return number


def _describe_type(kind: Type) -> str:
    match kind:
        case Primitive(name):
            return f"a {name}"
        case Object():
            return "an object of its type"
        case Tuple(elements):
            return f"a tuple of {len(elements)}"
        case List() | Set() | Map():
            return f"a {kind.keyword}"
