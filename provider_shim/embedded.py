"""httpx transport to an emulator in this process, with errors of connections and of the emulator's file."""

from __future__ import annotations

import httpx

from flow_emulator.faults.broken_connections import ConnectionReset, TruncatedBody
from flow_emulator.store import StoreError
from provider_shim.client.errors import UnusableEmulatorFile


class EmbeddedTransport(httpx.ASGITransport):
    """ASGI transport that raises httpx's exceptions for connections that the emulator breaks.

    In the place of `StoreError` it raises an error of the client.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the emulator.

        Raises:
            httpx.ReadError: A fault reset the connection.
            httpx.RemoteProtocolError: A fault truncated the response.
            UnusableEmulatorFile: The emulator's file is locked, damaged or not writable.
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
        except StoreError as reason:
            raise UnusableEmulatorFile(str(reason)) from reason
