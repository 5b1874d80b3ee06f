"""RPCs that move states from other providers and generate configuration for imported resources."""

from __future__ import annotations

from collections.abc import Callable

from provider_shim.lifecycle import provider_api
from provider_shim.protocol.encoding import diagnostics
from provider_shim.protocol.encoding.dynamic_value import to_message
from provider_shim.protocol.encoding.msgpack_codec import load_json
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.grpc_handlers import Handlers
from provider_shim.protocol.rpc.identity_rpcs import identity_of
from provider_shim.protocol.rpc.requests import described, state_of
from provider_shim.protocol.rpc.rpc_handlers import rpc


class ImportRpcs:
    """RPCs for moved states and generated configuration, of the provider that `provider` returns."""

    def __init__(self, provider: Callable[[], provider_api.Provider]) -> None:
        self._provider = provider

    async def move_resource_state(
        self, request: pb.MoveResourceState.Request
    ) -> pb.MoveResourceState.Response:
        """Convert the state of another provider's resource."""
        provider, target = self._provider(), request.target_type_name
        kind = described(provider.catalogue.resources, target, "resource").type
        response = await provider.move_resource_state(
            provider_api.MoveResourceStateRequest(
                source_provider_address=request.source_provider_address,
                source_type_name=request.source_type_name,
                source_schema_version=request.source_schema_version,
                source_state=load_json(request.source_state.json) if request.source_state.json else None,
                target_type_name=target,
                source_private=request.source_private,
            )
        )
        return pb.MoveResourceState.Response(
            target_state=to_message(response.target_state, kind),
            target_private=response.target_private,
            target_identity=identity_of(provider, target, response.target_state, response.target_private),
            diagnostics=diagnostics.to_messages(response.diagnostics),
        )

    async def generate_resource_config(
        self, request: pb.GenerateResourceConfig.Request
    ) -> pb.GenerateResourceConfig.Response:
        """Generate the configuration for a state."""
        kind = described(self._provider().catalogue.resources, request.type_name, "resource").type
        state = state_of(request.state, kind)
        config = await self._provider().generate_resource_config(request.type_name, state)
        return pb.GenerateResourceConfig.Response(config=to_message(config, kind))

    def handlers(self) -> Handlers:
        """The gRPC handlers by path."""
        return {
            **rpc("MoveResourceState", self.move_resource_state, pb.MoveResourceState),
            **rpc("GenerateResourceConfig", self.generate_resource_config, pb.GenerateResourceConfig),
        }
