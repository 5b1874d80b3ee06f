"""The way to an emulator inside this process, on which a fault looks as it does on a socket."""

from __future__ import annotations

import httpx

from flow_emulator.faults.broken_connections import ConnectionReset, TruncatedBody


class EmbeddedTransport(httpx.ASGITransport):
    """httpx's transport to the emulator's application; what it breaks arrives as httpx's own exceptions."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The application's answer; ReadError and RemoteProtocolError as from a broken connection."""
        try:
            return await super().handle_async_request(request)
        except ConnectionReset as broken:
            raise httpx.ReadError(str(broken), request=request) from broken
        except TruncatedBody as broken:
            message = (
                "peer closed connection without sending complete message body "
                f"(received {broken.sent} bytes, expected {broken.expected})"
            )
            raise httpx.RemoteProtocolError(message, request=request) from broken
