"""Import of an existing object by its id."""

from __future__ import annotations

from provider_shim.client.errors import NotFound
from provider_shim.lifecycle.provider_api import ImportedResource, ImportResourceStateResponse
from provider_shim.lifecycle.resource.read import observed_private_state
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, reading, to_diagnostic
from provider_shim.lifecycle.session.read_deadline import within_deadline
from provider_shim.lifecycle.session.session import Session
from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.lifecycle.state.states import import_stub
from provider_shim.resources.common import UUID
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error


async def import_resource_state(
    session: Session, resource: Resource, identifier: str
) -> ImportResourceStateResponse:
    """Read the object with this id, and return its state. Errors are in the response's diagnostics."""
    about = reading("import", f"the {resource.title} {identifier}")
    start = import_stub(resource, identifier, session.service.sandbox_name)
    try:
        entity = await within_deadline(session.cancelled, session.refresh(resource, identifier))
        state = json_mapping.from_json(resource, entity.body, start)
    except NotFound as problem:
        return ImportResourceStateResponse(diagnostics=[_not_found(resource, identifier, problem)])
    except EXPECTED_ERRORS as problem:
        return ImportResourceStateResponse(diagnostics=[to_diagnostic(problem, about)])
    private = observed_private_state(resource, state, entity, PrivateState(imported=True))
    private = private.with_sandbox(session.service.sandbox_name, session.service.organization_id)
    imported = ImportedResource(type_name=resource.type_name, state=state, private=private.encode())
    return ImportResourceStateResponse(imported_resources=[imported])


def malformed_id(resource: Resource, identifier: str) -> list[Diagnostic]:
    """Return an error if the id of an import is not a UUID. Makes no request."""
    if UUID.holds(identifier):
        return []
    return [
        error(
            "Malformed id",
            f'"{identifier}" is not the id of a {resource.title}: it must {UUID.requirement}. '
            f"For example: terraform import {resource.type_name}.<name> {UUID.example}",
        )
    ]


def _not_found(resource: Resource, identifier: str, problem: NotFound) -> Diagnostic:
    return error(
        f"There is no {resource.title} with this id",
        f"Could not import the {resource.title} {identifier}: {problem}.\n\n{problem.advice}",
    )
