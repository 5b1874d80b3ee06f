"""Creates whose response was lost: the search for the object that such a create has made.

Flow Service returns the id in the response only. The object is therefore looked for by what is known about
it: it did not exist before this process created any, this client created it while the request was under way,
and it is as planned. Creates of one kind and name are sent one after the other, so that no other create of
this process can have made it.

Another process can, if it uses the same credential and the same names at the same moment. Nothing that Flow
Service stores tells the two apart, unless the object uses another one that this process has created, which no
other process can know. Only such an object is adopted.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from provider_shim.lifecycle.session.existing_objects import ExistingObjects
from provider_shim.lifecycle.state import json_values
from provider_shim.lifecycle.state.stored_object import StoredObject, planned_object
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import UnexpectedResponse, semantically_equal
from provider_shim.schema.patches import operations
from provider_shim.schema.values import Value

_SLACK = 2.0
"""Seconds by which an object may seem older than the request that made it, or newer than its failure: the
service's clock is known from headers with whole seconds."""


@dataclass(frozen=True, slots=True)
class LostCreate:
    """A create whose response was lost.

    `sent_at` and `failed_at` are the times of the request and of its failure by the service's clock, in
    seconds since 1970.
    """

    resource: Resource
    planned: Value
    sent_at: float
    failed_at: float

    def can_have_made(self, found: StoredObject) -> bool:
        """Return True if an object that did not exist before can be the one of this create."""
        planned = self.planned
        if found.body.get("name") != planned["name"] or not self._was_under_way(found):
            return False
        try:
            state = json_mapping.from_json(self.resource, found.body, planned)
        except UnexpectedResponse:
            return False
        fixed = [attribute for attribute in self.resource.attributes if attribute.requires_replace]
        return not operations(self.resource, state, planned) and all(
            semantically_equal(each, state[each.name], planned[each.name]) for each in fixed
        )

    def _was_under_way(self, found: StoredObject) -> bool:
        """Return True if the object may have been created while the request was under way."""
        created_at = json_values.count(found.body.get("createdAt"))
        if created_at is None:
            return True
        return self.sent_at - _SLACK <= created_at / 1000 <= self.failed_at + _SLACK


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search has found.

    Attributes:
        found: Objects that the lost create may have made.
        held: Objects of the planned name that this process has created or that are in the state.
        are_own: Whether only this process can have made what was found.
    """

    found: list[StoredObject]
    held: list[StoredObject]
    are_own: bool

    @property
    def is_unclear(self) -> bool:
        """Whether it can't be known which object the create has made."""
        return len(self.found) > 1 or bool(self.found and not self.are_own)


class LostCreates:
    """The creates of this process, and the search for their objects."""

    def __init__(self, objects: ExistingObjects) -> None:
        self._objects = objects
        self._locks: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def creating(self, resource: Resource, planned: Value) -> AsyncIterator[None]:
        """Hold back other creates of the same kind and name until the end of the block."""
        async with self._locks[resource.collection, planned["name"]]:
            yield

    async def search(self, lost: LostCreate) -> Candidates:
        """Search for the object of a create. Raises `FlowServiceError` if the objects can't be listed."""
        before = await self._objects.before(lost.resource)
        now = await self._objects.now(lost.resource)
        found = [
            each
            for identifier, each in now.items()
            if identifier not in before and self._objects.is_stray(each) and lost.can_have_made(each)
        ]
        held = [
            each
            for each in now.values()
            if each.body.get("name") == lost.planned["name"] and self._objects.is_in_state(each.id)
        ]
        used = planned_object(lost.resource, lost.planned).references
        return Candidates(found, held, are_own=self._objects.has_created_any(used))
