"""gRPC client stubs made from the service descriptors of the protobuf messages."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import FileDescriptor, MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpclib.client import (
    Channel,
    ServiceMethod,
    StreamStreamMethod,
    StreamUnaryMethod,
    UnaryStreamMethod,
    UnaryUnaryMethod,
)

from provider_shim.protocol.messages import health_pb2, plugin_pb2, tfplugin6_pb2

_METHOD_CLASSES: dict[tuple[bool, bool], type[ServiceMethod[Any, Any]]] = {
    (False, False): UnaryUnaryMethod,
    (False, True): UnaryStreamMethod,
    (True, False): StreamUnaryMethod,
    (True, True): StreamStreamMethod,
}
"""grpclib's class for an RPC, by whether the client and whether the server sends a stream."""


class Stub:
    """A client of one gRPC service: each RPC of the descriptor is an attribute with the RPC's name."""

    def __init__(self, channel: Channel, file: FileDescriptor, service: str) -> None:
        self._methods = {
            method.name: _client_method(channel, method) for method in file.services_by_name[service].methods
        }

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_methods"][name]
        except KeyError:
            raise AttributeError(f"the service has no RPC {name}") from None


def _client_method(channel: Channel, method: MethodDescriptor) -> ServiceMethod[Any, Any]:
    method_class = _METHOD_CLASSES[method.client_streaming, method.server_streaming]
    path = f"/{method.containing_service.full_name}/{method.name}"
    return method_class(
        channel, path, GetMessageClass(method.input_type), GetMessageClass(method.output_type)
    )


class ProviderStub(Stub):
    """Client of `tfplugin6.Provider`."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel, tfplugin6_pb2.DESCRIPTOR, "Provider")


class ControllerStub(Stub):
    """Client of `plugin.GRPCController`."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel, plugin_pb2.DESCRIPTOR, "GRPCController")


class BrokerStub(Stub):
    """Client of `plugin.GRPCBroker`."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel, plugin_pb2.DESCRIPTOR, "GRPCBroker")


class StdioStub(Stub):
    """Client of `plugin.GRPCStdio`."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel, plugin_pb2.DESCRIPTOR, "GRPCStdio")


class HealthStub(Stub):
    """Client of `grpc.health.v1.Health`."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel, health_pb2.DESCRIPTOR, "Health")
