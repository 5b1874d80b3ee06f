"""What every operation on Flow Service works with."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from provider_shim.client.entities import Collection, Entity
from provider_shim.client.errors import Busy
from provider_shim.client.flow_service import FlowService
from provider_shim.lifecycle.session.cancellation import Cancelled, cancellable
from provider_shim.lifecycle.session.orphans import OrphanFinder
from provider_shim.lifecycle.session.read_cache import ListingCache
from provider_shim.schema import durations
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.values import Value

_Answer = TypeVar("_Answer")

_FIRST_WAIT = 0.1
"""Seconds between the first look at something that is changing and the second."""

DEFAULT_TIMEOUT = 600.0
"""Seconds that an operation may take where the resource's `timeouts` says nothing."""


@dataclass(slots=True)
class Session:
    """The dealings of one provider process with Flow Service.

    `poll_interval` is the longest time between two reads of something that is changing, in seconds.
    `cancelled` is set when the user presses Ctrl-C. `fail_on_orphans` makes a create fail where `orphans` finds
    an unmanaged object of the same name.
    """

    service: FlowService
    poll_interval: float
    cancelled: asyncio.Event
    orphans: OrphanFinder
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    fail_on_orphans: bool = True
    read_cache: ListingCache = field(init=False)
    _known: dict[tuple[str, str], JsonObject] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.read_cache = ListingCache(self.service)

    async def refresh(self, resource: Resource, identifier: str) -> Entity:
        """An entity as it was during this command, perhaps from a list; raises `FlowServiceError`."""
        entity = await cancellable(self.cancelled, self.read_cache.read(resource, identifier))
        self.remember(resource, identifier, entity.body)
        return entity

    async def read(self, resource: Resource, identifier: str) -> Entity:
        """An entity as it is now; raises `FlowServiceError`."""
        self.read_cache.invalidate(resource, identifier)  # it is read now because it is changing
        asked = self.service.read(Collection(resource.collection), identifier)
        entity = await cancellable(self.cancelled, asked)
        self.remember(resource, identifier, entity.body)
        return entity

    def remember(self, resource: Resource, identifier: str, body: JsonObject) -> None:
        """Remember an entity's JSON, so that later checks need no request of their own."""
        self._known[resource.collection, identifier] = body

    def known(self, resource: Resource, identifier: Value) -> JsonObject | None:
        """Return the JSON of an entity that this process has read or written; `None` for any other."""
        return self._known.get((resource.collection, identifier)) if isinstance(identifier, str) else None

    async def wait(self, attempt: int = 0) -> None:
        """Let some time pass after so many looks, ever more up to the poll interval: most changes are
        carried out at once. Raises `Cancelled` as soon as the user presses Ctrl-C.
        """
        seconds = min(self.poll_interval, _FIRST_WAIT * 2 ** min(attempt, 16))
        await cancellable(self.cancelled, self.sleep(seconds))
        if self.cancelled.is_set():
            raise Cancelled

    async def retry_while_busy(self, call: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Repeat a call for as long as the object is in a state that forbids it."""
        for attempt in itertools.count():
            try:
                return await call()
            except Busy:
                await self.wait(attempt)
        raise AssertionError("counting never ends")

    async def read_until_stable(self, resource: Resource, identifier: str) -> Entity:
        """Read an entity until the change under way in it has been carried out."""
        for attempt in itertools.count():
            entity = await self.read(resource, identifier)
            state = entity.body.get("state")
            if not resource.stable_states or state is None or state in resource.stable_states:
                return entity
            await self.wait(attempt)
        raise AssertionError("counting never ends")


def timeout_of(state: Value, operation: str) -> float:
    """Seconds that the resource's `timeouts` gives an operation."""
    given = (state.get("timeouts") or {}).get(operation)
    try:
        return durations.parse(given) if given else DEFAULT_TIMEOUT
    except ValueError:
        return DEFAULT_TIMEOUT  # of a state written by hand; the configuration's own rule tells of new ones
