"""A server for Terraform's backend `http`: one state in memory, with its lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StateServer(ThreadingHTTPServer):
    """The server.

    Attributes:
        state: The state; empty if there is none.
        lock: The JSON of the lock, or `None`.
        fails: True if every request to save the state fails.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = b""
        self.lock: bytes | None = None
        self.fails = False

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that configure `backend "http" {}`."""
        address = f"http://127.0.0.1:{self.server_port}/"
        names = ("TF_HTTP_ADDRESS", "TF_HTTP_LOCK_ADDRESS", "TF_HTTP_UNLOCK_ADDRESS")
        return dict.fromkeys(names, address) | {"TF_HTTP_RETRY_MAX": "0"}


class _Handler(BaseHTTPRequestHandler):
    server: StateServer

    def do_GET(self) -> None:
        self._respond(200 if self.server.state else 404, self.server.state)

    def do_POST(self) -> None:
        body = self._body()
        if not self.server.fails:
            self.server.state = body
        self._respond(500 if self.server.fails else 200)

    def do_LOCK(self) -> None:
        body, held = self._body(), self.server.lock
        self.server.lock = held or body
        self._respond(423 if held else 200, held or b"")

    def do_UNLOCK(self) -> None:
        self._body()
        self.server.lock = None
        self._respond(200)

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _respond(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def run_state_server() -> Iterator[StateServer]:
    """Serve on a free loopback port for the duration of the block."""
    with StateServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(timeout=30)
