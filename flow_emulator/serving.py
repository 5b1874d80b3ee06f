"""Serving the emulator with uvicorn, on the loopback interface only."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import h11
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.responses import Response as HttpResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from flow_emulator.app import create_app
from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.faults.broken_connections import EXTENSION
from flow_emulator.store import StoreError

LOOPBACK = "127.0.0.1"
# For requests in progress when the server shuts down: a fault can make them wait for hours.
_SHUTDOWN_SECONDS = 3


class Connection(H11Protocol):
    """A connection of uvicorn that is accessible to the application, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # always a transport here
        """Begin the connection, and put it into the scope of each of its requests."""
        super().connection_made(transport)
        self.app = _with_connection(self.app, transport)

    def send_400_response(self, msg: str) -> None:
        """Reject what is not HTTP, without a second response of a request that it interrupts."""
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:  # the request is answered already
            self.transport.close()


def _with_connection(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        extensions = {**(scope.get("extensions") or {}), EXTENSION: transport}
        await app({**scope, "extensions": extensions}, receive, send)

    return call


class Server(uvicorn.Server):
    """A uvicorn server that calls ``ready`` once it accepts requests."""

    def __init__(self, app: Starlette, ready: Callable[[], None]) -> None:
        app.add_exception_handler(StoreError, _file_error)
        # No access log: only the emulator's own request log masks secrets.
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                lifespan="off",
                ws="none",
                log_level="warning",
                access_log=False,
                date_header=False,  # the application sends the date by its own clock
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then call ``ready``."""
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()


def _file_error(_request: HttpRequest, reason: Exception) -> HttpResponse:
    """Respond with the reason why the emulator's file cannot be used, instead of a bare status 500."""
    return JSONResponse({"title": "The emulator's file cannot be used", "detail": str(reason)}, 500)


def listen(port: int = 0) -> socket.socket:
    """Return a listening socket on loopback; port 0 takes a free one. Raises OSError when it is in use."""
    # Named, so that asyncio switches Nagle's algorithm off, which delays most responses by 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def address(listener: socket.socket) -> str:
    """Return the address of a listening socket, such as ``http://127.0.0.1:8421``."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


def _print(text: str) -> None:
    print(text, flush=True)  # the reader may be at the end of a pipe


def serve(
    path: str | Path | None = None,
    port: int = 0,
    *,
    behaviour: Behaviour | None = None,
    allowed_hosts: Sequence[str] = (),
    announce: Callable[[str], None] = _print,
) -> None:
    """Serve until interrupted.

    Args:
        path: The emulator's file; None keeps everything in memory.
        port: The port; 0 takes a free one.
        behaviour: The switches. None: those that the file is configured with.
        allowed_hosts: Other host names than those of the loopback interface that a request may have.
        announce: Called with the address once requests are accepted.

    Raises:
        OSError: The port is in use.
        StoreError: The file cannot be used.
        ValueError: An allowed host is not a host name.
    """
    with closing(listen(port)) as listener:
        app = create_app(path, behaviour=behaviour, allowed_hosts=allowed_hosts)
        with closing(app.state.store):
            server = Server(app, lambda: announce(address(listener)))
            with suppress(KeyboardInterrupt):  # by Ctrl-C
                server.run(sockets=[listener])
