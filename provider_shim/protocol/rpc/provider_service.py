"""The gRPC service `tfplugin6.Provider`: each RPC looks up the type, decodes, calls the provider and encodes.

Each method has the name of its RPC, and its request and response messages. RPCs for features that this
provider lacks (state stores) fail with the status UNIMPLEMENTED, which Terraform expects from older
providers. RPCs that were added to the protocol later are in separate modules.
"""

from __future__ import annotations

from collections.abc import Callable

from provider_shim.lifecycle import provider_api
from provider_shim.protocol.encoding import diagnostics, schema
from provider_shim.protocol.encoding.decode_error import DecodeError
from provider_shim.protocol.encoding.dynamic_value import from_message, to_message
from provider_shim.protocol.encoding.msgpack_codec import load_json
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.rpc import internal_errors
from provider_shim.protocol.rpc.action_rpcs import ActionRpcs
from provider_shim.protocol.rpc.ephemeral_rpcs import EphemeralRpcs
from provider_shim.protocol.rpc.function_rpcs import FunctionRpcs
from provider_shim.protocol.rpc.grpc_handlers import Handlers, unimplemented
from provider_shim.protocol.rpc.identity_rpcs import (
    IdentityRpcs,
    given_identity,
    identity_of,
    known_identity,
)
from provider_shim.protocol.rpc.import_rpcs import ImportRpcs
from provider_shim.protocol.rpc.list_rpcs import ListRpcs
from provider_shim.protocol.rpc.requests import (
    check_change,
    config_of,
    described,
    known_value_of,
    plan_of,
    state_of,
)
from provider_shim.protocol.rpc.rpc_handlers import PATH, rpc, stop_rpc
from provider_shim.schema.block import Resource
from provider_shim.schema.types import Type
from provider_shim.schema.values import Value

_GROUPS = (FunctionRpcs, EphemeralRpcs, IdentityRpcs, ImportRpcs, ListRpcs, ActionRpcs)
"""The classes of RPCs in other modules."""


