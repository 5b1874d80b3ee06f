"""Each of Terraform's calls as a handler that tells its faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from provider_shim.protocol.encoding import diagnostics
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc import internal_errors
from provider_shim.protocol.rpc.grpc_handlers import Handlers, streaming, unary

PATH = "/tfplugin6.Provider/"


def rpc(
    name: str,
    method: Callable[[Any], Awaitable[Any]],
    messages: Any,
    keep_state: internal_errors.KeepState = internal_errors.keep_nothing,
) -> Handlers:
    """One call of the service; `messages` holds its `Request` and its `Response`."""
    guarded = internal_errors.guarded(name, method, messages.Response, keep_state)
    return unary(f"{PATH}{name}", guarded, messages.Request, messages.Response)


def function_rpc(method: Callable[[Any], Awaitable[Any]]) -> Handlers:
    """The call of a function, whose answer has an error of another kind instead of diagnostics."""
    messages = pb.CallFunction

    async def guarded(request: Any) -> Any:
        try:
            return await method(request)
        except Exception as exception:
            diagnostic = internal_errors.log_and_report(exception, "CallFunction")
            return messages.Response(
                error=pb.FunctionError(text=f"{diagnostic.summary}. {diagnostic.detail}")
            )

    return unary(f"{PATH}CallFunction", guarded, messages.Request, messages.Response)


def stream_rpc(
    name: str,
    method: Callable[[Any], AsyncIterator[Any]],
    messages: Any,
    diagnostic: Callable[[pb.Diagnostic], Any],
) -> Handlers:
    """One call that is answered with a stream of events; `diagnostic` makes the event that tells of a fault."""

    async def guarded(request: Any) -> AsyncIterator[Any]:
        try:
            async for event in method(request):
                yield event
        except Exception as exception:
            yield diagnostic(diagnostics.to_message(internal_errors.log_and_report(exception, name)))

    return streaming(f"{PATH}{name}", guarded, messages.Request, messages.Event)


def stop_rpc(method: Callable[[Any], Awaitable[Any]]) -> Handlers:
    """The one call whose answer has no diagnostics."""
    messages = pb.StopProvider
    return unary(f"{PATH}StopProvider", method, messages.Request, messages.Response)
