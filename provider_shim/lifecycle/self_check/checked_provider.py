"""The provider with its self-check switched on: for tests, with `FLOWBRIDGE_SELF_CHECK`."""

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
    """Every plan, apply and read is judged by Terraform's rules before Terraform sees it."""

    async def plan_resource_change(self, request: PlanResourceChangeRequest) -> PlanResourceChangeResponse:
        """Plan, and check the plan."""
        response = await super().plan_resource_change(request)
        found = rules.of_plan(self.catalogue.resources[request.type_name], request, response)
        return replace(response, diagnostics=[*response.diagnostics, *found])

    async def apply_resource_change(self, request: ApplyResourceChangeRequest) -> ApplyResourceChangeResponse:
        """Apply, and check the new state."""
        response = await super().apply_resource_change(request)
        found = rules.of_apply(self.catalogue.resources[request.type_name], request, response)
        return replace(response, diagnostics=[*response.diagnostics, *found])

    async def read_resource(self, request: ReadResourceRequest) -> ReadResourceResponse:
        """Read, and check the state."""
        response = await super().read_resource(request)
        if response.new_state is None:
            return response
        found = rules.of_state(self.catalogue.resources[request.type_name], response.new_state)
        return replace(response, diagnostics=[*response.diagnostics, *found])
