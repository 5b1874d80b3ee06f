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
from provider_shim.schema import durations, json_mapping
from provider_shim.schema.block import Resource
from provider_shim.schema.values import Value

_Answer = TypeVar("_Answer")

_FIRST_WAIT = 0.1
"""Seconds between the first look at something that is changing and the second."""

DEFAULT_TIMEOUT = 600.0
"""Seconds that an operation may take where the resource's `timeouts` says nothing."""


@dataclass(slots=True)
class Session:
    """One provider process's dealings with Flow Service.

    `poll_interval` is seconds between two looks at something that is changing. `cancelled` is set when the
    user presses Ctrl-C. `fail_on_orphans` makes a create stop before an untracked object of its name.
    `connection_specs` are the specs of the target connections, `base_specs` those of the base connections,
    and `datasets` the names of the datasets of the source connections, that this process has seen or made, by
    their ids.
    """

    service: FlowService
    poll_interval: float
    cancelled: asyncio.Event
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    fail_on_orphans: bool = True
    connection_specs: dict[str, str] = field(default_factory=dict)
    base_specs: dict[str, str] = field(default_factory=dict)
    datasets: dict[str, list[str]] = field(default_factory=dict)
    read_cache: ListingCache = field(init=False)
    orphans: OrphanFinder = field(init=False)

    def __post_init__(self) -> None:
        self.read_cache = ListingCache(self.service)
        self.orphans = OrphanFinder(self.service)

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

    def remember(self, resource: Resource, identifier: str, body: json_mapping.JsonObject) -> None:
        """Remember what later checks ask for, so that they need no request of their own."""
        if resource.type_name == "aep_target_connection":
            self.connection_specs[identifier] = str(json_mapping.get(body, "connectionSpec.id"))
        elif resource.type_name == "aep_base_connection":
            self.base_specs[identifier] = str(json_mapping.get(body, "connectionSpec.id"))
        elif resource.type_name == "aep_source_connection":
            found = json_mapping.get(body, "params.datasets")
            listed = found if isinstance(found, list) else []
            self.datasets[identifier] = [str(json_mapping.get(each, "name")) for each in listed]

    async def wait(self, attempt: int = 0) -> None:
        """Let some time pass after so many looks, ever more up to the poll interval: most changes are
        carried out at once. Raises `Cancelled` as soon as the user presses Ctrl-C.
        """
        seconds = min(self.poll_interval, _FIRST_WAIT * 2 ** min(attempt, 16))
        await cancellable(self.cancelled, self.pause(seconds))
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
