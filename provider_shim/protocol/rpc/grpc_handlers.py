"""grpclib handlers for RPCs with one request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, Protocol, TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from grpclib.const import Cardinality, Handler, Status
from grpclib.exceptions import GRPCError
from grpclib.server import Stream

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)

Handlers = dict[str, Handler]
"""grpclib handlers by path, `/package.Service/Rpc`."""


class Service(Protocol):
    """A service as grpclib expects it."""

    def __mapping__(self) -> Handlers:
        """The handlers of the service."""


def unary(
    path: str,
    rpc: Callable[[Request], Awaitable[Response]],
    request_type: type[Request],
    response_type: type[Response],
    after_response: Callable[[], None] | None = None,
) -> Handlers:
    """Make a handler with one response. `after_response` is called after the response has been sent."""

    async def handle(stream: Stream[Any, Any]) -> None:
        request = await stream.recv_message()
        if request is None:
            raise GRPCError(Status.INVALID_ARGUMENT, "a request is missing")
        await stream.send_message(await rpc(request))
        if after_response is not None:
            await stream.send_trailing_metadata()
            after_response()

    return {path: Handler(handle, Cardinality.UNARY_UNARY, request_type, response_type)}


def streaming(
    path: str,
    rpc: Callable[[Request], AsyncIterator[Response]],
    request_type: type[Request],
    response_type: type[Response],
) -> Handlers:
    """Make a handler that streams responses, each sent as soon as it is available."""

    async def handle(stream: Stream[Any, Any]) -> None:
        request = await stream.recv_message()
        if request is None:
            raise GRPCError(Status.INVALID_ARGUMENT, "a request is missing")
        async for response in rpc(request):
            await stream.send_message(response)

    return {path: Handler(handle, Cardinality.UNARY_STREAM, request_type, response_type)}


def unimplemented(paths: Iterable[str]) -> Handlers:
    """Make handlers that respond with the status UNIMPLEMENTED.

    grpclib responds with it to an RPC without a handler too, but without a content type, which Terraform's
    gRPC library treats as an error of the server (status UNKNOWN).
    """

    async def reject(_: Stream[Any, Any]) -> None:
        raise GRPCError(Status.UNIMPLEMENTED, "not implemented by this provider")

    return {path: Handler(reject, Cardinality.UNARY_UNARY, Empty, Empty) for path in paths}
