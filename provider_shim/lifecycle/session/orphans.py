"""Objects that look like one that is to be made: so that no object is made twice, or made and forgotten.

Names are not unique for Flow Service, and it has no idempotency keys. So before its first create in a
collection, a process lists the collection once. An object of the same name, made by the same client, that
could become what is planned, and that no flow refers to, may be what an earlier apply made and could not
record, and the user decides. And where the answer to a create was lost, what has come up since that listing,
is as it was asked for and made by the same client, is ours.
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
"""Whether an object could become what is planned without being replaced: from the resource, the object's JSON,
the planned state and the configuration."""


class OrphanFinder:
    """What this process knows of the objects that were there before it made any."""

    def __init__(self, service: FlowService, could_become: CouldBecome) -> None:
        self._service = service
        self._could_become = could_become
        self._before: dict[Collection, Mapping[str, JsonObject]] = {}
        self._locks = {collection: asyncio.Lock() for collection in Collection}
        self._managed: set[str] = set()

    def mark_managed(self, identifier: str) -> None:
        """This object is in Terraform's state, or was just made for it: it is nobody's forgotten one."""
        self._managed.add(identifier)

    async def find_orphans(self, resource: Resource, planned: Value, config: Value) -> list[JsonObject]:
        """The objects that an earlier apply of this configuration may have made and could not record.

        One that would have to be replaced to become what is planned is not among them: it is the one that is
        being replaced, of which Terraform tells nothing while it creates before it destroys. Raises
        `FlowServiceError` where the collection can't be listed.
        """
        before = await self._listed(resource)
        suspects = [
            body
            for identifier, body in before.items()
            if identifier not in self._managed
            and body.get("name") == planned["name"]
            and body.get("createdClient") == self._service.client_id
            and self._could_become(resource, body, planned, config)
        ]
        return [
            body
            for body in suspects
            if await self._still_there(resource, body) and not await self._is_used(resource, body)
        ]

    async def find_lost_create(self, resource: Resource, planned: Value) -> list[WriteResult]:
        """What a create has made whose answer was lost. Raises `FlowServiceError`."""
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
        found = self._service.list(
            Collection(resource.collection),
            filters=[resource.list_filter] if resource.list_filter else [],
            limit=_PAGE,
        )
        return {str(body["id"]): body async for body in found if "id" in body}

    async def _is_used(self, resource: Resource, body: JsonObject) -> bool:
        """Whether a flow refers to the object: then somebody knows its id, and it was not forgotten."""
        if not resource.flows_filter:
            return False
        filters = [resource.flows_filter.format(id=body["id"])]
        try:
            async for _ in self._service.list(Collection.FLOWS, filters=filters, limit=1):
                return True
        except FlowServiceError:
            pass  # the filter on a base connection is known by analogy only; its refusal tells nothing
        return False

    async def _still_there(self, resource: Resource, body: JsonObject) -> bool:
        """The listing is as old as the process: a replaced object may be gone by now."""
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


def orphans_diagnostic(resource: Resource, planned: Value, found: list[JsonObject]) -> Diagnostic:
    """The error that lets the user choose: take the object over, remove it, or say that it is another one."""
    blocks = "\n\n".join(
        f'  import {{\n    to = {resource.type_name}.<name>\n    id = "{body["id"]}"\n  }}' for body in found
    )
    return error(
        f"A {resource.title} of this name exists already",
        f'There is a {resource.title} "{planned["name"]}" that this client has made and that is not known '
        "to belong to this configuration. An apply that was interrupted may have made it. Take it over with "
        f"an import block:\n\n{blocks}\n\nor delete it, or choose another name, or set existing_names = "
        '"ignore" in the provider\'s configuration if objects of yours share their names on purpose.',
        path("name"),
    )


def several_candidates_diagnostic(resource: Resource, planned: Value, found: list[WriteResult]) -> Diagnostic:
    """The error where a lost create can't be told from others of the same kind."""
    commands = "\n".join(f"  terraform import {resource.type_name}.<name> {each.id}" for each in found)
    return error(
        f"Which {resource.title} is it?",
        f'The answer to the create of the {resource.title} "{planned["name"]}" was lost, and {len(found)} '
        f"objects have come up that look like it. Import the right one and delete the others:\n\n{commands}",
    )
