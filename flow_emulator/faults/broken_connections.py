"""Responses that break the connection: of a socket, or by an exception inside a process.

The server of ``flow_emulator.serving`` puts the connection into the scope of each request
(:data:`EXTENSION`). Without a connection, as in ``httpx.ASGITransport``, the application raises one of this
module's exceptions, and the caller converts it to what a socket would have shown.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

EXTENSION: Final = "flow_emulator.connection"
# Responses without a body in HTTP, which cannot be truncated.
_NEVER_A_BODY: Final = (204, 304)


class BrokenConnection(Exception):
    """A fault broke the connection before the whole response was sent."""


class ConnectionReset(BrokenConnection):
    """The connection was reset before any part of a response was sent."""

    def __init__(self) -> None:
        super().__init__("A fault of the emulator reset the connection.")


class TruncatedBody(BrokenConnection):
    """The connection was closed after ``sent`` of ``expected`` bytes of the body."""

    def __init__(self, sent: int, expected: int) -> None:
        super().__init__(f"A fault of the emulator sent {sent} of {expected} bytes.")
        self.sent, self.expected = sent, expected


class ResetResponse(Response):
    """No response: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's
        """Reset the connection. Raises ConnectionReset without a connection."""
        transport = _connection(scope)
        if transport is None:
            raise ConnectionReset
        connected = transport.get_extra_info("socket")
        if connected is not None:
            # With a linger time of zero the kernel sends a reset on close.
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        await _disconnected(receive)


class TruncatedResponse(Response):
    """A response whose connection is closed in the middle of its body."""

    def __init__(self, content: bytes, status: int, headers: dict[str, str], sent: int) -> None:
        super().__init__(content, status, headers)
        self._sent = min(sent, max(len(content) - 1, 0))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a part and close the connection. Raises TruncatedBody if there is no connection."""
        transport = _connection(scope)
        expected = len(self.body)
        if transport is None:
            raise TruncatedBody(self._sent, expected)
        if self.status_code not in _NEVER_A_BODY:
            await self._begin(send, expected)
        transport.close()
        await _disconnected(receive)

    async def _begin(self, send: Send, expected: int) -> None:
        # At least 1, as only a body that is shorter than its content-length is truncated.
        length = (b"content-length", str(max(expected, 1)).encode())
        headers = [pair for pair in self.raw_headers if pair[0] != length[0]]
        await send({"type": "http.response.start", "status": self.status_code, "headers": [*headers, length]})
        part = bytes(self.body[: self._sent])
        await send({"type": "http.response.body", "body": part, "more_body": True})


def _connection(scope: Scope) -> asyncio.Transport | None:
    found = (scope.get("extensions") or {}).get(EXTENSION)
    return found if isinstance(found, asyncio.Transport) else None


async def _disconnected(receive: Receive) -> None:
    """Return when the server has noticed; earlier it would log a missing response as an error."""
    while (await receive())["type"] != "http.disconnect":
        pass
