"""httpx transport to an emulator in this process, with connection errors as on a socket."""

from __future__ import annotations

import httpx

from flow_emulator.faults.broken_connections import ConnectionReset, TruncatedBody


class EmbeddedTransport(httpx.ASGITransport):
    """ASGI transport that raises httpx's exceptions for connections that the emulator breaks."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the emulator.

        Raises:
            httpx.ReadError: A fault reset the connection.
            httpx.RemoteProtocolError: A fault truncated the response.
        """
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