class ProviderService:
    """The service `tfplugin6.Provider`. The provider is made by the first RPC that needs it."""

    def __init__(self, make_provider: Callable[[], provider_api.Provider]) -> None:
        self._make_provider = make_provider
        self._made: provider_api.Provider | None = None

    @property
    def _provider(self) -> provider_api.Provider:
        if self._made is None:
            self._made = self._make_provider()
        return self._made

    def _resource(self, type_name: str) -> Resource:
        return described(self._provider.catalogue.resources, type_name, "resource")

    def _resource_type(self, type_name: str) -> Type:
        return self._resource(type_name).type

    def _identity(
        self,
        request: pb.ReadResource.Request | pb.PlanResourceChange.Request | pb.ApplyResourceChange.Request,
        field: str,
    ) -> Value:
        kind = self._resource(request.type_name).identity_type
        return given_identity(request, field, kind)

    def _data_source_type(self, type_name: str) -> Type:
        return described(self._provider.catalogue.data_sources, type_name, "data source").type

    def _provider_type(self) -> Type:
        return self._provider.catalogue.provider.type

    async def get_metadata(self, _: pb.GetMetadata.Request) -> pb.GetMetadata.Response:
        """Get the names of all resources, data sources, functions and actions."""
        return schema.to_metadata(self._provider.catalogue)

    async def get_provider_schema(self, _: pb.GetProviderSchema.Request) -> pb.GetProviderSchema.Response:
        """Get all schemas."""
        return schema.to_response(self._provider.catalogue)

    async def validate_provider_config(
        self, request: pb.ValidateProviderConfig.Request
    ) -> pb.ValidateProviderConfig.Response:
        """Validate the provider's configuration."""
        config = config_of(request.config, self._provider_type())
        found = await self._provider.validate_provider_config(config)
        return pb.ValidateProviderConfig.Response(diagnostics=diagnostics.to_messages(found))

    async def configure_provider(
        self, request: pb.ConfigureProvider.Request
    ) -> pb.ConfigureProvider.Response:
        """Configure the provider. One that can't be read doesn't leave the previous configuration in use."""
        try:
            config = config_of(request.config, self._provider_type())
        except DecodeError as invalid:
            await self._provider.reject_configuration([invalid.diagnostic()])
            raise
        found = await self._provider.configure_provider(request.terraform_version, config)
        return pb.ConfigureProvider.Response(diagnostics=diagnostics.to_messages(found))

    async def validate_resource_config(
        self, request: pb.ValidateResourceConfig.Request
    ) -> pb.ValidateResourceConfig.Response:
        """Validate the configuration of a resource."""
        config = config_of(request.config, self._resource_type(request.type_name))
        found = await self._provider.validate_resource_config(request.type_name, config)
        return pb.ValidateResourceConfig.Response(diagnostics=diagnostics.to_messages(found))

    async def validate_data_resource_config(
        self, request: pb.ValidateDataResourceConfig.Request
    ) -> pb.ValidateDataResourceConfig.Response:
        """Validate the configuration of a data source."""
        config = config_of(request.config, self._data_source_type(request.type_name))
        found = await self._provider.validate_data_resource_config(request.type_name, config)
        return pb.ValidateDataResourceConfig.Response(diagnostics=diagnostics.to_messages(found))

    async def upgrade_resource_state(
        self, request: pb.UpgradeResourceState.Request
    ) -> pb.UpgradeResourceState.Response:
        """Upgrade a stored state to the current schema."""
        kind = self._resource_type(request.type_name)
        stored = load_json(request.raw_state.json)
        response = await self._provider.upgrade_resource_state(request.type_name, request.version, stored)
        return pb.UpgradeResourceState.Response(
            upgraded_state=to_message(response.upgraded_state, kind),
            diagnostics=diagnostics.to_messages(response.diagnostics),
        )

    async def read_resource(self, request: pb.ReadResource.Request) -> pb.ReadResource.Response:
        """Refresh the state of a resource."""
        kind = self._resource_type(request.type_name)
        response = await self._provider.read_resource(
            provider_api.ReadResourceRequest(
                type_name=request.type_name,
                current_state=known_value_of(request.current_state, kind),
                private=request.private,
                current_identity=self._identity(request, "current_identity"),
            )
        )
        return pb.ReadResource.Response(
            new_state=to_message(response.new_state, kind),
            new_identity=identity_of(self._provider, request.type_name, response.new_state, response.private),
            private=response.private,
            diagnostics=diagnostics.to_messages(response.diagnostics),
        )

    async def plan_resource_change(
        self, request: pb.PlanResourceChange.Request
    ) -> pb.PlanResourceChange.Response:
        """Plan the change of a resource."""
        kind = self._resource_type(request.type_name)
        prior, proposed = state_of(request.prior_state, kind), plan_of(request.proposed_new_state, kind)
        config = plan_of(request.config, kind)
        check_change(prior, proposed, config)
        response = await self._provider.plan_resource_change(
            provider_api.PlanResourceChangeRequest(
                type_name=request.type_name,
                prior_state=prior,
                proposed_new_state=proposed,
                config=config,
                prior_private=request.prior_private,
                prior_identity=self._identity(request, "prior_identity"),
            )
        )
        return pb.PlanResourceChange.Response(
            planned_state=to_message(response.planned_state, kind),
            requires_replace=[diagnostics.to_path(path) for path in response.requires_replace],
            planned_private=response.planned_private,
            planned_identity=None if response.planned_state is None else known_identity(request),
            diagnostics=diagnostics.to_messages(response.diagnostics),
        )

    async def apply_resource_change(
        self, request: pb.ApplyResourceChange.Request
    ) -> pb.ApplyResourceChange.Response:
        """Apply a planned change."""
        kind = self._resource_type(request.type_name)
        prior, planned = state_of(request.prior_state, kind), plan_of(request.planned_state, kind)
        config = state_of(request.config, kind)
        check_change(prior, planned, config)
        response = await self._provider.apply_resource_change(
            provider_api.ApplyResourceChangeRequest(
                type_name=request.type_name,
                prior_state=prior,
                planned_state=planned,
                config=config,
                planned_private=request.planned_private,
                planned_identity=self._identity(request, "planned_identity"),
            )
        )
        new_state, encoding_errors = internal_errors.encode_new_state(response.new_state, kind)
        return pb.ApplyResourceChange.Response(
            new_state=new_state,
            new_identity=identity_of(self._provider, request.type_name, response.new_state, response.private),
            private=response.private,
            diagnostics=diagnostics.to_messages([*response.diagnostics, *encoding_errors]),
        )

    async def import_resource_state(
        self, request: pb.ImportResourceState.Request
    ) -> pb.ImportResourceState.Response:
        """Import a resource by id or identity."""
        resource = self._resource(request.type_name)
        if request.HasField("identity"):
            kind = resource.identity_type
            given = from_message(request.identity.identity_data, kind)
            response = await self._provider.import_by_identity(request.type_name, given)
        else:
            response = await self._provider.import_resource_state(request.type_name, request.id)
        return pb.ImportResourceState.Response(
            imported_resources=[
                pb.ImportResourceState.ImportedResource(
                    type_name=each.type_name,
                    state=to_message(each.state, self._resource_type(each.type_name)),
                    private=each.private,
                    identity=identity_of(self._provider, each.type_name, each.state, each.private),
                )
                for each in response.imported_resources
            ],
            diagnostics=diagnostics.to_messages(response.diagnostics),
        )

    async def read_data_source(self, request: pb.ReadDataSource.Request) -> pb.ReadDataSource.Response:
        """Read a data source."""
        kind = self._data_source_type(request.type_name)
        config = known_value_of(request.config, kind)
        response = await self._provider.read_data_source(request.type_name, config)
        return pb.ReadDataSource.Response(
            state=to_message(response.state, kind),
            diagnostics=diagnostics.to_messages(response.diagnostics),
        )

    async def stop_provider(self, _: pb.StopProvider.Request) -> pb.StopProvider.Response:
        """Cancel running RPCs after Ctrl-C. The response has a text instead of diagnostics."""
        try:
            await self.stop()
        except Exception as exception:
            return pb.StopProvider.Response(
                Error=internal_errors.internal_error(exception, "StopProvider").detail
            )
        return pb.StopProvider.Response()

    async def stop(self) -> None:
        """Cancel running RPCs, if the provider was made."""
        if self._made is not None:
            await self._made.stop()

    async def close(self) -> None:
        """Close the provider, if it was made."""
        if self._made is not None:
            await self._made.close()

    def __mapping__(self) -> Handlers:
        declared = pb.DESCRIPTOR.services_by_name["Provider"].methods
        return unimplemented(f"{PATH}{method.name}" for method in declared) | self.handlers()

    def handlers(self) -> Handlers:
        """The handlers of all implemented RPCs by path."""
        return {
            **rpc("GetMetadata", self.get_metadata, pb.GetMetadata),
            **rpc("GetProviderSchema", self.get_provider_schema, pb.GetProviderSchema),
            **rpc("ValidateProviderConfig", self.validate_provider_config, pb.ValidateProviderConfig),
            **rpc("ConfigureProvider", self.configure_provider, pb.ConfigureProvider),
            **rpc("ValidateResourceConfig", self.validate_resource_config, pb.ValidateResourceConfig),
            **rpc(
                "ValidateDataResourceConfig",
                self.validate_data_resource_config,
                pb.ValidateDataResourceConfig,
            ),
            **rpc("UpgradeResourceState", self.upgrade_resource_state, pb.UpgradeResourceState),
            **rpc("ReadResource", self.read_resource, pb.ReadResource, internal_errors.keep_current_state),
            **rpc(
                "PlanResourceChange",
                self.plan_resource_change,
                pb.PlanResourceChange,
                internal_errors.keep_prior_plan,
            ),
            **rpc(
                "ApplyResourceChange",
                self.apply_resource_change,
                pb.ApplyResourceChange,
                internal_errors.keep_prior_state,
            ),
            **rpc("ImportResourceState", self.import_resource_state, pb.ImportResourceState),
            **rpc("ReadDataSource", self.read_data_source, pb.ReadDataSource),
            **stop_rpc(self.stop_provider),
            **{
                path: handler
                for group in _GROUPS
                for path, handler in group(lambda: self._provider).handlers().items()
            },
        }
