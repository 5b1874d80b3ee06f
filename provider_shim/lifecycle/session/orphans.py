"""Orphans: objects that an earlier apply may have created without recording them in the state.

Names are not unique in Flow Service, and it has no idempotency keys. Therefore a process lists a collection
once before its first create in it. An object is a possible orphan if it has the planned name, was created by
the same client, can be updated in place to the planned state, and is not used by a flow; the user decides
what to do with it. After a create whose response was lost, the new object is the one that is not in that
listing, is as planned, and was created by the same client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from provider_shim.client.entities import Collection, WriteResult
from provider_shim.client.errors import FlowServiceError
from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.state import observed
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import JsonObject, UnexpectedResponse, semantically_equal
from provider_shim.schema.patches import operations
from provider_shim.schema.paths import path
from provider_shim.schema.values import Value

_PAGE = 100

CouldBecome = Callable[[Resource, JsonObject, Value, Value], bool]
"""A function that returns True if an object can be updated in place to the planned state. Its arguments are
the resource, the object's JSON, the planned state and the configuration."""


class OrphanFinder:
    """Finds orphans, by the objects that existed before this process created any."""

    def __init__(self, service: FlowService, could_become: CouldBecome) -> None:
        self._service = service
        self._could_become = could_become
        self._before: dict[Collection, Mapping[str, JsonObject]] = {}
        self._locks = {collection: asyncio.Lock() for collection in Collection}
        self._managed: set[str] = set()

    def mark_managed(self, identifier: str) -> None:
        """Mark the object with this id as managed by Terraform."""
        self._managed.add(identifier)

    async def find_orphans(self, resource: Resource, planned: Value, config: Value) -> list[JsonObject]:
        """Return the JSON of the possible orphans for the planned object.

        Objects that would have to be replaced are left out: with `create_before_destroy`, the object that is
        being replaced still exists, and Terraform does not pass its id. Raises `FlowServiceError` if the
        collection can't be listed.
        """
        before = await self._listed(resource)
        candidates = [
            body
            for identifier, body in before.items()
            if identifier not in self._managed
            and body.get("name") == planned["name"]
            and body.get("createdClient") == self._service.client_id
            and self._could_become(resource, body, planned, config)
        ]
        return [
            body
            for body in candidates
            if await self._still_exists(resource, body) and not await self._is_used(resource, body)
        ]

    async def find_lost_create(self, resource: Resource, planned: Value) -> list[WriteResult]:
        """Return the objects that a create whose response was lost may have created.

        Raises `FlowServiceError` if the collection can't be listed.
        """
        before = await self._listed(resource)
        now = await self._list(resource)
        return [
            WriteResult(identifier, etag if isinstance(etag := body.get("etag"), str) else None)
            for identifier, body in now.items()
            if identifier not in before
            and identifier not in self._managed
            and body.get("createdClient") == self._service.client_id
            and _is_as_planned(resource, body, planned)
        ]

    async def _listed(self, resource: Resource) -> Mapping[str, JsonObject]:
        collection = Collection(resource.collection)
        async with self._locks[collection]:
            if collection not in self._before:
                self._before[collection] = await self._list(resource)
        return self._before[collection]

    async def _list(self, resource: Resource) -> dict[str, JsonObject]:
        entities = self._service.list(
            Collection(resource.collection),
            filters=[resource.list_filter] if resource.list_filter else [],
            limit=_PAGE,
        )
        return {str(body["id"]): body async for body in entities if "id" in body}

    async def _is_used(self, resource: Resource, body: JsonObject) -> bool:
        """Return True if a flow refers to the object, whose id is then known to some configuration."""
        if not resource.flows_filter:
            return False
        filters = [resource.flows_filter.format(id=body["id"])]
        try:
            async for _ in self._service.list(Collection.FLOWS, filters=filters, limit=1):
                return True
        except FlowServiceError:
            pass  # Adobe does not document the filter for a base connection, so it may be rejected
        return False

    async def _still_exists(self, resource: Resource, body: JsonObject) -> bool:
        """Read the object again: it may have been deleted since the process listed the collection."""
        try:
            entity = await self._service.read(Collection(resource.collection), str(body["id"]))
        except FlowServiceError:
            return False
        return entity.body.get("state") != observed.DELETING


def _is_as_planned(resource: Resource, body: JsonObject, planned: Value) -> bool:
    try:
        state = json_mapping.from_json(resource, body, planned)
    except UnexpectedResponse:
        return False
    fixed = [attribute for attribute in resource.attributes if attribute.requires_replace]
    return (
        body.get("name") == planned["name"]
        and not operations(resource, state, planned)
        and all(semantically_equal(each, state[each.name], planned[each.name]) for each in fixed)
    )


def orphans_diagnostic(resource: Resource, planned: Value, orphans: list[JsonObject]) -> Diagnostic:
    """Return the error that lets the user import the orphan, delete it, or declare it another object."""
    blocks = "\n\n".join(
        f'  import {{\n    to = {resource.type_name}.<name>\n    id = "{body["id"]}"\n  }}'
        for body in orphans
    )
    return error(
        f"A {resource.title} of this name exists already",
        f'There is a {resource.title} "{planned["name"]}" that was created by the same client and is not '
        "known to belong to this configuration. An interrupted apply may have created it. Import it with an "
        f"import block:\n\n{blocks}\n\nor delete it, or choose another name, or set existing_names = "
        '"ignore" in the provider\'s configuration if your objects share names on purpose.',
        path("name"),
    )


def several_candidates_diagnostic(
    resource: Resource, planned: Value, candidates: list[WriteResult]
) -> Diagnostic:
    """Return the error for a create whose response was lost and whose object is one of several."""
    commands = "\n".join(f"  terraform import {resource.type_name}.<name> {each.id}" for each in candidates)
    return error(
        f"Several {resource.title}s may have been created",
        f'The response to the create of the {resource.title} "{planned["name"]}" was lost, and '
        f"{len(candidates)} new objects match it. Import the right one and delete the others:\n\n{commands}",
    )
