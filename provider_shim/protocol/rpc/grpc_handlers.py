"""How one gRPC call with one request is carried out, whatever it is for."""

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
"""gRPC handlers by the path of their call, `/package.Service/Call`."""


class Service(Protocol):
    """What grpclib takes for a service."""

    def __mapping__(self) -> Handlers:
        """The calls and what answers them."""


def unary(
    path: str,
    rpc: Callable[[Request], Awaitable[Response]],
    request_type: type[Request],
    response_type: type[Response],
    after_response: Callable[[], None] | None = None,
) -> Handlers:
    """One handler: receive, call, send. `afterwards` runs when the client has been sent the whole answer."""

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
    """One handler that answers with any number of messages, each sent as soon as it is there."""

    async def handle(stream: Stream[Any, Any]) -> None:
        request = await stream.recv_message()
        if request is None:
            raise GRPCError(Status.INVALID_ARGUMENT, "a request is missing")
        async for response in rpc(request):
            await stream.send_message(response)

    return {path: Handler(handle, Cardinality.UNARY_STREAM, request_type, response_type)}


def unimplemented(paths: Iterable[str]) -> Handlers:
    """Handlers that answer UNIMPLEMENTED.

    grpclib does so by itself for a call without a handler, but leaves out the content type, and Terraform's
    gRPC library takes an answer without one for a broken server (status UNKNOWN).
    """

    async def reject(_: Stream[Any, Any]) -> None:
        raise GRPCError(Status.UNIMPLEMENTED, "this provider does not have it")

    return {path: Handler(reject, Cardinality.UNARY_UNARY, Empty, Empty) for path in paths}
