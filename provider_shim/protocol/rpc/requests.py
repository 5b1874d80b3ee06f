"""Values of requests: what Terraform may send in each place, and the errors about anything else.

Terraform sends nothing else. Another version of the provider, a damaged state or another program might; the
user then reads which value is wrong instead of a report of an internal error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from provider_shim.protocol.encoding.decode_error import DecodeError
from provider_shim.protocol.encoding.dynamic_value import from_message
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.schema.block import Function, Parameter
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import AttributeName
from provider_shim.schema.rules import shorten
from provider_shim.schema.types import Type
from provider_shim.schema.values import UNKNOWN, Value, is_wholly_known

Described = TypeVar("Described")


class InvalidRequest(Exception):
    """A request that the provider can't serve, for another reason than a value that it can't decode.

    Attributes:
        diagnostic: The error for the user.
        argument: Position of the function's argument that is to blame, from 0, or `None`.
    """

    def __init__(self, diagnostic: Diagnostic, argument: int | None = None) -> None:
        super().__init__(diagnostic.detail)
        self.diagnostic = diagnostic
        self.argument = argument


def described(descriptions: Mapping[str, Described], name: str, noun: str) -> Described:
    """Return the description of this name. Raises `InvalidRequest` if the provider has none."""
    try:
        return descriptions[name]
    except KeyError:
        detail = (
            f"This version of the provider has no {noun} {shorten(name)}. Correct the name, or upgrade the "
            "provider."
        )
        raise InvalidRequest(error(f"Unknown {noun}", detail)) from None


def config_of(message: pb.DynamicValue, kind: Type) -> Value:
    """Decode a configuration, parts of which may be unknown. Raises `DecodeError`."""
    value = from_message(message, kind)
    if value is None or value is UNKNOWN:
        raise DecodeError("be an object")
    return value


def known_value_of(message: pb.DynamicValue, kind: Type) -> Value:
    """Decode a configuration or a state that must be wholly known. Raises `DecodeError`."""
    return _known(config_of(message, kind))


def state_of(message: pb.DynamicValue, kind: Type) -> Value:
    """Decode a state, which is null if there is no object. Raises `DecodeError`."""
    return _known(from_message(message, kind))


def plan_of(message: pb.DynamicValue, kind: Type) -> Value:
    """Decode a planned state, null for a destroy, parts of which may be unknown. Raises `DecodeError`."""
    value = from_message(message, kind)
    if value is UNKNOWN:
        raise DecodeError("be an object")
    return value


def arguments_of(request: pb.CallFunction.Request, function: Function) -> list[Value]:
    """Decode the arguments of a function. Raises `InvalidRequest`."""
    expected, number = len(function.parameters), len(request.arguments)
    if number != expected:
        detail = f"{request.name} takes {expected} argument{'s' * (expected != 1)}, not {number}."
        raise _invalid_argument(detail)
    given = zip(request.arguments, function.parameters, strict=True)
    return [_argument(message, parameter, index) for index, (message, parameter) in enumerate(given)]


def _argument(message: pb.DynamicValue, parameter: Parameter, position: int) -> Value:
    try:
        value = from_message(message, parameter.type)
    except DecodeError as invalid:
        found = invalid.inside(AttributeName(parameter.name)).diagnostic()
        raise _invalid_argument(found.detail, position) from None
    if value is None and not parameter.allow_null:
        raise _invalid_argument(f"{parameter.name} must not be null.", position)
    return value


def _invalid_argument(detail: str, position: int | None = None) -> InvalidRequest:
    return InvalidRequest(error("Invalid argument", detail), position)


def check_change(before: Value, after: Value, config: Value) -> None:
    """Raise `InvalidRequest` unless these are a create, an update or a destroy with its configuration."""
    if (before is None and after is None) or (after is None) is not (config is None):
        detail = (
            "Terraform sent a change that is no create, update or destroy: a state, a planned state or a "
            "configuration is missing. Run `terraform plan` again."
        )
        raise InvalidRequest(error("Incomplete request", detail))


def _known(value: Value) -> Value:
    if not is_wholly_known(value):
        raise DecodeError("be wholly known")
    return value
