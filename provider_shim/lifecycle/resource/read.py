"""Refresh of a state."""

from __future__ import annotations

from dataclasses import replace

from provider_shim.client.entities import Entity
from provider_shim.client.errors import NotFlowService, NotFound
from provider_shim.lifecycle.provider_api import (
    ReadResourceRequest,
    ReadResourceResponse,
)
from provider_shim.lifecycle.session.operation_errors import (
    EXPECTED_ERRORS,
    ExpectedError,
    operation_on,
    reading,
    to_diagnostic,
)
from provider_shim.lifecycle.session.read_deadline import within_deadline
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state import observed
from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import warning
from provider_shim.schema.values import Value


async def read(session: Session, resource: Resource, request: ReadResourceRequest) -> ReadResourceResponse:
    """Return the current state of an object. Errors other than "not found" keep the prior state."""
    prior = request.current_state
    try:
        entity = await within_deadline(session.cancelled, session.refresh(resource, prior["id"]))
        if entity.body.get("state") == observed.DELETING:
            return _removed_response(resource, prior)
        state = json_mapping.from_json(resource, entity.body, prior)
    except (NotFound, NotFlowService) as problem:
        return await _missing_response(session, resource, request, problem)
    except EXPECTED_ERRORS as problem:
        return _failed_response(resource, request, problem)
    private = observed_private_state(resource, state, entity, decode(request.private))
    return ReadResourceResponse(new_state=state, private=private.encode())


def _failed_response(
    resource: Resource, request: ReadResourceRequest, problem: ExpectedError
) -> ReadResourceResponse:
    prior = request.current_state
    diagnostic = to_diagnostic(problem, reading("read", operation_on("read", resource, prior).noun))
    return ReadResourceResponse(new_state=prior, private=request.private, diagnostics=[diagnostic])


async def _missing_response(
    session: Session, resource: Resource, request: ReadResourceRequest, problem: NotFound | NotFlowService
) -> ReadResourceResponse:
    """Remove an object from the state only if a complete listing of its collection confirms that it is gone.

    A wrong route in front of Flow Service answers 404 for every object, and the next apply would create all
    of them a second time. A listing fails then. Flow Service's own 404 is newer than a listing that still has
    the object.
    """
    prior = request.current_state
    try:
        listed = await within_deadline(session.cancelled, session.objects.before(resource))
    except EXPECTED_ERRORS as unlisted:
        return _failed_response(resource, request, unlisted)
    if isinstance(problem, NotFlowService) and prior["id"] in listed:
        return _failed_response(resource, request, problem)
    return _removed_response(resource, prior)


def _removed_response(resource: Resource, prior: Value) -> ReadResourceResponse:
    diagnostic = warning(
        f"The {resource.title} is gone",
        f"{operation_on('read', resource, prior).sentence} no "
        "longer exists in Flow Service and is removed from Terraform's state. If it does exist, an access "
        "label may hide it from this credential: then give the credential access before you apply, or a "
        "second one will be created.",
    )
    return ReadResourceResponse(new_state=None, diagnostics=[diagnostic])


def observed_private_state(
    resource: Resource, state: Value, entity: Entity, private: PrivateState
) -> PrivateState:
    """Return the private data after a read: with the entity's etag and authentication method."""
    private = private.with_etag(entity.etag)
    if private.method is None:
        private = replace(private, method=observed.method_of(resource, state, entity.body))
    return private
