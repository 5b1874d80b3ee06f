"""One server in this process with several loopback ports, by which the applications tell callers apart."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import socket
from typing import Any

import uvicorn
from starlette.types import Message, Receive, Scope, Send

from flow_emulator import serving

START_SECONDS = 30
QUIET_SECONDS = 20

Handler = Callable[[str, Scope, Receive, Send], Awaitable[None]]
"""An application whose first argument is the name of the port to which the request was sent."""


@dataclass(slots=True)
class Loopback:
    """A running server. `addresses` has the address of each port, by its name."""

    addresses: dict[str, str]
    _open: Counter[str]

    def wait_until_quiet(self, name: str) -> None:
        """Wait until no connection to a port is open: what a killed process had sent is then handled."""
        deadline = time.monotonic() + QUIET_SECONDS
        while self._open[name] > 0:
            if time.monotonic() > deadline:
                raise RuntimeError(f"connections to {name} stay open after their process has ended")
            time.sleep(0.01)


@contextmanager
def serve(names: Iterable[str], handler: Handler) -> Iterator[Loopback]:
    """Serve one application on a free port for each name, for the duration of the block."""
    listeners = {name: serving.listen() for name in names}
    by_port = {listener.getsockname()[1]: name for name, listener in listeners.items()}
    still_open: Counter[str] = Counter()

    class CountedConnection(serving.Connection):
        """A connection that is counted while it is open."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Begin the connection."""
            self.port_name = by_port[transport.get_extra_info("sockname")[1]]
            still_open[self.port_name] += 1
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            """End the connection."""
            still_open[self.port_name] -= 1
            super().connection_lost(exc)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await handler(by_port[scope["server"][1]], scope, receive, send)

    server = _Server(
        uvicorn.Config(
            application,
            http=CountedConnection,
            lifespan="off",
            ws="none",
            log_level="critical",
            access_log=False,
            date_header=False,  # the handler knows Adobe's clock
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": list(listeners.values())})
    thread.start()
    try:
        if not server.listening.wait(timeout=START_SECONDS):
            raise RuntimeError("the server did not start")
        yield Loopback({name: serving.address(each) for name, each in listeners.items()}, still_open)
    finally:
        server.should_exit = True
        thread.join(timeout=START_SECONDS)
        for listener in listeners.values():
            listener.close()


class _Server(uvicorn.Server):
    """Uvicorn with an event that is set once it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@dataclass(slots=True)
class Collected:
    """A whole response."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


async def read_body(receive: Receive) -> bytes:
    """Return the whole body of a request."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def call(application: Callable[..., Awaitable[None]], scope: Scope, body: bytes) -> Collected:
    """Call an ASGI application with a whole request, and return its whole response."""
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    collected = Collected(500, [], b"")

    async def receive() -> Message:
        return unread.pop() if unread else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            collected.status = message["status"]
            collected.headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", [])]
        else:
            collected.body += message.get("body", b"")

    await application(scope, receive, send)
    return collected


async def until_disconnected(receive: Callable[[], Awaitable[Any]]) -> None:
    """Wait until the client closes the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
