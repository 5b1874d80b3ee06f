"""RPCs for resource identities, and the encoding of identities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from provider_shim.lifecycle import provider_api
from provider_shim.protocol.encoding import diagnostics, schema
from provider_shim.protocol.encoding.dynamic_value import from_message, to_message
from provider_shim.protocol.encoding.msgpack_codec import load_json
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc.grpc_handlers import Handlers
from provider_shim.protocol.rpc.requests import described
from provider_shim.protocol.rpc.rpc_handlers import rpc
from provider_shim.schema.types import Type
from provider_shim.schema.values import Value


def identity_of(
    provider: provider_api.Provider, type_name: str, state: Value, private: bytes
) -> pb.ResourceIdentityData | None:
    """Get the identity of the resource with this state, or None if it has no identity."""
    resource = provider.catalogue.resources[type_name]
    identity = provider.identity(type_name, state, private) if resource.identity else None
    return None if identity is None else to_identity(identity, resource.identity_type)


def given_identity(message: Any, field: str, kind: Type) -> Value:
    """Decode the identity in a field of a request; null if Terraform, before 1.12, sends none."""
    if not message.HasField(field) or not getattr(message, field).HasField("identity_data"):
        return None
    return from_message(getattr(message, field).identity_data, kind)


def to_identity(identity: Value, kind: Type) -> pb.ResourceIdentityData:
    """Encode an identity."""
    return pb.ResourceIdentityData(identity_data=to_message(identity, kind))


def known_identity(request: pb.PlanResourceChange.Request) -> pb.ResourceIdentityData | None:
    """Get the identity before the plan, if Terraform sent it. An update doesn't change it."""
    return request.prior_identity if request.HasField("prior_identity") else None


class IdentityRpcs:
    """RPCs for the resource identities of the provider that `provider` returns."""

    def __init__(self, provider: Callable[[], provider_api.Provider]) -> None:
        self._provider = provider

    async def get_resource_identity_schemas(
        self, _: pb.GetResourceIdentitySchemas.Request
    ) -> pb.GetResourceIdentitySchemas.Response:
        """Get the schemas of all identities."""
        resources = self._provider().catalogue.resources
        return pb.GetResourceIdentitySchemas.Response(identity_schemas=schema.to_identities(resources))

    async def upgrade_resource_identity(
        self, request: pb.UpgradeResourceIdentity.Request
    ) -> pb.UpgradeResourceIdentity.Response:
        """Upgrade a stored identity to the current schema."""
        kind = described(self._provider().catalogue.resources, request.type_name, "resource").identity_type
        stored = load_json(request.raw_identity.json)
        response = await self._provider().upgrade_resource_identity(
            request.type_name, request.version, stored
        )
        return pb.UpgradeResourceIdentity.Response(
            upgraded_identity=to_identity(response.upgraded_identity, kind),
            diagnostics=diagnostics.to_messages(response.diagnostics),
        )

    def handlers(self) -> Handlers:
        """The gRPC handlers by path."""
        return {
            **rpc(
                "GetResourceIdentitySchemas",
                self.get_resource_identity_schemas,
                pb.GetResourceIdentitySchemas,
            ),
            **rpc("UpgradeResourceIdentity", self.upgrade_resource_identity, pb.UpgradeResourceIdentity),
        }
