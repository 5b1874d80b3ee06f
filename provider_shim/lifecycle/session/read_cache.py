"""One listing for many reads: a refresh of a hundred objects costs pages, not a hundred requests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from provider_shim.client.entities import Collection, Entity
from provider_shim.client.errors import FlowServiceError
from provider_shim.client.flow_service import FlowService
from provider_shim.schema.block import Resource

_PAGE = 100
"""The most that Flow Service lists at once (OpenAPI 'Flow Service - Destinations', 2024-11-13)."""


@dataclass(slots=True)
class _Shelf:
    """What is known of one collection. `entities` is None before it was listed."""

    asked: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    entities: dict[str, Entity] | None = None
    written: set[str] = field(default_factory=set)


class SharedReads:
    """Reads of objects as they were when this Terraform command began.

    The first read of a collection asks for the object by id; from the second on the collection is listed,
    once, filtered to the kinds that the resource has. What the list does not have, or this process has
    written, is asked for by id.
    """

    def __init__(self, service: FlowService) -> None:
        self._service = service
        self._shelves = {collection: _Shelf() for collection in Collection}

    async def read(self, resource: Resource, identifier: str) -> Entity:
        """The object, perhaps from a list; raises `FlowServiceError`."""
        shelf = self._shelves[Collection(resource.collection)]
        shelf.asked += 1
        if shelf.asked > 1 and identifier not in shelf.written:
            async with shelf.lock:
                if shelf.entities is None:
                    shelf.entities = await self._listed(resource)
            found = shelf.entities.get(identifier)
            if found is not None and identifier not in shelf.written:
                return found
        return await self._service.read(Collection(resource.collection), identifier)

    def forget(self, resource: Resource, identifier: str) -> None:
        """This process is about to write the object: no list tells the truth about it any more."""
        self._shelves[Collection(resource.collection)].written.add(identifier)

    async def _listed(self, resource: Resource) -> dict[str, Entity]:
        filters = [resource.list_filter] if resource.list_filter else []
        entities: dict[str, Entity] = {}
        try:
            async for body in self._service.list(
                Collection(resource.collection), filters=filters, limit=_PAGE
            ):
                etag = body.get("etag")
                if isinstance(body.get("id"), str) and isinstance(etag, str):
                    entities[body["id"]] = Entity(body, etag)
        except FlowServiceError:
            return {}  # each object is asked for by id then, and what is wrong is told of that request
        return entities
