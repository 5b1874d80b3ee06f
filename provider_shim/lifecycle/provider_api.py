"""What Terraform asks of a provider and what it gets back, in values instead of wire formats.

The names are those of Terraform's calls, so that one call has one name in every room.
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
    """`prior_state` is null for a create, `proposed_new_state` is null for a destroy."""

    type_name: str
    prior_state: Value
    proposed_new_state: Value
    config: Value
    prior_private: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResourceChangeResponse:
    """`requires_replace` are the places whose change can't be made in place."""

    planned_state: Value
    requires_replace: list[Path] = field(default_factory=list)
    planned_private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyResourceChangeRequest:
    """Create, update and delete are told apart by which of the two states is null."""

    type_name: str
    prior_state: Value
    planned_state: Value
    config: Value
    planned_private: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyResourceChangeResponse:
    """`new_state` is what exists now, beside errors too: an id that is left out here is lost."""

    new_state: Value
    private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResourceRequest:
    """The state and private data as Terraform has them."""

    type_name: str
    current_state: Value
    private: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResourceResponse:
    """A null `new_state` removes the object from Terraform's state."""

    new_state: Value
    private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedResource:
    """One object that an import brought."""

    type_name: str
    state: Value
    private: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResourceStateResponse:
    """Empty where the import failed."""

    imported_resources: list[ImportedResource] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeResourceStateResponse:
    """The stored state in today's shape."""

    upgraded_state: Value
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDataSourceResponse:
    """What was looked up."""

    state: Value
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeResourceIdentityResponse:
    """The stored identity in today's shape."""

    upgraded_identity: Value
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveResourceStateRequest:
    """A state of another resource type or provider. `source_state` is its JSON, decoded."""

    source_provider_address: str
    source_type_name: str
    source_schema_version: int
    source_state: Any
    target_type_name: str
    source_private: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveResourceStateResponse:
    """The same object as a state of ours; null beside errors."""

    target_state: Value
    target_private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEphemeralResourceResponse:
    """`result` is what Terraform hands on and keeps in no file."""

    result: Value
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """`config` are the filters. `limit` is the most objects that are wanted."""

    type_name: str
    config: Value
    include_resource_object: bool = False
    limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One object that was found, or only diagnostics. `state` is null unless it was asked for."""

    identity: Value = None
    display_name: str = ""
    state: Value = None
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What an action is doing."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The end of an action, good or bad."""

    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFunctionResponse:
    """The result, or the `error` text and the position (from 0) of the `argument` that it is about."""

    result: Value = None
    error: str | None = None
    argument: int | None = None


class Provider(Protocol):
    """A provider as the edge sees it. No method raises for a problem of the user's: diagnostics tell it."""

    @property
    def catalogue(self) -> Catalogue:
        """Everything that is offered."""

    async def validate_provider_config(self, config: Value) -> list[Diagnostic]:
        """Check the provider's configuration, offline."""

    async def configure_provider(self, terraform_version: str, config: Value) -> list[Diagnostic]:
        """Take the provider's configuration; makes no request."""

    async def validate_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Check a resource's configuration, offline."""

    async def validate_data_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Check a data source's configuration, offline."""

    async def upgrade_resource_state(
        self, type_name: str, version: int, raw_state: Any
    ) -> UpgradeResourceStateResponse:
        """Bring a stored state (its JSON, decoded with `decimal.Decimal` for fractions) to today's shape."""

    async def read_resource(self, request: ReadResourceRequest) -> ReadResourceResponse:
        """Look at the object behind a state."""

    async def plan_resource_change(self, request: PlanResourceChangeRequest) -> PlanResourceChangeResponse:
        """Say what an apply would do."""

    async def apply_resource_change(self, request: ApplyResourceChangeRequest) -> ApplyResourceChangeResponse:
        """Do what was planned."""

    async def import_resource_state(self, type_name: str, identifier: str) -> ImportResourceStateResponse:
        """Take an existing object, found by id, under Terraform's management."""

    def identity(self, type_name: str, state: Value) -> Value:
        """What tells the object behind a state from all others; null where there is no object."""

    async def import_by_identity(self, type_name: str, given: Value) -> ImportResourceStateResponse:
        """Take an existing object, found by identity, under Terraform's management."""

    async def upgrade_resource_identity(
        self, type_name: str, version: int, raw_identity: Any
    ) -> UpgradeResourceIdentityResponse:
        """Bring a stored identity (its JSON, decoded) to today's shape."""

    async def read_data_source(self, type_name: str, config: Value) -> ReadDataSourceResponse:
        """Look something up."""

    async def move_resource_state(self, request: MoveResourceStateRequest) -> MoveResourceStateResponse:
        """Take over the state of another provider's resource."""

    async def generate_resource_config(self, type_name: str, state: Value) -> Value:
        """The configuration that a user would write for this state."""

    async def validate_ephemeral_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Check an ephemeral resource's configuration, offline."""

    async def open_ephemeral_resource(self, type_name: str, config: Value) -> OpenEphemeralResourceResponse:
        """Make something short-lived. Nothing of ours has to be renewed or closed."""

    async def validate_list_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Check the filters of a list, offline."""

    def list_resource(self, request: ListRequest) -> AsyncIterator[Listed]:
        """Find objects that could be imported."""

    async def validate_action_config(self, action_type: str, config: Value) -> list[Diagnostic]:
        """Check an action's configuration, offline."""

    async def plan_action(self, action_type: str, config: Value) -> list[Diagnostic]:
        """Check an action's configuration again, with what is known at plan; makes no request."""

    def invoke_action(self, action_type: str, config: Value) -> AsyncIterator[Progress | Completed]:
        """Do it; the last event is `Completed`."""

    async def call_function(self, name: str, arguments: list[Value]) -> CallFunctionResponse:
        """Compute something from the arguments alone."""

    async def stop(self) -> None:
        """The user pressed Ctrl-C: running calls end soon and return the state they have."""

    async def close(self) -> None:
        """The process ends: connections are closed."""
