"""A scripted server that replaces the network, with recorded delays and a clock."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from provider_shim.client.flow_service import FlowService
from provider_shim.client.settings import ClientSettings

CREDENTIALS: dict[str, Any] = {
    "organization_id": "ACME@AdobeOrg",
    "client_id": "client-1",
    "client_secret": "p8e-made/up+secret=",
}

ScriptedResponse = httpx.Response | Exception | Callable[[httpx.Request], Any]


class ScriptedServer:
    """Returns `responses` in turn to Flow Service requests, and `token_responses` to token requests.

    Further token requests get token-1, token-2, ...; a further Flow Service request fails the test.
    """

    def __init__(self) -> None:
        self.responses: list[ScriptedResponse] = []
        self.token_responses: list[ScriptedResponse] = []
        self.requests: list[httpx.Request] = []
        self.token_requests: list[httpx.Request] = []
        self.sleeps: list[float] = []
        self.time = 1_800_000_000.0

    def client(self, **settings: Any) -> FlowService:
        """Make a client of this server; `settings` override complete credentials."""
        return FlowService(
            ClientSettings(**{**CREDENTIALS, **settings}),
            transport=httpx.MockTransport(self._handle),
            sleep=self._sleep,
            jitter=lambda: 1.0,
            now=lambda: self.time,
        )

    def body(self, number: int = -1) -> Any:
        """The JSON of a recorded request."""
        return json.loads(self.requests[number].content)

    async def _sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/ims/token/v3":
            self.token_requests.append(request)
            fresh = {"access_token": f"token-{len(self.token_requests)}", "expires_in": 86399}
            scripted = (
                self.token_responses.pop(0) if self.token_responses else httpx.Response(200, json=fresh)
            )
        elif request.url.path.endswith("/sandbox-management/sandboxes"):
            # After an error about the sandbox the client lists the sandboxes, which is not recorded.
            scripted = httpx.Response(403, json={})
        else:
            self.requests.append(request)
            assert self.responses, f"unexpected {request.method} {request.url}"
            scripted = self.responses.pop(0)
        if isinstance(scripted, Exception):
            raise scripted
        if isinstance(scripted, httpx.Response):
            return scripted
        result = scripted(request)
        response = await result if inspect.isawaitable(result) else result
        assert isinstance(response, httpx.Response)
        return response


@pytest.fixture
def server() -> ScriptedServer:
    """A server without scripted responses."""
    return ScriptedServer()
