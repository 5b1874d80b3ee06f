"""RPCs for list resources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from provider_shim.lifecycle import provider_api
from provider_shim.protocol.encoding import diagnostics
from provider_shim.protocol.encoding.dynamic_value import to_message
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.grpc_handlers import Handlers
from provider_shim.protocol.rpc.identity_rpcs import to_identity
from provider_shim.protocol.rpc.requests import config_of, described, known_value_of
from provider_shim.protocol.rpc.rpc_handlers import rpc, stream_rpc
from provider_shim.schema.types import Type


class ListRpcs:
    """RPCs for the list resources of the provider that `provider` returns."""

    def __init__(self, provider: Callable[[], provider_api.Provider]) -> None:
        self._provider = provider

    def _type(self, type_name: str) -> Type:
        return described(self._provider().catalogue.list_resources, type_name, "list resource").type

    async def validate(
        self, request: pb.ValidateListResourceConfig.Request
    ) -> pb.ValidateListResourceConfig.Response:
        """Validate the configuration of a list resource."""
        config = config_of(request.config, self._type(request.type_name))
        found = await self._provider().validate_list_resource_config(request.type_name, config)
        return pb.ValidateListResourceConfig.Response(diagnostics=diagnostics.to_messages(found))

    async def list(self, request: pb.ListResource.Request) -> AsyncIterator[pb.ListResource.Event]:
        """List resources, one event for each."""
        wanted = provider_api.ListRequest(
            type_name=request.type_name,
            config=known_value_of(request.config, self._type(request.type_name)),
            include_resource_object=request.include_resource_object,
            limit=request.limit,
        )
        async for found in self._provider().list_resource(wanted):
            yield self._event(request.type_name, found)

    def _event(self, type_name: str, found: provider_api.Listed) -> pb.ListResource.Event:
        resource = self._provider().catalogue.resources[type_name]
        return pb.ListResource.Event(
            identity=None if found.identity is None else to_identity(found.identity, resource.identity_type),
            display_name=found.display_name,
            resource_object=None if found.state is None else to_message(found.state, resource.type),
            diagnostic=diagnostics.to_messages(found.diagnostics),
        )

    def handlers(self) -> Handlers:
        """The gRPC handlers by path."""
        return {
            **rpc("ValidateListResourceConfig", self.validate, pb.ValidateListResourceConfig),
            **stream_rpc(
                "ListResource",
                self.list,
                pb.ListResource,
                lambda diagnostic: pb.ListResource.Event(diagnostic=[diagnostic]),
            ),
        }
