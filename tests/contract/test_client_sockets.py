"""The client with real sockets: failures of the network raise the exceptions of the unit tests."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.flow_service import FlowService
from provider_shim.client.settings import ClientSettings
from tests.contract.certificate_authority import CertificateAuthority

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LANDING_ZONE = {
    "name": "dlz account",
    "connectionSpec": {"id": "10440537-2a7b-4583-ac39-ed38d4b848e8", "version": "1.0"},
}


def create_with_server(
    handler: Handler,
    tls: ssl.SSLContext | None = None,
    variables: Mapping[str, str] | None = None,
    endpoint: str | None = None,
    **settings: Any,
) -> list[float]:
    """Send a create to a server on the loopback interface. Returns the delays before retries.

    Of the environment, the client sees these `variables` only. In them and in `endpoint`, which is by default
    the server's address, `{port}` is the server's port.
    """
    sleeps: list[float] = []

    async def sleep(seconds: float) -> None:
        sleeps.append(seconds)

    handlers: list[asyncio.Task[Any] | None] = []

    async def tracked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.append(asyncio.current_task())
        await handler(reader, writer)

    async def scenario() -> None:
        server = await asyncio.start_server(tracked, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        chosen = {"request_timeout": 5.0, **settings}
        chosen["endpoint"] = (endpoint or f"http{'s' if tls else ''}://127.0.0.1:{{port}}").format(port=port)
        os.environ.update({name: text.format(port=port) for name, text in (variables or {}).items()})
        service = FlowService(
            ClientSettings(organization_id="o@AdobeOrg", client_id="c", access_token="t", **chosen),
            sleep=sleep,
            jitter=lambda: 1.0,
        )
        try:
            await service.create(Collection.CONNECTIONS, LANDING_ZONE)
        finally:
            await service.aclose()
            server.close()
            await asyncio.gather(*filter(None, handlers))
            for _ in range(
                100
            ):  # asyncio closes a connection whose handshake failed in later steps of its loop
                await asyncio.sleep(0)

    with mock.patch.dict(os.environ, clear=True):
        asyncio.run(scenario())
    return sleeps


async def complete_response(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a complete response."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b'HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{"id":"x"}')
    writer.close()


async def truncated_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close the connection in the middle of the body."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"id":')
    writer.close()


async def closed_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close the connection without a response."""
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def reset_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reset the connection."""
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def invalid_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a line that isn't HTTP."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"220 mail.example ESMTP\r\n")
    writer.close()


def test_complete_response() -> None:
    """The client reaches the servers of this module."""
    assert create_with_server(complete_response) == []


@pytest.mark.parametrize(
    "handler", [truncated_body, closed_connection, reset_connection, invalid_http], ids=lambda f: f.__name__
)
def test_outcome_of_a_create_is_unknown_after_a_broken_response(handler: Handler) -> None:
    """After an incomplete, missing or invalid response or a reset the outcome of a create is unknown."""
    with pytest.raises(errors.ResponseLost) as caught:
        create_with_server(handler)
    assert "127.0.0.1" in caught.value.message


def test_a_silent_server_meets_the_deadline() -> None:
    """A server that sends the response slowly can't exceed the deadline."""

    async def slow_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # on a busy machine the deadline comes first
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 201 Created\r\n")
            await reader.read()
        writer.close()

    with pytest.raises(errors.ResponseLost, match=r"0\.2 seconds"):
        create_with_server(slow_server, request_timeout=0.2)


def test_a_closed_port_is_unreachable() -> None:
    """Nothing was sent, so a create is retried; the error is that no connection could be made."""
    with pytest.raises(errors.Unreachable, match="No connection"):
        create_with_server(complete_response, endpoint="http://127.0.0.1:1", max_retries=2)


def test_an_untrusted_certificate_is_unreachable_at_once(tmp_path: Path) -> None:
    """A server with an untrusted certificate gets no request, and there is no retry."""
    received: list[bytes] = []

    async def untrusted_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read())
        writer.close()

    with pytest.raises(errors.Unreachable, match="CERTIFICATE_VERIFY_FAILED") as caught:
        create_with_server(untrusted_server, CertificateAuthority(tmp_path).server_context())
    assert not caught.value.transient
    assert "name its file in SSL_CERT_FILE" in caught.value.message
    assert received == []
