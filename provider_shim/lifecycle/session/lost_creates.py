"""Creates whose response was lost: the search for the object that such a create has made.

Flow Service returns the id in the response only. The object is therefore looked for by what is known about
it: it did not exist before this process created any, this client created it after the request was sent, and
it is as planned. Creates of one kind and name are sent one after the other, so that no other create of this
process can have made it. Another process can, if it uses the same credential and the same names at the same
moment.
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
"""Seconds by which an object may seem older than the request that made it: the service's clock is known from
headers with whole seconds."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search has found.

    Attributes:
        found: Objects that the lost create may have made.
        others: Further objects of this client that were created since and that no create of this process
            explains. They show that another process uses the same credential.
        held: Objects of the planned name that this process has created or that are in the state.
    """

    found: list[ExistingObject]
    others: list[ExistingObject]
    held: list[ExistingObject]

    @property
    def is_unclear(self) -> bool:
        """Whether it can't be known which object the create has made."""
        return len(self.found) > 1 or bool(self.found and self.others)


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

    async def search(self, resource: Resource, planned: Value, sent_at: float) -> Candidates:
        """Search for the object of a create that was sent at a time, in seconds since 1970 by the service.

        Raises `FlowServiceError` if the objects can't be listed.
        """
        before = await self._objects.before(resource)
        now = await self._objects.now(resource)
        found = [
            each
            for identifier, each in now.items()
            if identifier not in before
            and self._objects.is_stray(each)
            and _is_since(each, sent_at, if_unknown=True)
            and _is_as_planned(resource, each, planned)
        ]
        held = [
            each
            for each in now.values()
            if each.name == planned["name"] and self._objects.is_in_state(each.id)
        ]
        return Candidates(found, await self._others(sent_at) if found else [], held)

    async def _others(self, sent_at: float) -> list[ExistingObject]:
        return [
            each
            for each in await self._objects.all_now()
            if self._objects.is_stray(each)
            and not self._in_flight[each.resource.collection, each.name]
            and _is_since(each, sent_at, if_unknown=False)
        ]


def _is_since(found: ExistingObject, sent_at: float, *, if_unknown: bool) -> bool:
    created_at = found.created_at
    return if_unknown if created_at is None else created_at / 1000 >= sent_at - _SLACK


def _is_as_planned(resource: Resource, found: ExistingObject, planned: Value) -> bool:
    try:
        state = json_mapping.from_json(resource, found.body, planned)
    except UnexpectedResponse:
        return False
    fixed = [attribute for attribute in resource.attributes if attribute.requires_replace]
    return (
        found.name == planned["name"]
        and not operations(resource, state, planned)
        and all(semantically_equal(each, state[each.name], planned[each.name]) for each in fixed)
    )
