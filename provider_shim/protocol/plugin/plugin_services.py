"""The small services that stand beside the provider's own on the same socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from google.protobuf.empty_pb2 import Empty
from grpclib.const import Cardinality, Handler, Status
from grpclib.exceptions import GRPCError
from grpclib.server import Stream

from provider_shim.protocol.messages import health_pb2, plugin_pb2
from provider_shim.protocol.rpc.grpc_handlers import Handlers, unary

_SERVICE_NAMES = ("", "plugin")
"""The process as a whole, and the name by which go-plugin asks for it."""


class Controller:
    """Ends the process; `shut_down` is called when the client has its answer."""

    def __init__(self, shut_down: Callable[[], None]) -> None:
        self._shut_down = shut_down

    async def shutdown(self, request: plugin_pb2.Empty) -> plugin_pb2.Empty:
        """Agree."""
        return request

    def __mapping__(self) -> Handlers:
        path = "/plugin.GRPCController/Shutdown"
        return unary(path, self.shutdown, plugin_pb2.Empty, plugin_pb2.Empty, self._shut_down)


class Stdio:
    """Would carry what goes to the standard streams. Nothing does: logs go to stderr itself.

    The client keeps the stream open for as long as it lives, so it stays open until the client or the
    server goes.
    """

    async def stream_stdio(self, stream: Stream[Any, Any]) -> None:
        """Send the headers, so that the client sees its call accepted, and wait."""
        await stream.recv_message()
        await stream.send_initial_metadata()
        await _until_cancelled()

    def __mapping__(self) -> Handlers:
        handler = Handler(self.stream_stdio, Cardinality.UNARY_STREAM, Empty, plugin_pb2.StdioData)
        return {"/plugin.GRPCStdio/StreamStdio": handler}


class Broker:
    """Would arrange further connections. The client opens the stream, and neither side needs any."""

    async def start_stream(self, stream: Stream[Any, Any]) -> None:
        """Hear the client out."""
        await stream.send_initial_metadata()
        async for _ in stream:
            pass

    def __mapping__(self) -> Handlers:
        message = plugin_pb2.ConnInfo
        handler = Handler(self.start_stream, Cardinality.STREAM_STREAM, message, message)
        return {"/plugin.GRPCBroker/StartStream": handler}


class Health:
    """Says that the process is ready, which it is from the first call that it can answer."""

    async def check(self, request: health_pb2.HealthCheckRequest) -> health_pb2.HealthCheckResponse:
        """The state of one service; an unknown one is the status NOT_FOUND, as gRPC's protocol demands."""
        if request.service not in _SERVICE_NAMES:
            raise GRPCError(Status.NOT_FOUND, "no such service")
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)

    async def watch(self, stream: Stream[Any, Any]) -> None:
        """The state once; it changes only by the end of the process, which the client sees by itself."""
        request = await stream.recv_message()
        known = request is not None and request.service in _SERVICE_NAMES
        states = health_pb2.HealthCheckResponse.ServingStatus
        state = states.SERVING if known else states.SERVICE_UNKNOWN
        await stream.send_message(health_pb2.HealthCheckResponse(status=state))
        await _until_cancelled()

    def __mapping__(self) -> Handlers:
        messages = health_pb2.HealthCheckRequest, health_pb2.HealthCheckResponse
        return {
            **unary("/grpc.health.v1.Health/Check", self.check, *messages),
            "/grpc.health.v1.Health/Watch": Handler(self.watch, Cardinality.UNARY_STREAM, *messages),
        }


async def _until_cancelled() -> None:
    """Wait until the call is cancelled."""
    await asyncio.get_running_loop().create_future()
