"""RPCs for ephemeral resources."""

from __future__ import annotations

from collections.abc import Callable

from provider_shim.lifecycle import provider_api
from provider_shim.protocol.encoding import diagnostics
from provider_shim.protocol.encoding.dynamic_value import to_message
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.grpc_handlers import Handlers
from provider_shim.protocol.rpc.requests import config_of, described, known_value_of
from provider_shim.protocol.rpc.rpc_handlers import rpc
from provider_shim.schema.types import Type


class EphemeralRpcs:
    """RPCs for the ephemeral resources of the provider that `provider` returns."""

    def __init__(self, provider: Callable[[], provider_api.Provider]) -> None:
        self._provider = provider

    def _type(self, type_name: str) -> Type:
        return described(self._provider().catalogue.ephemeral_resources, type_name, "ephemeral resource").type

    async def validate(
        self, request: pb.ValidateEphemeralResourceConfig.Request
    ) -> pb.ValidateEphemeralResourceConfig.Response:
        """Validate the configuration of an ephemeral resource."""
        config = config_of(request.config, self._type(request.type_name))
        found = await self._provider().validate_ephemeral_resource_config(request.type_name, config)
        return pb.ValidateEphemeralResourceConfig.Response(diagnostics=diagnostics.to_messages(found))

    async def open(self, request: pb.OpenEphemeralResource.Request) -> pb.OpenEphemeralResource.Response:
        """Open an ephemeral resource."""
        kind = self._type(request.type_name)
        config = known_value_of(request.config, kind)
        response = await self._provider().open_ephemeral_resource(request.type_name, config)
        return pb.OpenEphemeralResource.Response(
            result=to_message(response.result, kind),
            diagnostics=diagnostics.to_messages(response.diagnostics),
        )

    async def renew(self, _: pb.RenewEphemeralResource.Request) -> pb.RenewEphemeralResource.Response:
        """Do nothing: no response to an open requests a renewal."""
        return pb.RenewEphemeralResource.Response()

    async def close(self, _: pb.CloseEphemeralResource.Request) -> pb.CloseEphemeralResource.Response:
        """Do nothing: the opened resources expire by themselves."""
        return pb.CloseEphemeralResource.Response()

    def handlers(self) -> Handlers:
        """The gRPC handlers by path."""
        return {
            **rpc("ValidateEphemeralResourceConfig", self.validate, pb.ValidateEphemeralResourceConfig),
            **rpc("OpenEphemeralResource", self.open, pb.OpenEphemeralResource),
            **rpc("RenewEphemeralResource", self.renew, pb.RenewEphemeralResource),
            **rpc("CloseEphemeralResource", self.close, pb.CloseEphemeralResource),
        }
