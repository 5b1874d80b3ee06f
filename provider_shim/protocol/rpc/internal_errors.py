"""Conversion of unexpected exceptions to diagnostics, without losing the state.

Terraform shows a gRPC error status as a crash of the provider and discards the response. An exception
therefore becomes a diagnostic in a response that keeps the known state.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from google.protobuf.message import Message

from provider_shim.protocol.encoding import msgpack_codec
from provider_shim.protocol.encoding.decode_error import DecodeError
from provider_shim.protocol.encoding.diagnostics import to_message
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.requests import InvalidRequest
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.types import Type
from provider_shim.schema.values import Value

_OWN_MODULES = "provider_shim."

log = logging.getLogger(__name__)

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)
KeepState = Callable[[Any], dict[str, Any]]
"""Returns the response fields that keep the state of a request unchanged."""


def keep_nothing(_: Any) -> dict[str, Any]:
    """For responses without a state."""
    return {}


def keep_current_state(request: pb.ReadResource.Request) -> dict[str, Any]:
    """Keep the state from before the read."""
    return {"new_state": request.current_state, "private": request.private}


def keep_prior_plan(request: pb.PlanResourceChange.Request) -> dict[str, Any]:
    """Plan no change."""
    return {"planned_state": request.prior_state, "planned_private": request.prior_private}


def keep_prior_state(request: pb.ApplyResourceChange.Request) -> dict[str, Any]:
    """Keep the state from before the apply, which is null for a create."""
    return {"new_state": request.prior_state, "private": request.planned_private}


def guarded(
    name: str,
    rpc: Callable[[Request], Awaitable[Response]],
    response_type: type[Response],
    keep_state: KeepState = keep_nothing,
) -> Callable[[Request], Awaitable[Response]]:
    """Wrap an RPC so that an exception becomes a response with a diagnostic and the kept state."""

    async def guard(request: Request) -> Response:
        try:
            return await rpc(request)
        except Exception as exception:
            diagnostic = to_message(diagnose(exception, name))
            return response_type(**keep_state(request), diagnostics=[diagnostic])

    return guard


def diagnose(exception: BaseException, name: str) -> Diagnostic:
    """Log the exception being handled and make a diagnostic for the user.

    A request that can't be served is not an internal error, and its diagnostic is on the attribute.
    """
    if isinstance(exception, DecodeError | InvalidRequest):
        log.warning("%s got an invalid request: %s", name, exception)
        return exception.diagnostic() if isinstance(exception, DecodeError) else exception.diagnostic
    log.exception("%s failed", name)
    return internal_error(exception, name)


def internal_error(exception: BaseException, name: str) -> Diagnostic:
    """Make the diagnostic for an unexpected exception, with its class and its location in the code.

    It contains neither the exception's text, which can contain values of the user, nor the traceback.
    """
    return error(
        "Internal error in the provider (please report)",
        f"{name} failed with {type(exception).__name__} at {location_of(exception)}. Your configuration is "
        "not the cause. Please report this message with the versions of Terraform and of aep-flowbridge.",
    )


def location_of(exception: BaseException) -> str:
    """Get `module:line` of the innermost frame of this package, or of any package if there is none."""
    frames = frames_of(exception)
    own = [frame for frame in frames if frame.startswith(_OWN_MODULES)]
    return (own or frames or ["an unknown location"])[-1]


def frames_of(exception: BaseException) -> list[str]:
    """Get `module:line` of all frames of an exception's traceback, the innermost last."""
    frames = traceback.walk_tb(exception.__traceback__)
    return [f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in frames]


def encode_new_state(new_state: Value, kind: Type) -> tuple[pb.DynamicValue, list[Diagnostic]]:
    """Encode a state after an apply. Parts that don't match the schema become null, with a diagnostic.

    The object exists by now, and without a state Terraform would lose its id.
    """
    try:
        return pb.DynamicValue(msgpack=msgpack_codec.encode(new_state, kind)), []
    except msgpack_codec.CodecError as codec_error:
        log.exception("the new state does not match its schema: %s", codec_error)
        valid_parts = msgpack_codec.encode_valid_parts(new_state, kind)
        return pb.DynamicValue(msgpack=valid_parts), [internal_error(codec_error, "ApplyResourceChange")]
