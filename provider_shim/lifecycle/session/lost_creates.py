"""Creates whose response was lost: the search for the object that such a create has made.

Flow Service returns the id in the response only. The object is therefore looked for by what is known about
it: it did not exist before this process created any, this client created it after the request was sent, and
it is as planned. Creates of one kind and name are sent one after the other, so that no other create of this
process can have made it. Another process can, if it uses the same credential and the same names at the same
moment. Only what uses objects that this process has created, or is a flow, is certainly not of another one.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from provider_shim.lifecycle.session.existing_objects import ExistingObject, ExistingObjects
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import UnexpectedResponse, semantically_equal
from provider_shim.schema.patches import operations
from provider_shim.schema.values import Value

_SLACK = 2.0
"""Seconds by which an object may seem older than the request that made it, or newer than its failure: the
service's clock is known from headers with whole seconds."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search has found.

    Attributes:
        found: Objects that the lost create may have made.
        others: Further objects of this client that were created since and that no create of this process
            explains. They show that another process uses the same credential.
        held: Objects of the planned name that this process has created or that are in the state.
        has_own_references: Whether the planned object uses what no other process would use.
    """

    found: list[ExistingObject]
    others: list[ExistingObject]
    held: list[ExistingObject]
    has_own_references: bool

    def is_unclear(self, *, may_be_of_another_process: bool) -> bool:
        """Whether it can't be known which object the create has made.

        `may_be_of_another_process` is True if names are shared on purpose, or if the request was under way
        for so long that another process had time to create the same.
        """
        if len(self.found) > 1:
            return True
        doubtful = bool(self.others) or may_be_of_another_process
        return bool(self.found) and doubtful and not self.has_own_references


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

    def can_have_made(self, found: ExistingObject) -> bool:
        """Return True if an object that did not exist before can be the one of this create."""
        planned = self.planned
        if found.name != planned["name"] or not self._was_under_way(found):
            return False
        try:
            state = json_mapping.from_json(self.resource, found.body, planned)
        except UnexpectedResponse:
            return False
        fixed = [attribute for attribute in self.resource.attributes if attribute.requires_replace]
        return not operations(self.resource, state, planned) and all(
            semantically_equal(each, state[each.name], planned[each.name]) for each in fixed
        )

    def _was_under_way(self, found: ExistingObject) -> bool:
        """Return True if the object may have been created while the request was under way."""
        created_at = found.created_at
        if created_at is None:
            return True
        return self.sent_at - _SLACK <= created_at / 1000 <= self.failed_at + _SLACK


class LostCreates:
    """The creates of this process, and the search for their objects."""

    def __init__(self, objects: ExistingObjects) -> None:
        self._objects = objects
        self._locks: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._in_flight: Counter[tuple[str, str]] = Counter()

    @asynccontextmanager
    async def creating(self, resource: Resource, planned: Value) -> AsyncIterator[None]:
        """Hold back other creates of the same kind and name until the end of the block."""
        key = (resource.collection, planned["name"])
        async with self._locks[key]:
            self._in_flight[key] += 1
            try:
                yield
            finally:
                self._in_flight[key] -= 1

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
            if each.name == lost.planned["name"] and self._objects.is_in_state(each.id)
        ]
        new = ExistingObject(lost.resource, json_mapping.to_json(lost.resource, lost.planned))
        is_flow = lost.resource.schedule_attribute is not None
        own = is_flow or (bool(new.used_ids) and self._objects.created(new.used_ids))
        return Candidates(found, await self._others(lost) if found else [], held, own)

    async def _others(self, lost: LostCreate) -> list[ExistingObject]:
        return [
            each
            for each in await self._objects.all_now()
            if self._objects.is_stray(each)
            and not self._in_flight[each.resource.collection, each.name]
            and each.created_at is not None
            and each.created_at / 1000 >= lost.sent_at - _SLACK
        ]
