"""RPCs that providers need not have: identity, moves, ephemeral resources, lists, actions and functions.

Each imports its implementation when it is called, because most commands call none of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from provider_shim.lifecycle.checks.validate import check_config
from provider_shim.lifecycle.provider_api import (
    CallFunctionResponse,
    Completed,
    ImportResourceStateResponse,
    Listed,
    ListRequest,
    MoveResourceStateRequest,
    MoveResourceStateResponse,
    OpenEphemeralResourceResponse,
    Progress,
    UpgradeResourceIdentityResponse,
)
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic
from provider_shim.schema.values import Value

if TYPE_CHECKING:
    from provider_shim.lifecycle.session.session import Session
    from provider_shim.lifecycle.state.sandbox import Sandbox


class OptionalRpcs:
    """Mixin of the provider, which opens the session with Flow Service."""

    @property
    def _sandbox(self) -> Sandbox:
        raise NotImplementedError

    def _get_session(self) -> tuple[Session | None, list[Diagnostic]]:
        raise NotImplementedError

    async def import_resource_state(self, type_name: str, identifier: str) -> ImportResourceStateResponse:
        """Read the object with this id, and return its state."""
        raise NotImplementedError

    def identity(self, type_name: str, state: Value, private: bytes) -> Value:
        """Return the resource identity of a state; null if there is no object."""
        from provider_shim.lifecycle.state import identity
        from provider_shim.lifecycle.state.private_state import decode
        from provider_shim.lifecycle.state.sandbox import Sandbox, recorded

        known, here = recorded(decode(private), state), self._sandbox
        sandbox = Sandbox(known.name or here.name, known.organization_id or here.organization_id)
        return identity.of_state(CATALOGUE.resources[type_name], state, sandbox)

    async def import_by_identity(self, type_name: str, given: Value) -> ImportResourceStateResponse:
        """Read the object with this identity, and return its state."""
        resource = CATALOGUE.resources[type_name]
        if not resource.identity:
            return await self.import_resource_state(type_name, "")  # an error, because there is no object
        session, problems = self._get_session()
        if session is None:
            return ImportResourceStateResponse(diagnostics=problems)
        from provider_shim.lifecycle.state import identity
        from provider_shim.lifecycle.state.sandbox import Sandbox

        problems = identity.import_problems(resource, given, Sandbox.of(session.service))
        if problems:
            return ImportResourceStateResponse(diagnostics=problems)
        return await self.import_resource_state(type_name, given["id"])

    async def upgrade_resource_identity(
        self, type_name: str, version: int, raw_identity: Any
    ) -> UpgradeResourceIdentityResponse:
        """Convert a stored identity to the current schema."""
        from provider_shim.lifecycle.state import identity

        return identity.upgrade(CATALOGUE.resources[type_name], version, raw_identity)

    async def move_resource_state(self, request: MoveResourceStateRequest) -> MoveResourceStateResponse:
        """Return the state for an object of another provider's resource. Makes no request."""
        from provider_shim.lifecycle.importing import move_state

        return move_state.move_state(CATALOGUE.resources, request)

    async def generate_resource_config(self, type_name: str, state: Value) -> Value:
        """Return the configuration for a state, without computed and redundant values."""
        from provider_shim.lifecycle.importing import generate_config

        return generate_config.of_state(CATALOGUE.resources[type_name], state)

    async def validate_ephemeral_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Validate an ephemeral resource's configuration."""
        return check_config(CATALOGUE.ephemeral_resources[type_name], config)

    async def open_ephemeral_resource(self, type_name: str, config: Value) -> OpenEphemeralResourceResponse:
        """Open an ephemeral resource."""
        session, problems = self._get_session()
        if session is None:
            return OpenEphemeralResourceResponse(result=None, diagnostics=problems)
        from provider_shim.lifecycle import ephemeral

        return await ephemeral.open_ephemeral_resource(session, type_name, config)

    async def validate_list_resource_config(self, type_name: str, config: Value) -> list[Diagnostic]:
        """Validate the filters of a list."""
        return check_config(CATALOGUE.list_resources[type_name], config)

    async def list_resource(self, request: ListRequest) -> AsyncIterator[Listed]:
        """Yield objects that can be imported."""
        session, problems = self._get_session()
        if session is None:
            yield Listed(diagnostics=problems)
            return
        from provider_shim.lifecycle.importing import list_resource

        resource = CATALOGUE.resources[request.type_name]
        async for listed in list_resource.find(session, resource, request):
            yield listed

    async def validate_action_config(self, action_type: str, config: Value) -> list[Diagnostic]:
        """Validate an action's configuration."""
        return check_config(CATALOGUE.actions[action_type], config)

    async def plan_action(self, action_type: str, config: Value) -> list[Diagnostic]:
        """Validate the action's configuration again, with the values that are known at plan."""
        return check_config(CATALOGUE.actions[action_type], config)

    async def invoke_action(self, action_type: str, config: Value) -> AsyncIterator[Progress | Completed]:
        """Run an action. Yields its progress, and at last `Completed`."""
        problems = check_config(CATALOGUE.actions[action_type], config)
        session = None
        if not problems:
            session, problems = self._get_session()
        if session is None:
            yield Completed(diagnostics=problems)
            return
        from provider_shim.lifecycle.flow_run import action

        async for event in action.invoke(session, config):
            yield event

    async def call_function(self, name: str, arguments: list[Value]) -> CallFunctionResponse:
        """Call a function."""
        from provider_shim.lifecycle.functions import functions

        return functions.call_function(name, arguments)
