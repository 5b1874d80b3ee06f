"""The list of sandboxes, by Adobe's sandbox management API ("Sandboxes endpoint", `GET /sandboxes`)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from provider_shim.client import paging, responses
from provider_shim.client.errors import FlowServiceError, SandboxNotFound, VisibleSandboxes
from provider_shim.client.http.http_session import RequestSpec, Response

SANDBOXES_PATH = "/data/foundation/sandbox-management"
_LIMIT = 100
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,255}")
"""A name that a message can quote. Adobe's names are all lower case (OpenAPI 'Flow Service - Destinations',
2024-11-13, on `x-sandbox-name`); a response with others is not quoted."""


class SandboxDirectory:
    """Lists the sandboxes once, when a request has failed because its sandbox does not exist."""

    def __init__(self, endpoint: str, send: Callable[[RequestSpec], Awaitable[Response]]) -> None:
        self._base = endpoint.rstrip("/") + SANDBOXES_PATH
        self._send = send
        self._lock = asyncio.Lock()
        self._is_listed = False
        self._visible: VisibleSandboxes | None = None

    async def add_visible(self, error: SandboxNotFound) -> SandboxNotFound:
        """Return the error with the visible sandboxes, or without them if they can't be listed."""
        async with self._lock:
            if not self._is_listed:
                self._is_listed = True
                self._visible = await self._list()
        error.visible = self._visible
        return error

    async def _list(self) -> VisibleSandboxes | None:
        query = paging.query([("limit", str(_LIMIT)), ("offset", "0")])
        request = RequestSpec(base=self._base, method="GET", path="/sandboxes", query=query)
        try:
            body = responses.json_object(request, await self._send(request))
        except FlowServiceError:
            return None
        listed = body.get("sandboxes")
        objects = listed[:_LIMIT] if isinstance(listed, list) else []
        names = [each.get("name") for each in objects if isinstance(each, dict)]
        known = sorted(name for name in names if isinstance(name, str) and _NAME.fullmatch(name))
        return VisibleSandboxes(tuple(known)) if known else None
