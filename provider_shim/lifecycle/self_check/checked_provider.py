"""The provider with its self-check enabled, for tests (`FLOWBRIDGE_SELF_CHECK`)."""

from __future__ import annotations

from dataclasses import replace

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    ApplyResourceChangeResponse,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
    ReadResourceRequest,
    ReadResourceResponse,
)
from provider_shim.lifecycle.self_check import rules


class CheckedProvider(AepProvider):
    """A provider that checks every plan, apply and read by Terraform's rules before it returns it."""

    async def plan_resource_change(self, request: PlanResourceChangeRequest) -> PlanResourceChangeResponse:
        """Plan, and check the plan."""
        response = await super().plan_resource_change(request)
        problems = rules.of_plan(self.catalogue.resources[request.type_name], request, response)
        return replace(response, diagnostics=[*response.diagnostics, *problems])

    async def apply_resource_change(self, request: ApplyResourceChangeRequest) -> ApplyResourceChangeResponse:
        """Apply, and check the new state."""
        response = await super().apply_resource_change(request)
        problems = rules.of_apply(self.catalogue.resources[request.type_name], request, response)
        return replace(response, diagnostics=[*response.diagnostics, *problems])

    async def read_resource(self, request: ReadResourceRequest) -> ReadResourceResponse:
        """Read, and check the state."""
        response = await super().read_resource(request)
        if response.new_state is None:
            return response
        problems = rules.of_state(self.catalogue.resources[request.type_name], response.new_state)
        return replace(response, diagnostics=[*response.diagnostics, *problems])
