"""The emulator on loopback, with everything written down that was asked of it.

The emulator's own log stars secrets; this one keeps what was really sent, so that whole requests can be
compared. It lives in the test's process and goes with it. A test can also refuse requests here, and change
objects behind Terraform's back.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn

from flow_emulator import create_app, identity
from flow_emulator.emulator_file import clock

SERVICE = "/data/foundation/flowservice"
TOKEN = "/ims/token/v3"
COLLECTIONS = ("flows", "targetConnections", "sourceConnections", "connections")

_FROM_TEST = "x-test-outside"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(slots=True)
class Request:
    """One request as it came, and its answer."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes
    status: int = 0
    response: bytes = b""

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    @property
    def response_json(self) -> Any:
        """The answer's body, read as JSON."""
        return json.loads(self.response)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass(slots=True)
class InjectedError:
    """Requests that are answered with an error in the emulator's place, `times` of them.

    `path` is searched for as a regular expression. With `after` the emulator does the work first, and only
    its answer is kept back.
    """

    method: str
    path: str
    status: int
    body: dict[str, Any]
    times: int
    after: bool = False


@dataclass(slots=True)
class RequestRecorder:
    """An ASGI application in front of the emulator's: it records, and refuses what a test wants refused."""

    application: Application
    requests: list[Request] = field(default_factory=list)
    injected_errors: list[InjectedError] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        request = await _read(scope, receive)
        outside = _FROM_TEST in request.headers
        injected = None if outside else self._injected_error(request)
        if not outside:
            self.requests.append(request)

        unread = [{"type": "http.request", "body": request.body, "more_body": False}]

        async def replay() -> Message:
            return unread.pop() if unread else await receive()  # after the body, the client's leaving

        async def record(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.status = message["status"]
            else:
                request.response += message.get("body", b"")
            if injected is None:
                await send(message)

        if injected is None or injected.after:
            await self.application(scope, replay, record)
        if injected is not None:
            await _send_error(request, injected, send)

    def _injected_error(self, request: Request) -> InjectedError | None:
        for injected in self.injected_errors:
            fits = request.method == injected.method and re.search(injected.path, request.path)
            if fits and injected.times > 0:
                injected.times -= 1
                return injected
        return None


class FakeFlowService:
    """The emulator at a loopback address, seen from the test."""

    def __init__(self, address: str, recorder: RequestRecorder, file: Path) -> None:
        self.address = address
        self._recorder = recorder
        self._file = file

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables by which the provider reaches it."""
        return {
            "AEP_ENDPOINT": self.address,
            "AEP_AUTH_ENDPOINT": self.address,
            "AEP_CLIENT_ID": identity.CLIENT_ID,
            "AEP_CLIENT_SECRET": identity.CLIENT_SECRET,
            "AEP_ORGANIZATION_ID": identity.ORGANIZATION_ID,
        }

    @property
    def requests(self) -> list[Request]:
        """All requests but the test's own, in their order."""
        return self._recorder.requests

    @property
    def writes(self) -> list[Request]:
        """The requests that would change something, without those for a token."""
        return [each for each in self.requests if each.method != "GET" and each.path != TOKEN]

    @property
    def run_requests(self) -> list[Request]:
        """The requests to run a flow now."""
        return [each for each in self.requests if each.path.endswith("/adhocrun")]

    @contextmanager
    def recording(self) -> Iterator[list[Request]]:
        """The requests of the block alone; the list is full when the block ends."""
        before = len(self.requests)
        seen: list[Request] = []
        yield seen
        seen += self.requests[before:]

    def inject_error(
        self,
        method: str,
        path: str,
        status: int = 500,
        *,
        times: int = 1,
        after: bool = False,
        message: str = "refused by the test",
    ) -> None:
        """Answer the next such requests with an error (see `InjectedError`) in Flow Service's shape."""
        body = {"errorMessage": message, "errorDetails": message}
        self._recorder.injected_errors.append(InjectedError(method, path, status, body, times, after))

    def clear_errors(self) -> None:
        """Refuse nothing any more."""
        self._recorder.injected_errors.clear()

    def add_fault(self, fault: str) -> None:
        """Add a fault to the emulator, in the words of `flowbridge emulator fault add`."""
        response = httpx.post(f"{self.address}/_emulator/faults", json=fault, trust_env=False)
        assert response.status_code == 201, response.text

    def remove_faults(self) -> None:
        """Remove all faults of the emulator."""
        httpx.delete(f"{self.address}/_emulator/faults", trust_env=False).raise_for_status()

    def set_clock(self, moment: str) -> None:
        """Set the emulator's clock, which makes the runs that are due then."""
        clock.set_clock(self._file, moment)

    def entities(self, collection: str) -> list[dict[str, Any]]:
        """Everything in a collection."""
        items: list[dict[str, Any]] = self._request("GET", f"/{collection}").json()["items"]
        return items

    def entity(self, collection: str, identifier: str) -> dict[str, Any]:
        """One object as the service shows it."""
        item: dict[str, Any] = self._request("GET", f"/{collection}/{identifier}").json()["items"][0]
        return item

    def object_names(self) -> dict[str, list[str]]:
        """The names of all objects that exist, for each collection that has any."""
        found = {name: [each["name"] for each in self.entities(name)] for name in COLLECTIONS}
        return {name: objects for name, objects in found.items() if objects}

    def create(self, collection: str, body: dict[str, Any]) -> str:
        """Make an object behind Terraform's back; its id."""
        return str(self._request("POST", f"/{collection}", body).json()["id"])

    def change(self, collection: str, identifier: str, **values: Any) -> None:
        """Replace whole parts of an object behind Terraform's back, as a person in Adobe's page would."""
        operations = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in values.items()]
        etag = self.entity(collection, identifier)["etag"]
        self._request("PATCH", f"/{collection}/{identifier}", operations, {"if-match": etag})

    def run_flow_action(self, identifier: str, operation: str) -> None:
        """Enable or disable a flow behind Terraform's back."""
        self._request("POST", f"/flows/{identifier}/action?op={operation}")

    def delete(self, collection: str, identifier: str) -> None:
        """Delete an object behind Terraform's back, and see it gone."""
        self._request("DELETE", f"/{collection}/{identifier}")
        for _ in range(10):
            if self._send("GET", f"/{collection}/{identifier}").status_code == 404:
                return
        raise AssertionError(f"{collection}/{identifier} does not go")

    def _request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        response = self._send(method, path, body, headers)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response

    def _send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        with httpx.Client(base_url=self.address, headers={_FROM_TEST: "yes"}, trust_env=False) as client:
            token = client.post(
                TOKEN,
                data={
                    "grant_type": "client_credentials",
                    "client_id": identity.CLIENT_ID,
                    "client_secret": identity.CLIENT_SECRET,
                    "scope": identity.SCOPES,
                },
            ).json()["access_token"]
            return client.request(
                method,
                SERVICE + path,
                json=body,
                headers={
                    "authorization": f"Bearer {token}",
                    "x-api-key": identity.CLIENT_ID,
                    "x-gw-ims-org-id": identity.ORGANIZATION_ID,
                    "x-sandbox-name": identity.DEFAULT_SANDBOX,
                    **(headers or {}),
                },
            )


@contextmanager
def run_fake_flow_service(file: Path) -> Iterator[FakeFlowService]:
    """Serve the emulator over a file on a free port of loopback while the block runs."""
    application = create_app(file)
    recorder = RequestRecorder(application)
    config = uvicorn.Config(recorder, host="127.0.0.1", port=0, log_level="critical", ws="none")
    server = _Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.listening.wait(timeout=30), "the emulator does not start"
        port = server.servers[0].sockets[0].getsockname()[1]
        yield FakeFlowService(f"http://127.0.0.1:{port}", recorder, file)
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        application.state.store.close()


class _Server(uvicorn.Server):
    """Uvicorn that tells when it listens; signals stay with pytest."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listening.set()


async def _read(scope: Scope, receive: Receive) -> Request:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=parse_qsl(scope["query_string"].decode(), keep_blank_values=True),
        headers={name.decode().lower(): value.decode() for name, value in scope["headers"]},
        body=body,
    )


async def _send_error(request: Request, injected: InjectedError, send: Send) -> None:
    request.status = injected.status
    request.response = json.dumps(injected.body).encode()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": injected.status, "headers": headers})
    await send({"type": "http.response.body", "body": request.response})
