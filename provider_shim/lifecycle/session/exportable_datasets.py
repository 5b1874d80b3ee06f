"""The datasets that the sandbox can export, listed once for each process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping

from provider_shim.client.errors import FlowServiceError
from provider_shim.client.flow_service import FlowService
from provider_shim.schema.json_mapping import JsonObject

_log = logging.getLogger(__name__)


class ExportableDatasets:
    """Looks for datasets in the listing of exportable ones, whose pages are requested as far as necessary."""

    def __init__(self, service: FlowService) -> None:
        self._service = service
        self._lock = asyncio.Lock()
        self._pages: AsyncIterator[JsonObject] | None = None
        self._names: dict[str, str] = {}
        self._is_complete = False
        self._has_failed = False

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the datasets listed so far, by id. They are complete once one was found missing."""
        return self._names

    async def missing(self, identifiers: Iterable[str]) -> set[str]:
        """Return the ids of the datasets that can't be exported.

        Returns none if the datasets can't be listed: that permission is another one than the permission to
        create a source connection, and Flow Service decides then.
        """
        wanted = {*identifiers}
        async with self._lock:
            while wanted - self._names.keys() and not self._is_complete and not self._has_failed:
                await self._read_more(wanted)
        return set() if self._has_failed else wanted - self._names.keys()

    async def _read_more(self, wanted: set[str]) -> None:
        """Read the listing until it has the wanted ids, or ends."""
        if self._pages is None:
            self._pages = self._service.datasets()
        unseen = wanted - self._names.keys()
        self._has_failed = True  # also if this is cancelled, which ends the iterator
        try:
            async for body in self._pages:
                identifier = str(body.get("id"))
                self._names[identifier] = str(body.get("name") or "")
                unseen.discard(identifier)
                if not unseen:
                    break
            else:
                self._is_complete = True
        except FlowServiceError as problem:
            _log.warning("The exportable datasets can't be listed, so they are not checked: %s", problem)
            return
        self._has_failed = False
