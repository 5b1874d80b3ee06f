"""The sandbox in the provider's RPCs: compared before a request, planned and recorded.

The provider compares the sandbox before it hands an RPC on, so that no module of the resources has to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from provider_shim.lifecycle.configuration import ProviderSettings
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    ApplyResourceChangeResponse,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
    ReadResourceResponse,
)
from provider_shim.lifecycle.state.private_state import decode
from provider_shim.lifecycle.state.sandbox import SANDBOX_NAME, Sandbox, recorded
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, has_errors, warning
from provider_shim.schema.values import UNKNOWN, Value

if TYPE_CHECKING:
    from provider_shim.lifecycle.session.session import Session


class SandboxCheck:
    """Mixin of the provider, which has the settings and the session with Flow Service."""

    _settings: ProviderSettings
    _session: Session | None
    _warned_of_default: bool = False

    @property
    def _sandbox(self) -> Sandbox:
        """The sandbox that the settings select, as far as it is known.

        Only the client knows the organisation of an emulator, which needs no setting.
        """
        if self._session is not None:
            return Sandbox.of(self._session.service)
        sandbox = Sandbox.of(self._settings)
        return replace(sandbox, name=None) if "sandbox_name" in self._settings.unknown else sandbox

    def _other_sandbox(
        self, verb: str, resource: Resource, state: Value, private: bytes, identity: Value = None
    ) -> list[Diagnostic]:
        """Return an error if an object, or its plan, is of another sandbox than the configured one.

        A run on request is not an object, so that its resource belongs to no sandbox.
        """
        if state is None or not resource.collection:
            return []
        from provider_shim.lifecycle.checks import sandbox_match
        from provider_shim.lifecycle.session.operation_errors import operation_on

        return sandbox_match.mismatch(
            operation_on(verb, resource, state),
            recorded(decode(private), state, identity),
            self._sandbox,
            is_default=self._settings.sandbox_is_default,
        )

    def _other_sandbox_at_apply(
        self, resource: Resource, request: ApplyResourceChangeRequest
    ) -> list[Diagnostic]:
        """Return an error if the object, or the plan of a new one, is of another sandbox.

        Between a saved plan and its apply, the environment can change.
        """
        prior, planned = request.prior_state, request.planned_state
        verb = "create" if prior is None else "delete" if planned is None else "update"
        return self._other_sandbox(
            verb,
            resource,
            planned if prior is None else prior,
            request.planned_private,
            request.planned_identity,
        )

    def _plan_sandbox(
        self, request: PlanResourceChangeRequest, response: PlanResourceChangeResponse
    ) -> PlanResourceChangeResponse:
        """Add the sandbox to the plan of a new object. That of an existing one is unchanged."""
        if request.prior_state is not None or response.planned_state is None:
            return response
        sandbox = self._sandbox
        private = decode(response.planned_private).with_sandbox(sandbox.name, sandbox.organization_id)
        return replace(
            response,
            planned_state=response.planned_state | {SANDBOX_NAME: sandbox.planned_name},
            planned_private=private.encode(),
            diagnostics=[*response.diagnostics, *self._default_sandbox_warning(request)],
        )

    def _default_sandbox_warning(self, request: PlanResourceChangeRequest) -> list[Diagnostic]:
        """Return a warning at the first plan of a new object, if its sandbox is only the default.

        Terraform points to that resource, which may lack its `provider` argument. The provider of an alias is
        another process. A replacement stays in the sandbox of the object that it replaces.
        """
        is_new = decode(request.prior_private).id is None
        if self._warned_of_default or not self._settings.sandbox_is_default or not is_new:
            return []
        if self._settings.emulator_file is not None:
            return []  # it has no production
        self._warned_of_default = True
        name = self._settings.sandbox_name
        return [
            warning(
                "The sandbox is not set",
                "Neither the provider block nor the variable AEP_SANDBOX_NAME sets a sandbox, so that new "
                f'objects are created in the default one, "{name}". If that is intended, write '
                f'sandbox_name = "{name}" in the provider block. If the configuration has several provider '
                "blocks, check the resource's "
                "`provider` argument.",
            )
        ]

    def _with_known_sandbox(self, request: ApplyResourceChangeRequest) -> ApplyResourceChangeRequest:
        """Return the request with the sandbox's name in the planned state, if it was unknown at plan."""
        if request.planned_state is None or request.planned_state[SANDBOX_NAME] is not UNKNOWN:
            return request
        return replace(request, planned_state=request.planned_state | {SANDBOX_NAME: self._sandbox.name})

    def _record_created(self, response: ApplyResourceChangeResponse) -> ApplyResourceChangeResponse:
        """Return the response to a create with the sandbox in the private data, if there is an object."""
        if response.new_state is None:
            return response
        return replace(response, private=self._with_sandbox(response.private))

    def _record_read(self, response: ReadResourceResponse) -> ReadResourceResponse:
        """Return the response to a read that found the object, with the sandbox in state and private data."""
        if response.new_state is None or has_errors(response.diagnostics):
            return response
        return replace(
            response,
            new_state=response.new_state | {SANDBOX_NAME: self._sandbox.name},
            private=self._with_sandbox(response.private),
        )

    def _with_sandbox(self, private: bytes) -> bytes:
        sandbox = self._sandbox
        return decode(private).with_sandbox(sandbox.name, sandbox.organization_id).encode()
