"""Deletion of an object. Flow Service deletes asynchronously, so this waits until the object is gone."""

from __future__ import annotations

import asyncio
import itertools

from provider_shim.client.entities import Collection
from provider_shim.client.errors import Busy, FlowServiceError, InUse, NotFound
from provider_shim.lifecycle.checks import deletion_protection
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
"""Number of attempts to delete an object that is in use although no existing flow uses it: Flow Service
counts a flow as a use for some time after it was deleted."""


async def delete(
    session: Session, resource: Resource, request: ApplyResourceChangeRequest
) -> ApplyResourceChangeResponse:
    """Delete the object. One that is gone already counts as deleted. In case of errors the state is kept.

    A protected object is an error here too: with -replace, taint and replace_triggered_by the plan does not
    show the provider that the object will be destroyed.
    """
    prior = request.prior_state
    way_out = (
        f" If it is the old object of a replacement whose new one exists already, `flowbridge delete "
        f"{prior['id']}` deletes it; then apply again."
    )
    protected = deletion_protection.check_destroy(resource, prior, hint=way_out)
    if protected:
        return ApplyResourceChangeResponse(
            new_state=prior, private=request.planned_private, diagnostics=protected
        )
    try:
        async with asyncio.timeout(timeout_of(prior, "delete")):
            await _request_deletion(session, resource, prior["id"])
            await _until_gone(session, resource, prior["id"])
    except NotFound:
        session.objects.mark_deleted(resource, prior)
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
                return  # another client is deleting it
        await session.wait(attempt)


async def _until_gone(session: Session, resource: Resource, identifier: str) -> None:
    for attempt in itertools.count():
        await session.read(resource, identifier)
        await session.wait(attempt)


async def _live_flows(session: Session, resource: Resource, identifier: str) -> list[str]:
    """Return the ids of the flows that use the object and are not being deleted."""
    if not resource.flows_filter:
        return []
    flows = session.service.list(
        Collection.FLOWS, filters=[resource.flows_filter.format(id=identifier)], limit=20
    )
    try:
        return [str(flow["id"]) async for flow in flows if flow.get("state") in ("enabled", "disabled")]
    except FlowServiceError:
        return []  # Adobe does not document the filter for a base connection, so it may be rejected


async def _usage_hint(session: Session, resource: Resource, identifier: str) -> str:
    flows = await _live_flows(session, resource, identifier)
    replaced = (
        f"If Terraform replaces the {resource.title}, add this to its resource, so that the flow is updated "
        "to the new one before the old one is deleted:\n\n"
        "  lifecycle {\n    create_before_destroy = true\n  }"
    )
    if not flows:
        return replaced
    unknown = [flow for flow in flows if not session.objects.is_in_state(flow)]
    commands = "\n".join(f"  terraform state list -id={flow}\n  flowbridge delete {flow}" for flow in unknown)
    left = (
        "\n\nAn interrupted apply may have left a flow. If the first command prints nothing, the state does "
        f"not have the flow, and the second deletes it:\n\n{commands}"
    )
    used = f"It is used by the flow{'s' * (len(flows) > 1)} {', '.join(flows)}. {replaced}"
    return used + (left if unknown else "")
