"""The provider's interface: Terraform's RPCs with Python values instead of protobuf messages.

Names are those of the RPCs in Terraform's plugin protocol.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from provider_shim.schema.block import Catalogue
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.paths import Path
from provider_shim.schema.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResourceChangeRequest:
    """Request for a plan. `prior_state` is null for a create, `proposed_new_state` for a destroy.

    The identity, here and in the other requests, is null before Terraform 1.12.
    """

    type_name: str
    prior_state: Value
    proposed_new_state: Value
    config: Value
    prior_private: bytes = b""
    prior_identity: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResourceChangeResponse:
    """A plan. `requires_replace` are the paths of the attributes whose change replaces the object."""

    planned_state: Value
    requires_replace: list[Path] = field(default_factory=list)
    planned_private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyResourceChangeRequest:
    """Request for an apply. `prior_state` is null for a create, `planned_state` for a delete."""

    type_name: str
    prior_state: Value
    planned_state: Value
    config: Value
    planned_private: bytes = b""
    planned_identity: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyResourceChangeResponse:
    """Result of an apply. `new_state` is the object as it exists now, also in case of errors.

    If it lacks the id of an object that was created, Terraform does not know the object.
    """

    new_state: Value
    private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResourceRequest:
    """Request for the current state of an object, with the state and private data that Terraform has."""

    type_name: str
    current_state: Value
    private: bytes = b""
    current_identity: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResourceResponse:
    """Result of a read. A null `new_state` removes the object from Terraform's state."""

    new_state: Value
    private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedResource:
    """One imported object."""

    type_name: str
    state: Value
    private: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResourceStateResponse:
    """Result of an import. `imported_resources` is empty if it failed."""

    imported_resources: list[ImportedResource] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeResourceStateResponse:
    """A stored state, converted to the current schema; null in case of errors."""

    upgraded_state: Value
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDataSourceResponse:
    """The state of a data source; null in case of errors."""

    state: Value
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeResourceIdentityResponse:
    """A stored identity, converted to the current schema; null in case of errors."""

    upgraded_identity: Value
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveResourceStateRequest:
    """Request to move the state of another resource type or provider. `source_state` is decoded JSON."""

    source_provider_address: str
    source_type_name: str
    source_schema_version: int
    source_state: Any
    target_type_name: str
    source_private: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveResourceStateResponse:
    """The state of the moved object as `target_type_name`; null in case of errors."""

    target_state: Value
    target_private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEphemeralResourceResponse:
    """The value of an ephemeral resource, which Terraform stores in no file; null in case of errors."""

    result: Value
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """Request for a list. `config` has the filters; `limit` is the maximum of objects, 0 for no limit."""

    type_name: str
    config: Value
    include_resource_object: bool = False
    limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One listed object, or only diagnostics. `state` is null unless `include_resource_object` was set."""

    identity: Value = None
    display_name: str = ""
    state: Value = None
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A progress message of an action."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The end of an action, with errors if it failed."""

    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFunctionResponse:
    """The result of a function, or the `error` text and the position (from 0) of the invalid `argument`."""

    result: Value = None
    error: str | None = None
    argument: int | None = None


class Provider(Protocol):
    """A provider, as the plugin's services call it. Expected errors are returned as diagnostics."""

    @property
    def catalogue(self) -> Catalogue:
        """The descriptions of all resources, data sources and functions."""

    async def validate_provider_config(self, config: Value) -> list[Diagnostic]:
        """Validate the provider's configuration. Makes no request."""

    async def configure_provider(self, terraform_version: str, config: Value) -> list[Diagnostic]:
        """Set the provider's configuration. Makes no request."""

    async def reject_configuration(self, problems: list[Diagnostic]) -> None:
        """Forget the provider's configuration: a new one can't be read. Later RPCs report the errors."""

    async def validate_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Validate a resource's configuration. Makes no request."""

    async def validate_data_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Validate a data source's configuration. Makes no request."""

    async def upgrade_resource_state(
        self, type_name: str, version: int, raw_state: Any
    ) -> UpgradeResourceStateResponse:
        """Convert a stored state to the current schema. In `raw_state` fractions are `decimal.Decimal`."""

    async def read_resource(self, request: ReadResourceRequest) -> ReadResourceResponse:
        """Return the current state of an object."""

    async def plan_resource_change(self, request: PlanResourceChangeRequest) -> PlanResourceChangeResponse:
        """Return the planned state. Makes no request."""

    async def apply_resource_change(self, request: ApplyResourceChangeRequest) -> ApplyResourceChangeResponse:
        """Create, update or delete an object, as planned."""

    async def import_resource_state(self, type_name: str, identifier: str) -> ImportResourceStateResponse:
        """Read the object with this id, and return its state."""

    def identity(self, type_name: str, state: Value, private: bytes) -> Value:
        """Return the resource identity of a state with its private data; null if there is no object."""

    async def import_by_identity(self, type_name: str, given: Value) -> ImportResourceStateResponse:
        """Read the object with this identity, and return its state."""

    async def upgrade_resource_identity(
        self, type_name: str, version: int, raw_identity: Any
    ) -> UpgradeResourceIdentityResponse:
        """Convert a stored identity (decoded JSON) to the current schema."""

    async def read_data_source(self, type_name: str, config: Value) -> ReadDataSourceResponse:
        """Read a data source."""

    async def move_resource_state(self, request: MoveResourceStateRequest) -> MoveResourceStateResponse:
        """Return the state for an object of another provider's resource. Makes no request."""

    async def generate_resource_config(self, type_name: str, state: Value) -> Value:
        """Return the configuration for a state, without computed and redundant values."""

    async def validate_ephemeral_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Validate an ephemeral resource's configuration. Makes no request."""

    async def open_ephemeral_resource(self, type_name: str, config: Value) -> OpenEphemeralResourceResponse:
        """Open an ephemeral resource. None of this provider's has to be renewed or closed."""

    async def validate_list_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Validate the filters of a list. Makes no request."""

    def list_resource(self, request: ListRequest) -> AsyncIterator[Listed]:
        """Yield objects that can be imported."""

    async def validate_action_config(self, action_type: str, config: Value) -> list[Diagnostic]:
        """Validate an action's configuration. Makes no request."""

    async def plan_action(self, action_type: str, config: Value) -> list[Diagnostic]:
        """Validate an action's configuration again, with the values known at plan. Makes no request."""

    def invoke_action(self, action_type: str, config: Value) -> AsyncIterator[Progress | Completed]:
        """Run an action. Yields its progress, and at last `Completed`."""

    async def call_function(self, name: str, arguments: list[Value]) -> CallFunctionResponse:
        """Call a function."""

    async def stop(self) -> None:
        """End running RPCs soon, with the state that they have reached: the user pressed Ctrl-C."""

    async def close(self) -> None:
        """Close the connections, before the process ends."""
