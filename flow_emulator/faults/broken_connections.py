"""Answers that break the connection: for real on a socket, as an exception inside a process.

The server of ``flow_emulator.serving`` lends each request its connection (:data:`EXTENSION` in the scope).
Where there is none, as in ``httpx.ASGITransport``, one of this module's exceptions leaves the application,
and whoever calls it inside a process makes of that what a socket would have shown.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

EXTENSION: Final = "flow_emulator.connection"
# Answers that HTTP gives no body: nothing of them can be left out but the whole.
_NEVER_A_BODY: Final = (204, 304)


class BrokenConnection(Exception):
    """A fault broke the connection before the whole answer was sent."""


class ConnectionReset(BrokenConnection):
    """The connection was reset, and nothing of an answer came."""

    def __init__(self) -> None:
        super().__init__("The emulator was told to reset the connection.")


class TruncatedBody(BrokenConnection):
    """The connection was closed after ``sent`` of ``expected`` bytes of the body."""

    def __init__(self, sent: int, expected: int) -> None:
        super().__init__(f"The emulator was told to send {sent} of {expected} bytes.")
        self.sent, self.expected = sent, expected


class ResetResponse(Response):
    """No answer: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's
        """Reset the connection, or raise ConnectionReset where there is none."""
        transport = _connection(scope)
        if transport is None:
            raise ConnectionReset
        connected = transport.get_extra_info("socket")
        if connected is not None:
            # Closing with no time to linger is what makes the kernel send a reset instead of an end.
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        await _disconnected(receive)


class TruncatedResponse(Response):
    """An answer whose connection is closed in the middle of its body."""

    def __init__(self, content: bytes, status: int, headers: dict[str, str], sent: int) -> None:
        super().__init__(content, status, headers)
        self._sent = min(sent, max(len(content) - 1, 0))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a part and close, or raise TruncatedAnswer where there is no connection."""
        transport = _connection(scope)
        expected = len(self.body)
        if transport is None:
            raise TruncatedBody(self._sent, expected)
        if self.status_code not in _NEVER_A_BODY:
            await self._begin(send, expected)
        transport.close()
        await _disconnected(receive)

    async def _begin(self, send: Send, expected: int) -> None:
        # Said also where the body is empty: what is promised and never comes is what makes it truncated.
        length = (b"content-length", str(max(expected, 1)).encode())
        headers = [pair for pair in self.raw_headers if pair[0] != length[0]]
        await send({"type": "http.response.start", "status": self.status_code, "headers": [*headers, length]})
        part = bytes(self.body[: self._sent])
        await send({"type": "http.response.body", "body": part, "more_body": True})


def _connection(scope: Scope) -> asyncio.Transport | None:
    found = (scope.get("extensions") or {}).get(EXTENSION)
    return found if isinstance(found, asyncio.Transport) else None


async def _disconnected(receive: Receive) -> None:
    """Return when the server has noticed; before, it would take the missing answer for a mistake of ours."""
    while (await receive())["type"] != "http.disconnect":
        pass
