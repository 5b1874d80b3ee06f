"""The objects that Flow Service holds, as far as creates need to know them.

A process lists a collection once before its first create in it. What it did not find then and finds later was
created since.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping

from provider_shim.client.entities import Collection
from provider_shim.client.errors import NotFound
from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.state.stored_object import StoredObject, from_json
from provider_shim.schema.block import Resource
from provider_shim.schema.values import Value

_PAGE = 100


class ExistingObjects:
    """Lists objects, and knows which of them are in Terraform's state.

    Args:
        service: Client of Flow Service.
        resources: The managed resources, by type name.
        in_state: Ids of objects that are in Terraform's state. The provider adds those that Terraform passes.
            In an apply these are the objects that Terraform is about to change, but none that stays as it is.
    """

    def __init__(self, service: FlowService, resources: Mapping[str, Resource], in_state: set[str]) -> None:
        self._service = service
        self._resources = {each.collection: each for each in resources.values() if each.collection}
        self._in_state = in_state
        self._created: set[str] = set()
        self._deleted: Counter[tuple[str, str]] = Counter()
        self._before: dict[str, Mapping[str, StoredObject]] = {}
        self._locks = {collection: asyncio.Lock() for collection in self._resources}

    def mark_created(self, resource: Resource, planned: Value, identifier: str) -> None:
        """Remember that this process has created the object with this id, which is in the state now."""
        self._created.add(identifier)
        self._deleted[resource.collection, planned["name"]] -= 1
        self._in_state.add(identifier)

    def has_created_any(self, identifiers: Iterable[str]) -> bool:
        """Return True if this process has created at least one of the objects with these ids."""
        return not self._created.isdisjoint(identifiers)

    def mark_deleted(self, resource: Resource, state: Value) -> None:
        """Remember that this process has deleted the object of a state."""
        self._deleted[resource.collection, state["name"]] += 1

    def makes_up_for_deleted(self, resource: Resource, planned: Value) -> bool:
        """Return True if this process has deleted more objects of the planned kind and name than created.

        The new object is then the second half of a replacement, and makes none twice.
        """
        return self._deleted[resource.collection, planned["name"]] > 0

    def is_in_state(self, identifier: object) -> bool:
        """Return True if the object with this id is known to be in Terraform's state."""
        return identifier in self._in_state

    def is_stray(self, found: StoredObject) -> bool:
        """Return True if this client created the object and it is not known to be in Terraform's state."""
        return found.created_client == self._service.client_id and not self.is_in_state(found.id)

    async def before(self, resource: Resource) -> Mapping[str, StoredObject]:
        """Return the objects by id that existed before this process created any.

        Raises `FlowServiceError` if the collection can't be listed.
        """
        collection = resource.collection
        async with self._locks[collection]:
            if collection not in self._before:
                self._before[collection] = await self.now(resource)
        return self._before[collection]

    async def now(self, resource: Resource) -> dict[str, StoredObject]:
        """Return the objects by id that exist now. Raises `FlowServiceError`."""
        bodies = self._service.list(
            Collection(resource.collection),
            filters=[resource.list_filter] if resource.list_filter else [],
            limit=_PAGE,
        )
        return {str(body["id"]): from_json(resource, body) async for body in bodies if "id" in body}

    async def all_before(self) -> list[StoredObject]:
        """Return the objects of all resources that existed before. Raises `FlowServiceError`."""
        return [found for each in self._resources.values() for found in (await self.before(each)).values()]

    async def read_again(self, found: StoredObject) -> StoredObject | None:
        """Return the object as it is now, or `None` if it is gone. Raises `FlowServiceError`."""
        try:
            entity = await self._service.read(Collection(found.resource.collection), found.id)
        except NotFound:
            return None
        current = from_json(found.resource, entity.body)
        return None if current.is_being_deleted else current
