"""Handlers for Terraform's RPCs that report unexpected exceptions as diagnostics."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from provider_shim.protocol.encoding import diagnostics
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc import internal_errors
from provider_shim.protocol.rpc.grpc_handlers import Handlers, streaming, unary
from provider_shim.protocol.rpc.requests import InvalidRequest

PATH = "/tfplugin6.Provider/"


def rpc(
    name: str,
    method: Callable[[Any], Awaitable[Any]],
    messages: Any,
    keep_state: internal_errors.KeepState = internal_errors.keep_nothing,
) -> Handlers:
    """Make the handler of an RPC; `messages` has its `Request` and its `Response`."""
    guarded = internal_errors.guarded(name, method, messages.Response, keep_state)
    return unary(f"{PATH}{name}", guarded, messages.Request, messages.Response)


def function_rpc(method: Callable[[Any], Awaitable[Any]]) -> Handlers:
    """Make the handler of CallFunction, whose response has a `FunctionError` instead of diagnostics."""
    messages = pb.CallFunction

    async def guarded(request: Any) -> Any:
        try:
            return await method(request)
        except Exception as exception:
            diagnostic = internal_errors.diagnose(exception, "CallFunction")
            text = f"{diagnostic.summary}. {diagnostic.detail}"
            argument = exception.argument if isinstance(exception, InvalidRequest) else None
            return messages.Response(error=pb.FunctionError(text=text, function_argument=argument))

    return unary(f"{PATH}CallFunction", guarded, messages.Request, messages.Response)


def stream_rpc(
    name: str,
    method: Callable[[Any], AsyncIterator[Any]],
    messages: Any,
    diagnostic: Callable[[pb.Diagnostic], Any],
) -> Handlers:
    """Make the handler of an RPC with a stream of events; `diagnostic` makes the event of a diagnostic."""

    async def guarded(request: Any) -> AsyncIterator[Any]:
        try:
            async for event in method(request):
                yield event
        except Exception as exception:
            yield diagnostic(diagnostics.to_message(internal_errors.diagnose(exception, name)))

    return streaming(f"{PATH}{name}", guarded, messages.Request, messages.Event)


def stop_rpc(method: Callable[[Any], Awaitable[Any]]) -> Handlers:
    """Make the handler of StopProvider, whose response has no diagnostics."""
    messages = pb.StopProvider
    return unary(f"{PATH}StopProvider", method, messages.Request, messages.Response)
