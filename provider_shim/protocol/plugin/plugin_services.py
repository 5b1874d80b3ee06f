"""The services that go-plugin requires of each plugin: controller, stdio, broker, health check."""

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
"""The names in health checks: empty for the whole process, and the one that go-plugin uses."""


class Controller:
    """Ends the process. `shut_down` is called after the response has been sent."""

    def __init__(self, shut_down: Callable[[], None]) -> None:
        self._shut_down = shut_down

    async def shutdown(self, request: plugin_pb2.Empty) -> plugin_pb2.Empty:
        """Acknowledge the shutdown request."""
        return request

    def __mapping__(self) -> Handlers:
        path = "/plugin.GRPCController/Shutdown"
        return unary(path, self.shutdown, plugin_pb2.Empty, plugin_pb2.Empty, self._shut_down)


class Stdio:
    """Stream of the standard output and error of the plugin. Nothing is sent: logs are written to stderr.

    The client opens the stream once; it remains open until the client or the server ends.
    """

    async def stream_stdio(self, stream: Stream[Any, Any]) -> None:
        """Send the headers, so that the client sees that the RPC was accepted, and wait."""
        await stream.recv_message()
        await stream.send_initial_metadata()
        await _until_cancelled()

    def __mapping__(self) -> Handlers:
        handler = Handler(self.stream_stdio, Cardinality.UNARY_STREAM, Empty, plugin_pb2.StdioData)
        return {"/plugin.GRPCStdio/StreamStdio": handler}


class Broker:
    """Negotiates further connections. The client opens the stream, but neither side needs a connection."""

    async def start_stream(self, stream: Stream[Any, Any]) -> None:
        """Read the client's messages and ignore them."""
        await stream.send_initial_metadata()
        async for _ in stream:
            pass

    def __mapping__(self) -> Handlers:
        message = plugin_pb2.ConnInfo
        handler = Handler(self.start_stream, Cardinality.STREAM_STREAM, message, message)
        return {"/plugin.GRPCBroker/StartStream": handler}


class Health:
    """gRPC health check. The process is ready as soon as it can respond."""

    async def check(self, request: health_pb2.HealthCheckRequest) -> health_pb2.HealthCheckResponse:
        """Get the state of a service.

        An unknown service is the status NOT_FOUND, as the protocol requires.
        """
        if request.service not in _SERVICE_NAMES:
            raise GRPCError(Status.NOT_FOUND, "no such service")
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)

    async def watch(self, stream: Stream[Any, Any]) -> None:
        """Send the state of a service once. It doesn't change before the process ends."""
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
    """Wait until the RPC is cancelled."""
    await asyncio.get_running_loop().create_future()
