"""Terraform's `http` state backend: states in memory, with locks, and with every version that was stored."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.campaign.loopback import read_body


class StateBackend:
    """An ASGI application. The state of a workspace is at `/<name>`, its lock at `/<name>/lock`."""

    def __init__(self) -> None:
        self.versions: dict[str, list[bytes]] = {}
        self._locks: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        body = await read_body(receive)
        name, _, lock = scope["path"].strip("/").partition("/")
        response = self._lock(name, scope["method"], body) if lock else self._state(name, scope, body)
        await response(scope, receive, send)

    def environment(self, address: str, name: str) -> dict[str, str]:
        """Return the variables that configure `backend "http" {}` for a workspace."""
        return {
            "TF_HTTP_ADDRESS": f"{address}/{name}",
            "TF_HTTP_LOCK_ADDRESS": f"{address}/{name}/lock",
            "TF_HTTP_UNLOCK_ADDRESS": f"{address}/{name}/lock",
            "TF_HTTP_RETRY_MAX": "0",
        }

    def current(self, name: str) -> dict[str, Any]:
        """Return the present state of a workspace, or an empty one."""
        versions = self.versions.get(name)
        state: dict[str, Any] = json.loads(versions[-1]) if versions and versions[-1] else {}
        return state

    def unlock(self, name: str) -> None:
        """Remove a lock that a killed command has left, as `terraform force-unlock` does."""
        self._locks.pop(name, None)

    def lose(self, name: str, updates: int) -> None:
        """Lose the last updates of a state, as if they had never arrived. All versions are kept."""
        versions = self.versions.get(name, [])
        kept = versions[: max(len(versions) - updates, 0)]
        versions.append(kept[-1] if kept else b"")

    def _state(self, name: str, scope: Scope, body: bytes) -> Response:
        if scope["method"] == "POST":
            self.versions.setdefault(name, []).append(body)
            return Response()
        if scope["method"] == "DELETE":
            self.versions.setdefault(name, []).append(b"")
            return Response()
        versions = self.versions.get(name)
        return Response(versions[-1]) if versions and versions[-1] else Response(status_code=404)

    def _lock(self, name: str, method: str, body: bytes) -> Response:
        if method == "UNLOCK":
            self._locks.pop(name, None)
            return Response()
        if name in self._locks:
            return Response(self._locks[name], status_code=423)
        self._locks[name] = body
        return Response()
