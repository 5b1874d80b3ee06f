"""A cache of listings, with which reads of a hundred objects request pages instead of single objects."""

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
        first: Id of the first object that was read.
        lock: Is held while the collection is listed, so that this happens once.
        entities: Entities by id, as far as they were read.
        is_listed: Whether the collection was listed.
        written: Ids that this process has written, which are no longer read from `entities`.
    """

    first: str | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    entities: dict[str, Entity] = field(default_factory=dict)
    is_listed: bool = False
    written: set[str] = field(default_factory=set)


class ListingCache:
    """Reads objects as they were when this Terraform command started.

    The first read in a collection requests the object by id, and another read of it, such as the refresh
    after an import, takes what that returned. The first read of another object lists the collection, with the
    resource's `list_filter`; this and later reads take the object from the list. Objects that are not in the
    list, or that this process has written, are requested by id.
    """

    def __init__(self, service: FlowService) -> None:
        self._service = service
        self._listings = {collection: _CachedListing() for collection in Collection}

    async def read(self, resource: Resource, identifier: str) -> Entity:
        """Return the object, possibly from the listing. Raises `FlowServiceError`."""
        listing = self._listings[Collection(resource.collection)]
        listing.first = listing.first or identifier
        if identifier != listing.first and identifier not in listing.written:
            async with listing.lock:
                if not listing.is_listed:
                    listing.entities |= await self._listed(resource)
                    listing.is_listed = True
        entity = listing.entities.get(identifier)
        if entity is None or identifier in listing.written:
            entity = await self._service.read(Collection(resource.collection), identifier)
            if identifier == listing.first:
                listing.entities[identifier] = entity
        return entity

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
