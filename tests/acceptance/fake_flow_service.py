"""The emulator on loopback, with a record of every request.

The emulator's own log masks secrets; this record keeps them, so that tests can compare whole requests. The
server runs in the test's process. A test can also inject errors, and change objects outside Terraform.
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
    """One request as it was received, and its response."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes
    status: int = 0
    response: bytes = b""

    @property
    def json(self) -> Any:
        """The body, parsed as JSON."""
        return json.loads(self.body)

    @property
    def response_json(self) -> Any:
        """The response's body, parsed as JSON."""
        return json.loads(self.response)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass(slots=True)
class InjectedError:
    """An error response to the next `times` requests with this method and path.

    `path` is a regular expression that is searched for. With `after` the emulator handles the request first,
    and only its response is replaced.
    """

    method: str
    path: str
    status: int
    body: bytes
    times: int
    after: bool = False


@dataclass(slots=True)
class RequestRecorder:
    """An ASGI application that records requests and sends injected errors in front of the emulator."""

    application: Application
    requests: list[Request] = field(default_factory=list)
    injected_errors: list[InjectedError] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        request = await _read(scope, receive)
        from_test = _FROM_TEST in request.headers
        injected = None if from_test else self._injected_error(request)
        if not from_test:
            self.requests.append(request)

        unread = [{"type": "http.request", "body": request.body, "more_body": False}]

        async def replay() -> Message:
            return unread.pop() if unread else await receive()  # after the body comes the disconnect

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
            matches = request.method == injected.method and re.search(injected.path, request.path)
            if matches and injected.times > 0:
                injected.times -= 1
                return injected
        return None


class FakeFlowService:
    """The emulator at a loopback address, with the operations that tests need."""

    def __init__(self, address: str, recorder: RequestRecorder, file: Path) -> None:
        self.address = address
        self._recorder = recorder
        self._file = file

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which the provider connects to it."""
        return {
            "AEP_ENDPOINT": self.address,
            "AEP_AUTH_ENDPOINT": self.address,
            "AEP_CLIENT_ID": identity.CLIENT_ID,
            "AEP_CLIENT_SECRET": identity.CLIENT_SECRET,
            "AEP_ORGANIZATION_ID": identity.ORGANIZATION_ID,
            "AEP_SANDBOX_NAME": identity.DEFAULT_SANDBOX,
        }

    @property
    def requests(self) -> list[Request]:
        """All requests in their order, without those of the test itself."""
        return self._recorder.requests

    @property
    def writes(self) -> list[Request]:
        """All requests except reads and token requests."""
        return [each for each in self.requests if each.method != "GET" and each.path != TOKEN]

    @property
    def run_requests(self) -> list[Request]:
        """The requests to run a flow now."""
        return [each for each in self.requests if each.path.endswith("/adhocrun")]

    @contextmanager
    def recording(self) -> Iterator[list[Request]]:
        """Collect the requests of the block; the list is filled when the block ends."""
        before = len(self.requests)
        recorded: list[Request] = []
        yield recorded
        recorded += self.requests[before:]

    def inject_error(
        self,
        method: str,
        path: str,
        status: int = 500,
        *,
        times: int = 1,
        after: bool = False,
        message: str = "rejected by the test",
        body: bytes | None = None,
    ) -> None:
        """Send an error to the next matching requests; see `InjectedError`.

        It has Flow Service's format, unless `body` is given.
        """
        if body is None:
            body = json.dumps({"errorMessage": message, "errorDetails": message}).encode()
        self._recorder.injected_errors.append(InjectedError(method, path, status, body, times, after))

    def clear_errors(self) -> None:
        """Remove all injected errors."""
        self._recorder.injected_errors.clear()

    def add_fault(self, fault: str) -> None:
        """Add a fault to the emulator, in the words of `flowbridge emulator fault add`."""
        response = httpx.post(f"{self.address}/_emulator/faults", json=fault, trust_env=False)
        assert response.status_code == 201, response.text

    def remove_faults(self) -> None:
        """Remove all faults of the emulator."""
        httpx.delete(f"{self.address}/_emulator/faults", trust_env=False).raise_for_status()

    def set_clock(self, moment: str) -> None:
        """Set the emulator's clock, which creates the runs that are due by then."""
        clock.set_clock(self._file, moment)

    def entities(self, collection: str) -> list[dict[str, Any]]:
        """Return all objects of a collection."""
        items: list[dict[str, Any]] = self._request("GET", f"/{collection}").json()["items"]
        return items

    def entity(self, collection: str, identifier: str) -> dict[str, Any]:
        """Return one object as Flow Service sends it."""
        item: dict[str, Any] = self._request("GET", f"/{collection}/{identifier}").json()["items"][0]
        return item

    def object_names(self) -> dict[str, list[str]]:
        """Return the names of all objects, for each collection that has any."""
        found = {name: [each["name"] for each in self.entities(name)] for name in COLLECTIONS}
        return {name: objects for name, objects in found.items() if objects}

    def create(self, collection: str, body: dict[str, Any]) -> str:
        """Create an object outside Terraform, and return its id."""
        return str(self._request("POST", f"/{collection}", body).json()["id"])

    def change(self, collection: str, identifier: str, **values: Any) -> None:
        """Replace fields of an object outside Terraform, as a user of Adobe's web page does."""
        operations = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in values.items()]
        etag = self.entity(collection, identifier)["etag"]
        self._request("PATCH", f"/{collection}/{identifier}", operations, {"if-match": etag})

    def run_flow_action(self, identifier: str, operation: str) -> None:
        """Enable or disable a flow outside Terraform."""
        self._request("POST", f"/flows/{identifier}/action?op={operation}")

    def delete(self, collection: str, identifier: str) -> None:
        """Delete an object outside Terraform, and wait until it is gone."""
        self._request("DELETE", f"/{collection}/{identifier}")
        for _ in range(10):
            if self._send("GET", f"/{collection}/{identifier}").status_code == 404:
                return
        raise AssertionError(f"{collection}/{identifier} was not deleted")

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
    """Serve the emulator over a file, on a free loopback port, for the duration of the block."""
    application = create_app(file)
    recorder = RequestRecorder(application)
    config = uvicorn.Config(
        recorder, host="127.0.0.1", port=0, log_level="critical", ws="none", date_header=False
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.listening.wait(timeout=30), "the emulator did not start"
        port = server.servers[0].sockets[0].getsockname()[1]
        yield FakeFlowService(f"http://127.0.0.1:{port}", recorder, file)
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        application.state.store.close()


class _Server(uvicorn.Server):
    """Uvicorn with an event that is set once it listens. Pytest keeps handling signals."""

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
    request.response = injected.body
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": injected.status, "headers": headers})
    await send({"type": "http.response.body", "body": request.response})
