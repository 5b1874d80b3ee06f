"""Checks that a connection or flow has the same destination as the entity that it refers to.

Flow Service rejects a mismatch only when the object is created. By then Terraform has destroyed the object to
replace, so the plan already reports the mismatch if this process has read the other entity.
"""

from __future__ import annotations

from provider_shim.client.errors import NotFound
from provider_shim.destinations import BY_CONNECTION_SPEC
from provider_shim.lifecycle.checks import reference_kinds
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
    """Return an error if the planned object and the entity that it refers to have different destinations.

    Returns an error as well if an entity that it refers to is of another kind. Reads the other entities if
    this process has not read them yet.
    """
    problems = await reference_kinds.check_before_create(session, resource, planned)
    if problems:
        return problems
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
            return [to_diagnostic(problem, Operation("find", noun), attribute_path=path(reference.attribute))]
        except EXPECTED_ERRORS as problem:
            return [to_diagnostic(problem, Operation("read", noun))]
    return mismatch(session, resource, planned)


def mismatch(session: Session, resource: Resource, planned: Value) -> list[Diagnostic]:
    """Return an error if the destinations differ, as far as this process has read the other entity.

    Makes no request.
    """
    reference = resource.destination_reference
    if reference is None or not is_given(planned["destination"]):
        return []
    other = session.known(reference.resource, planned[reference.attribute])
    return [] if other is None else _compare(resource, reference, planned, other)


def _compare(
    resource: Resource, reference: DestinationReference, planned: Value, other: JsonObject
) -> list[Diagnostic]:
    destination = BY_CONNECTION_SPEC.get(str(json_mapping.get(other, "connectionSpec.id")))
    if destination is not None and destination.name == planned["destination"]:
        return []
    noun = f"{reference.resource.title} {planned[reference.attribute]}"
    actual = f'is for "{destination.name}"' if destination else "is not for a destination of dataset exports"
    return [
        error(
            f"The {resource.title} and its {reference.resource.title} disagree",
            f'The {resource.title} is for "{planned["destination"]}", but its {noun} {actual}. '
            f"{reference.advice}",
            path(reference.reported_on),
        )
    ]
