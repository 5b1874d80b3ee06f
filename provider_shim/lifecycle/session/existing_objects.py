"""The objects that Flow Service holds, as far as creates need to know them.

A process lists a collection once before its first create in it. What it did not find then and finds later was
created since.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from provider_shim.client.entities import Collection
from provider_shim.client.errors import NotFound
from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.state import observed
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.values import Value

_PAGE = 100

REFERENCES: Mapping[str, tuple[str, ...]] = {
    Collection.FLOWS: ("sourceConnectionIds", "targetConnectionIds"),
    Collection.TARGET_CONNECTIONS: ("baseConnectionId",),
}
"""Keys under which an object of a collection has the ids of the objects that it uses (tutorial "Export
datasets"). The `baseConnectionId` of a source connection is left out: Flow Service makes that connection."""


@dataclass(frozen=True, slots=True)
class ExistingObject:
    """An object in Flow Service: its resource and its JSON."""

    resource: Resource
    body: JsonObject

    @property
    def id(self) -> str:
        """Id assigned by Flow Service."""
        return str(self.body["id"])

    @property
    def name(self) -> str:
        """Name of the object; empty if it has none."""
        return str(self.body.get("name") or "")

    @property
    def created_at(self) -> int | None:
        """Time of the create in milliseconds since 1970, by Flow Service's clock."""
        value = self.body.get("createdAt")
        return value if isinstance(value, int) else None

    @property
    def used_ids(self) -> set[str]:
        """The ids of the objects that this one uses."""
        values = [self.body.get(key) for key in REFERENCES.get(self.resource.collection, ())]
        lists = [value if isinstance(value, list) else [value] for value in values]
        return {each for values in lists for each in values if isinstance(each, str)}

    @property
    def is_being_deleted(self) -> bool:
        """Whether Flow Service is deleting the object."""
        return self.body.get("state") == observed.DELETING


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
        self._before: dict[str, Mapping[str, ExistingObject]] = {}
        self._locks = {collection: asyncio.Lock() for collection in self._resources}

    def mark_created(self, resource: Resource, planned: Value, identifier: str) -> None:
        """Remember that this process has created the object with this id, which is in the state now."""
        self._created.add(identifier)
        self._deleted[resource.collection, planned["name"]] -= 1
        self._in_state.add(identifier)

    def has_created_any(self, identifiers: set[str]) -> bool:
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

    def is_stray(self, found: ExistingObject) -> bool:
        """Return True if this client created the object and it is not known to be in Terraform's state."""
        created_here = found.body.get("createdClient") == self._service.client_id
        return created_here and not self.is_in_state(found.id)

    async def before(self, resource: Resource) -> Mapping[str, ExistingObject]:
        """Return the objects by id that existed before this process created any.

        Raises `FlowServiceError` if the collection can't be listed.
        """
        collection = resource.collection
        async with self._locks[collection]:
            if collection not in self._before:
                self._before[collection] = await self.now(resource)
        return self._before[collection]

    async def now(self, resource: Resource) -> dict[str, ExistingObject]:
        """Return the objects by id that exist now. Raises `FlowServiceError`."""
        bodies = self._service.list(
            Collection(resource.collection),
            filters=[resource.list_filter] if resource.list_filter else [],
            limit=_PAGE,
        )
        return {str(body["id"]): ExistingObject(resource, body) async for body in bodies if "id" in body}

    async def all_before(self) -> list[ExistingObject]:
        """Return the objects of all resources that existed before. Raises `FlowServiceError`."""
        return [found for each in self._resources.values() for found in (await self.before(each)).values()]

    async def read_again(self, found: ExistingObject) -> ExistingObject | None:
        """Return the object as it is now, or `None` if it is gone. Raises `FlowServiceError`."""
        try:
            entity = await self._service.read(Collection(found.resource.collection), found.id)
        except NotFound:
            return None
        current = ExistingObject(found.resource, entity.body)
        return None if current.is_being_deleted else current


def users_of(identifiers: Iterable[str], objects: Iterable[ExistingObject]) -> Iterator[ExistingObject]:
    """Yield the objects that use one of these ids, directly or through another object."""
    wanted = set(identifiers)
    rest = list(objects)
    while users := [each for each in rest if each.used_ids & wanted]:
        yield from users
        rest = [each for each in rest if each not in users]
        wanted = {each.id for each in users}


def used_by(users: Iterable[ExistingObject], objects: Iterable[ExistingObject]) -> Iterator[ExistingObject]:
    """Yield the objects that these use, directly or through another object."""
    rest = list(objects)
    wanted = {identifier for each in users for identifier in each.used_ids}
    while used := [each for each in rest if each.id in wanted]:
        yield from used
        rest = [each for each in rest if each not in used]
        wanted = {identifier for each in used for identifier in each.used_ids}
