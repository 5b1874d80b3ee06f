"""Checks that an id which refers to another object is the id of an object of the right kind.

All ids of Flow Service look alike, so an id of a source connection where that of a target connection belongs
passes validation, and Flow Service rejects it only when the flow is created, after the other objects were.
"""

from __future__ import annotations

from collections.abc import Iterator

from provider_shim.client.entities import Collection
from provider_shim.client.errors import FlowServiceError, NotFound
from provider_shim.lifecycle.session.cancellation import Cancelled
from provider_shim.lifecycle.session.operation_errors import Operation, to_diagnostic
from provider_shim.lifecycle.session.session import Session
from provider_shim.resources import CATALOGUE
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.paths import path
from provider_shim.schema.rules import is_given
from provider_shim.schema.values import Value

_KINDS = tuple(each for each in CATALOGUE.resources.values() if each.collection)


def wrong_kinds(session: Session, resource: Resource, prior: Value, planned: Value) -> list[Diagnostic]:
    """Return an error for each new reference to an object that this process knows to be of another kind.

    Makes no request.
    """
    return [
        _wrong_kind(session, resource, planned, name, *found)
        for name, identifier in _references(resource, planned)
        if prior is None or prior[name] != identifier
        if (found := _known_as_another(session, resource.references[name], identifier)) is not None
    ]


async def check_before_create(session: Session, resource: Resource, planned: Value) -> list[Diagnostic]:
    """Return an error for each reference of a planned object to an object of another kind.

    Reads the objects that this process has not read yet. An object that is not found in any collection is
    left to Flow Service, which may know more than this client can see.
    """
    for name, identifier in _references(resource, planned):
        expected = resource.references[name]
        if session.known(expected, identifier) or _known_as_another(session, expected, identifier):
            continue
        try:
            await _read(session, expected, identifier)
        except Cancelled as problem:
            about = Operation("read", f"the {resource.title}'s {expected.title} {identifier}")
            return [to_diagnostic(problem, about)]
    return wrong_kinds(session, resource, None, planned)


def _references(resource: Resource, planned: Value) -> Iterator[tuple[str, str]]:
    """Yield the names of the attributes that refer to other objects, with the ids that are known."""
    for name in resource.references:
        if is_given(planned[name]):
            yield name, planned[name]


async def _read(session: Session, expected: Resource, identifier: str) -> None:
    """Let the session know the object, as the kind that it has. Raises `Cancelled`."""
    try:
        await session.read(expected, identifier)
    except NotFound:
        for kind in _KINDS:
            if kind is not expected and await _exists(session, kind, identifier):
                return
    except FlowServiceError:
        return  # the create makes the same request again, and reports the error


async def _exists(session: Session, kind: Resource, identifier: str) -> bool:
    try:
        await session.read(kind, identifier)
    except FlowServiceError:
        return False
    return True


def _known_as_another(
    session: Session, expected: Resource, identifier: str
) -> tuple[Resource, JsonObject] | None:
    """Return the kind and the JSON of an object that this process has read as another kind than expected."""
    if session.known(expected, identifier) is not None:
        return None
    for kind in _KINDS:
        body = session.known(kind, identifier)
        if body is not None and Collection(kind.collection) is not Collection(expected.collection):
            return kind, body
    return None


def _wrong_kind(
    session: Session, resource: Resource, planned: Value, name: str, kind: Resource, body: JsonObject
) -> Diagnostic:
    expected = resource.references[name]
    swapped = [
        other
        for other, identifier in _references(resource, planned)
        if resource.references[other] is kind and session.known(expected, identifier) is not None
    ]
    advice = (
        f"{name} and {swapped[0]} are swapped."
        if swapped
        else f"Set it to the id of a {expected.title}, such as {expected.type_name}.<name>.id."
    )
    called = f' "{body["name"]}"' if isinstance(body.get("name"), str) else ""
    return error(
        f"Not the id of a {expected.title}",
        f'{name} is "{planned[name]}", which is the id of the {kind.title}{called}. {advice}',
        path(name),
    )
