"""Checks that a connection or flow has the same destination as the entity that it refers to.

Flow Service refuses a mismatch only when the object is created. By then Terraform has destroyed what it
replaces, so the plan reports it where this process has read the other entity.
"""

from __future__ import annotations

from provider_shim.client.errors import NotFound
from provider_shim.destinations import BY_CONNECTION_SPEC
from provider_shim.lifecycle.session.operation_errors import EXPECTED_ERRORS, Operation, to_diagnostic
from provider_shim.lifecycle.session.session import Session
from provider_shim.schema import json_mapping
from provider_shim.schema.block import DestinationReference, Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.paths import path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import Value


async def check_before_create(session: Session, resource: Resource, planned: Value) -> list[Diagnostic]:
    """Return the mismatch of an object that is about to be created.

    Makes a request only where the description asks for it and this process has not seen the other entity.
    """
    reference = resource.destination_reference
    if reference is None:
        return []
    identifier = planned[reference.attribute]
    if (
        reference.read_if_unknown
        and is_given(identifier)
        and not session.known(reference.resource, identifier)
    ):
        noun = f"the {resource.title}'s {reference.resource.title} {identifier}"
        try:
            await session.read(reference.resource, identifier)
        except NotFound as problem:
            return [to_diagnostic(problem, Operation("find", noun), place=path(reference.attribute))]
        except EXPECTED_ERRORS as problem:
            return [to_diagnostic(problem, Operation("read", noun))]
    return mismatch(session, resource, planned)


def mismatch(session: Session, resource: Resource, planned: Value) -> list[Diagnostic]:
    """Return the mismatch as far as this process has seen the other entity. Makes no request."""
    reference = resource.destination_reference
    if reference is None or not is_given(planned["destination"]):
        return []
    other = session.known(reference.resource, planned[reference.attribute])
    return [] if other is None else _compare(resource, reference, planned, other)


def _compare(
    resource: Resource, reference: DestinationReference, planned: Value, other: JsonObject
) -> list[Diagnostic]:
    found = BY_CONNECTION_SPEC.get(str(json_mapping.get(other, "connectionSpec.id")))
    if found is not None and found.name == planned["destination"]:
        return []
    noun = f"{reference.resource.title} {planned[reference.attribute]}"
    actual = f'is for "{found.name}"' if found else "is for none of the destinations of dataset exports"
    return [
        error(
            f"The {resource.title} and its {reference.resource.title} disagree",
            f'The {resource.title} is for "{planned["destination"]}", but its {noun} {actual}. '
            f"{reference.advice}",
            path(reference.reported_on),
        )
    ]
