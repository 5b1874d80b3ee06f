"""Looking at an entity, to refresh a state or to import it."""

from __future__ import annotations

from dataclasses import replace

from provider_shim.client.entities import Entity
from provider_shim.client.errors import NotFound
from provider_shim.lifecycle.provider_api import (
    ImportedResource,
    ImportResourceStateResponse,
    ReadResourceRequest,
    ReadResourceResponse,
)
from provider_shim.lifecycle.session.operation_errors import PROBLEMS, Subject, explain, subject
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state import observed
from provider_shim.lifecycle.state.private_state import Private, decode
from provider_shim.lifecycle.state.states import blank
from provider_shim.resources.common import UUID
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error, warning
from provider_shim.schema.values import Value


async def read(session: Session, resource: Resource, request: ReadResourceRequest) -> ReadResourceResponse:
    """The state as it is now. Only an object that is truly gone leaves it."""
    prior = request.current_state
    try:
        entity = await session.refresh(resource, prior["id"])
        if entity.body.get("state") == observed.DELETING:
            return _gone(resource, prior)
        state = json_mapping.from_json(resource, entity.body, prior)
    except NotFound:
        return _gone(resource, prior)
    except PROBLEMS as problem:
        told = explain(problem, subject("read", resource, prior))
        return ReadResourceResponse(new_state=prior, private=request.private, diagnostics=[told])
    private = _observed(resource, state, entity, decode(request.private))
    return ReadResourceResponse(new_state=state, private=private.encode())


def _gone(resource: Resource, prior: Value) -> ReadResourceResponse:
    told = warning(
        f"The {resource.title} is gone",
        f"{subject('read', resource, prior).sentence} no "
        "longer exists in Flow Service and leaves Terraform's state. If it does exist, an access label may "
        "hide it from this credential: then give the credential access before you apply, or a second one "
        "will be made.",
    )
    return ReadResourceResponse(new_state=None, diagnostics=[told])


def _observed(resource: Resource, state: Value, entity: Entity, private: Private) -> Private:
    private = private.seen(entity.etag)
    if private.method is None:
        private = replace(private, method=observed.method_of(resource, state, entity.body))
    return private


async def import_resource_state(
    session: Session, resource: Resource, identifier: str
) -> ImportResourceStateResponse:
    """Take an existing object, found by id, under Terraform's management."""
    about = Subject("import", f"the {resource.title} {identifier}")
    start = blank(resource, identifier)
    try:
        entity = await session.read(resource, identifier)
        state = json_mapping.from_json(resource, entity.body, start)
    except NotFound as problem:
        return ImportResourceStateResponse(diagnostics=[_not_there(resource, identifier, problem)])
    except PROBLEMS as problem:
        return ImportResourceStateResponse(diagnostics=[explain(problem, about)])
    private = _observed(resource, state, entity, Private(imported=True))
    imported = ImportedResource(type_name=resource.type_name, state=state, private=private.encode())
    return ImportResourceStateResponse(imported_resources=[imported])


def malformed_id(resource: Resource, identifier: str) -> list[Diagnostic]:
    """What is wrong with the id given to an import, before anything is asked."""
    if UUID.holds(identifier):
        return []
    return [
        error(
            "Malformed id",
            f'"{identifier}" is not the id of a {resource.title}: it must {UUID.says}. '
            f"For example: terraform import {resource.type_name}.<name> {UUID.example}",
        )
    ]


def _not_there(resource: Resource, identifier: str, problem: NotFound) -> Diagnostic:
    return error(
        f"There is no {resource.title} with this id",
        f"Could not import the {resource.title} {identifier}: {problem}.\n\n{problem.advice}",
    )
