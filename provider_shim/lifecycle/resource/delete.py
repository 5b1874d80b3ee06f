"""Deleting an entity, and waiting until it is gone: Flow Service answers before it has done it."""

from __future__ import annotations

import asyncio
import itertools

from provider_shim.client.entities import Collection
from provider_shim.client.errors import Busy, FlowServiceError, InUse, NotFound
from provider_shim.lifecycle.provider_api import ApplyResourceChangeRequest, ApplyResourceChangeResponse
from provider_shim.lifecycle.session.operation_errors import (
    EXPECTED_ERRORS,
    Operation,
    operation_on,
    to_diagnostic,
)
from provider_shim.lifecycle.session.session import Session, timeout_of
from provider_shim.lifecycle.state.observed import DELETING
from provider_shim.schema.block import Resource

_IN_USE_ATTEMPTS = 5
"""How often an entity that is still in use is tried again where no live flow explains the use: a flow that
was just deleted counts as a use for a while."""


async def delete(
    session: Session, resource: Resource, request: ApplyResourceChangeRequest
) -> ApplyResourceChangeResponse:
    """Delete the entity; what is gone already was deleted. On failure the state stays as it is."""
    prior = request.prior_state
    session.orphans.mark_managed(prior["id"])
    try:
        async with asyncio.timeout(timeout_of(prior, "delete")):
            await _request_deletion(session, resource, prior["id"])
            await _until_gone(session, resource, prior["id"])
    except NotFound:
        pass
    except InUse as problem:
        about = operation_on("delete", resource, prior)
        hint = await _usage_hint(session, resource, prior["id"])
        diagnostic = to_diagnostic(problem, Operation(about.verb, about.noun, hint))
        return ApplyResourceChangeResponse(
            new_state=prior, private=request.planned_private, diagnostics=[diagnostic]
        )
    except EXPECTED_ERRORS as problem:
        diagnostic = to_diagnostic(problem, operation_on("delete", resource, prior))
        return ApplyResourceChangeResponse(
            new_state=prior, private=request.planned_private, diagnostics=[diagnostic]
        )
    return ApplyResourceChangeResponse(new_state=None)


async def _request_deletion(session: Session, resource: Resource, identifier: str) -> None:
    for attempt in itertools.count():
        try:
            await session.service.delete(Collection(resource.collection), identifier)
            return
        except InUse:
            if attempt + 1 >= _IN_USE_ATTEMPTS or await _live_flows(session, resource, identifier):
                raise
        except Busy:
            entity = await session.read(resource, identifier)
            if entity.body.get("state") == DELETING:
                return  # somebody else's delete is under way
        await session.wait(attempt)


async def _until_gone(session: Session, resource: Resource, identifier: str) -> None:
    for attempt in itertools.count():
        await session.read(resource, identifier)
        await session.wait(attempt)


async def _live_flows(session: Session, resource: Resource, identifier: str) -> list[str]:
    """The ids of the flows that use the entity and are not about to be gone."""
    if not resource.flows_filter:
        return []
    found = session.service.list(
        Collection.FLOWS, filters=[resource.flows_filter.format(id=identifier)], limit=20
    )
    try:
        return [str(flow["id"]) async for flow in found if flow.get("state") in ("enabled", "disabled")]
    except FlowServiceError:
        return []  # the filter on a base connection is known by analogy only; its refusal tells nothing


async def _usage_hint(session: Session, resource: Resource, identifier: str) -> str:
    flows = await _live_flows(session, resource, identifier)
    used = f"It is used by the flow{'s' * (len(flows) > 1)} {', '.join(flows)}. " if flows else ""
    return (
        f"{used}Where Terraform replaces the {resource.title}, add this to its resource, so that the flow is "
        "pointed to the new one before the old one goes:\n\n"
        "  lifecycle {\n    create_before_destroy = true\n  }"
    )
