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
class _CachedListing:
    """What is known of one collection. `entities` is None before it was listed."""

    asked: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    entities: dict[str, Entity] | None = None
    written: set[str] = field(default_factory=set)


class ListingCache:
    """Reads of objects as they were when this Terraform command began.

    The first read of a collection asks for the object by id; from the second on the collection is listed,
    once, filtered to the kinds that the resource has. What the list does not have, or this process has
    written, is asked for by id.
    """

    def __init__(self, service: FlowService) -> None:
        self._service = service
        self._listings = {collection: _CachedListing() for collection in Collection}

    async def read(self, resource: Resource, identifier: str) -> Entity:
        """The object, perhaps from a list; raises `FlowServiceError`."""
        listing = self._listings[Collection(resource.collection)]
        listing.asked += 1
        if listing.asked > 1 and identifier not in listing.written:
            async with listing.lock:
                if listing.entities is None:
                    listing.entities = await self._listed(resource)
            found = listing.entities.get(identifier)
            if found is not None and identifier not in listing.written:
                return found
        return await self._service.read(Collection(resource.collection), identifier)

    def invalidate(self, resource: Resource, identifier: str) -> None:
        """This process is about to write the object: no list tells the truth about it any more."""
        self._listings[Collection(resource.collection)].written.add(identifier)

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
