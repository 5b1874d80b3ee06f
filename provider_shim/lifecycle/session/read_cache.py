"""A cache of listings, with which a refresh of a hundred objects requests pages instead of single objects."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from provider_shim.client.entities import Collection, Entity
from provider_shim.client.errors import FlowServiceError
from provider_shim.client.flow_service import FlowService
from provider_shim.schema.block import Resource

_PAGE = 100
"""The largest page of Flow Service (OpenAPI 'Flow Service - Destinations', 2024-11-13)."""


@dataclass(slots=True)
class _CachedListing:
    """The listing of one collection.

    Attributes:
        reads: Number of reads so far.
        entities: Entities by id; `None` before the collection was listed.
        written: Ids that this process has written, which are no longer read from `entities`.
    """

    reads: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    entities: dict[str, Entity] | None = None
    written: set[str] = field(default_factory=set)


class ListingCache:
    """Reads objects as they were when this Terraform command started.

    The first read in a collection requests the object by id. The second lists the collection, with the
    resource's `list_filter`; this and later reads take the object from the list. Objects that are not in the
    list, or that this process has written, are requested by id.
    """

    def __init__(self, service: FlowService) -> None:
        self._service = service
        self._listings = {collection: _CachedListing() for collection in Collection}

    async def read(self, resource: Resource, identifier: str) -> Entity:
        """Return the object, possibly from the listing. Raises `FlowServiceError`."""
        listing = self._listings[Collection(resource.collection)]
        listing.reads += 1
        if listing.reads > 1 and identifier not in listing.written:
            async with listing.lock:
                if listing.entities is None:
                    listing.entities = await self._listed(resource)
            entity = listing.entities.get(identifier)
            if entity is not None and identifier not in listing.written:
                return entity
        return await self._service.read(Collection(resource.collection), identifier)

    def invalidate(self, resource: Resource, identifier: str) -> None:
        """Request the object by id from now on, because this process is about to change it."""
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
            return {}  # each object is then requested by id, and the error of that request is reported
        return entities
