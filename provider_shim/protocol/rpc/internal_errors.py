"""What happens when our own code fails: the user reads whose fault it is, and no state is lost.

Terraform shows a gRPC status as a crash of the provider and keeps nothing of such an answer, so an exception
becomes a diagnostic in a response that still says what exists.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from google.protobuf.message import Message

from provider_shim.protocol.encoding import msgpack_codec
from provider_shim.protocol.encoding.diagnostics import to_message
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.types import Type
from provider_shim.schema.values import Value

_OWN_MODULES = "provider_shim."

log = logging.getLogger(__name__)

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)
KeepState = Callable[[Any], dict[str, Any]]
"""From a request, the fields of the response that say that nothing has changed."""


def keep_nothing(_: Any) -> dict[str, Any]:
    """For calls whose answer holds no state."""
    return {}


def keep_current_state(request: pb.ReadResource.Request) -> dict[str, Any]:
    """The state as it was before a read."""
    return {"new_state": request.current_state, "private": request.private}


def keep_prior_plan(request: pb.PlanResourceChange.Request) -> dict[str, Any]:
    """No change is planned."""
    return {"planned_state": request.prior_state, "planned_private": request.prior_private}


def keep_prior_state(request: pb.ApplyResourceChange.Request) -> dict[str, Any]:
    """What existed before exists still, as far as is known; before a create that is nothing."""
    return {"new_state": request.prior_state, "private": request.planned_private}


def guarded(
    name: str,
    rpc: Callable[[Request], Awaitable[Response]],
    response_type: type[Response],
    keep_state: KeepState = keep_nothing,
) -> Callable[[Request], Awaitable[Response]]:
    """The call, answering each of its exceptions with a diagnostic and what can be salvaged."""

    async def guard(request: Request) -> Response:
        try:
            return await rpc(request)
        except Exception as exception:
            diagnostic = to_message(log_and_report(exception, name))
            return response_type(**keep_state(request), diagnostics=[diagnostic])

    return guard


def log_and_report(exception: BaseException, name: str) -> Diagnostic:
    """What the user reads about an exception that was just caught; the log gets all of it."""
    log.exception("%s failed", name)
    return internal_error(exception, name)


def internal_error(exception: BaseException, name: str) -> Diagnostic:
    """What the user reads about an exception that nobody foresaw.

    It names the exception's class and the place in the code. The exception's text stays out, because it may
    hold a value of the user's, and so does the traceback, which helps nobody who did not write the code.
    """
    return error(
        "This is a fault of the provider",
        f"{name} ended in {type(exception).__name__} at {location_of(exception)}. Your configuration is not the "
        "cause. Please report this sentence with the versions of Terraform and of aep-flowbridge.",
    )


def location_of(exception: BaseException) -> str:
    """`module:line` of the innermost own code that an exception passed, or of the innermost code at all."""
    frames = frames_of(exception)
    own = [frame for frame in frames if frame.startswith(_OWN_MODULES)]
    return (own or frames or ["an unknown place"])[-1]


def frames_of(exception: BaseException) -> list[str]:
    """`module:line` of all the code that an exception passed, the innermost last."""
    frames = traceback.walk_tb(exception.__traceback__)
    return [f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in frames]


def encode_new_state(new_state: Value, kind: Type) -> tuple[pb.DynamicValue, list[Diagnostic]]:
    """A state after an apply, and a diagnostic where parts of it had to be left out to make it fit.

    The object exists by now. An answer without a state would make Terraform forget its id.
    """
    try:
        return pb.DynamicValue(msgpack=msgpack_codec.encode(new_state, kind)), []
    except msgpack_codec.CodecError as codec_error:
        log.exception("the new state does not fit its schema: %s", codec_error)
        valid_parts = msgpack_codec.encode_valid_parts(new_state, kind)
        return pb.DynamicValue(msgpack=valid_parts), [internal_error(codec_error, "ApplyResourceChange")]
