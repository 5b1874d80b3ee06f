"""Checks of a plan that need more than its own request: what this process has read and planned before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from provider_shim.lifecycle.checks import flow_warnings
from provider_shim.lifecycle.checks.walk import Walk
from provider_shim.lifecycle.provider_api import PlanResourceChangeRequest, PlanResourceChangeResponse
from provider_shim.lifecycle.resource.plan import plan_resource_change
from provider_shim.resources.managed.source_connection import SOURCE_CONNECTION
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, Severity
from provider_shim.schema.values import Value

if TYPE_CHECKING:
    from provider_shim.lifecycle.session.session import Session


class PlanSettings(Protocol):
    """The provider's settings that plans depend on, which `provider_shim.resources.provider` describes."""

    @property
    def disputed_rules(self) -> str:
        """Severity of the violations of disputed rules: `"error"` or `"warning"`."""

    @property
    def existing_names(self) -> str:
        """Effect of two objects of one name: `"error"` or `"ignore"`."""

    @property
    def expiry_warning_days(self) -> int:
        """Number of days before the end of a flow's exports from which on each plan warns of it."""


async def check(
    resource: Resource,
    request: PlanResourceChangeRequest,
    response: PlanResourceChangeResponse,
    *,
    walk: Walk,
    session: Session | None,
    settings: PlanSettings,
    now: datetime,
) -> PlanResourceChangeResponse:
    """Return the response with further errors, and with the warnings that Terraform has not shown yet.

    `session` is the session with Flow Service if this process has one. Then, and only in a plan, the datasets
    that can be exported are listed if the plan adds one; else makes no request.
    """
    walk.planned(resource, request, response)
    problems = response.diagnostics
    if not walk.shows_warnings(request, response):
        problems = [each for each in problems if each.severity is Severity.ERROR]
    if response.planned_state is not None and session is not None:
        problems = problems + _references(session, resource, request, response)
        if not walk.is_apply:
            problems = problems + await _datasets(session, resource, request, response.planned_state)
    if resource.schedule_attribute is None:
        return replace(response, diagnostics=problems)
    if settings.existing_names == "error":
        problems = problems + walk.same_names(request, response.planned_state)
    if response.planned_state is not None:
        problems = problems + _flow_warnings(resource, request, response, walk, session, settings, now)
    return replace(response, diagnostics=problems, planned_private=walk.planned_private(request, response))


def _references(
    session: Session,
    resource: Resource,
    request: PlanResourceChangeRequest,
    response: PlanResourceChangeResponse,
) -> list[Diagnostic]:
    from provider_shim.lifecycle.checks import destination_match, reference_kinds

    planned = response.planned_state
    problems = reference_kinds.wrong_kinds(session, resource, request.prior_state, planned)
    # Another destination or another reference always requires a replacement.
    is_new = request.prior_state is None or response.requires_replace
    if problems or not is_new:
        return problems
    return destination_match.mismatch(session, resource, planned)


async def _datasets(
    session: Session, resource: Resource, request: PlanResourceChangeRequest, planned: Value
) -> list[Diagnostic]:
    from provider_shim.lifecycle.checks import dataset_exports

    return await dataset_exports.check_in_plan(session, resource, request, planned)


def _flow_warnings(
    resource: Resource,
    request: PlanResourceChangeRequest,
    response: PlanResourceChangeResponse,
    walk: Walk,
    session: Session | None,
    settings: PlanSettings,
    now: datetime,
) -> list[Diagnostic]:
    if not walk.shows_warnings(request, response) and not walk.is_unannounced(request):
        return []
    if response.requires_replace:
        # Terraform next requests the plan of the new flow, whose warnings it does not show.
        request = replace(request, prior_state=None, prior_private=response.planned_private)
        response = plan_resource_change(resource, request, settings.disputed_rules)
    planned = response.planned_state
    source = None if session is None else session.known(SOURCE_CONNECTION, planned["source_connection_id"])
    return flow_warnings.flow_warnings(
        request.prior_state,
        planned,
        request.config,
        replaced=walk.replaces(request),
        now=now,
        expiry_days=settings.expiry_warning_days,
        source=source,
    )
