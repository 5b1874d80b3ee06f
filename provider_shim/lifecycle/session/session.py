"""The session with Flow Service, which all operations share."""

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
from provider_shim.lifecycle.session.existing_objects import ExistingObjects
from provider_shim.lifecycle.session.exportable_datasets import ExportableDatasets
from provider_shim.lifecycle.session.lost_creates import LostCreates
from provider_shim.lifecycle.session.orphans import CouldBecome, OrphanFinder
from provider_shim.lifecycle.session.read_cache import ListingCache
from provider_shim.schema.block import Resource
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.scalars import durations
from provider_shim.schema.values import Value

_Result = TypeVar("_Result")

_FIRST_WAIT = 0.1
"""Seconds between the first and the second read of an object that is changing."""

DEFAULT_TIMEOUT = 600.0
"""Seconds that an operation may take if the resource's `timeouts` does not set it."""


@dataclass(slots=True)
class Session:
    """The session of one provider process with Flow Service.

    Attributes:
        service: Client of Flow Service.
        poll_interval: Longest time between two reads of an object that is changing, in seconds.
        cancelled: Is set when the user presses Ctrl-C.
        objects: The objects that Flow Service holds, as far as creates need to know them.
        could_become: Whether an existing object can be updated in place to a planned state.
        sleep: Waits for a number of seconds.
        fail_on_orphans: Let a create fail if `orphans` finds a possible orphan.
        orphans: Finds objects that an earlier apply may have created.
        lost_creates: The creates of this process, and the search for one whose response was lost.
        read_cache: Listings from which `refresh` reads, for imports too.
        datasets: Datasets that the sandbox can export.
        replaced_datasets: Ids of the datasets of source connections that this process deletes, by name.
    """

    service: FlowService
    poll_interval: float
    cancelled: asyncio.Event
    objects: ExistingObjects
    could_become: CouldBecome
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    fail_on_orphans: bool = True
    orphans: OrphanFinder = field(init=False)
    lost_creates: LostCreates = field(init=False)
    read_cache: ListingCache = field(init=False)
    datasets: ExportableDatasets = field(init=False)
    replaced_datasets: dict[str, frozenset[str]] = field(default_factory=dict)
    _known: dict[tuple[str, str], JsonObject] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.orphans = OrphanFinder(self.objects, self.could_become)
        self.lost_creates = LostCreates(self.objects)
        self.read_cache = ListingCache(self.service)
        self.datasets = ExportableDatasets(self.service)

    async def refresh(self, resource: Resource, identifier: str) -> Entity:
        """Return an entity as it was when this command started, or later. Raises `FlowServiceError`."""
        entity = await cancellable(self.cancelled, self.read_cache.read(resource, identifier))
        self.remember(resource, identifier, entity.body)
        return entity

    async def read(self, resource: Resource, identifier: str) -> Entity:
        """Return an entity as it is now. Raises `FlowServiceError`."""
        self.read_cache.invalidate(resource, identifier)  # it is read now because it is changing
        request = self.service.read(Collection(resource.collection), identifier)
        entity = await cancellable(self.cancelled, request)
        self.remember(resource, identifier, entity.body)
        return entity

    def remember(self, resource: Resource, identifier: str, body: JsonObject) -> None:
        """Remember an entity's JSON, so that later checks need no request of their own."""
        self._known[resource.collection, identifier] = body

    def known(self, resource: Resource, identifier: Value) -> JsonObject | None:
        """Return the JSON of an entity that this process has read or written, or `None` for any other."""
        return self._known.get((resource.collection, identifier)) if isinstance(identifier, str) else None

    async def wait(self, attempt: int = 0) -> None:
        """Sleep with exponential backoff, capped at the poll interval. `attempt` counts from 0.

        Raises `Cancelled` as soon as the user presses Ctrl-C.
        """
        seconds = min(self.poll_interval, _FIRST_WAIT * 2 ** min(attempt, 16))
        await cancellable(self.cancelled, self.sleep(seconds))
        if self.cancelled.is_set():
            raise Cancelled

    async def retry_while_busy(self, send: Callable[[], Awaitable[_Result]]) -> _Result:
        """Repeat a request while Flow Service rejects it because of the object's state."""
        for attempt in itertools.count():
            try:
                return await send()
            except Busy:
                await self.wait(attempt)
        raise AssertionError("counting never ends")

    async def read_until_stable(self, resource: Resource, identifier: str) -> Entity:
        """Read an entity until it is in one of the resource's `stable_states`."""
        for attempt in itertools.count():
            entity = await self.read(resource, identifier)
            state = entity.body.get("state")
            if not resource.stable_states or state is None or state in resource.stable_states:
                return entity
            await self.wait(attempt)
        raise AssertionError("counting never ends")


def timeout_of(state: Value, operation: str, default: float = DEFAULT_TIMEOUT) -> float:
    """Return the seconds that an operation may take, from the resource's `timeouts` or the default."""
    given = (state.get("timeouts") or {}).get(operation)
    try:
        return durations.parse(given) if given else default
    except ValueError:
        return default  # only in a state edited by hand or a damaged plan; a configuration is validated
