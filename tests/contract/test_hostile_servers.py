"""Servers that try to fill the memory, to keep the client waiting, or to confuse it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import zlib
from collections.abc import Awaitable, Callable

import pytest

from provider_shim.client import errors
from tests.contract.test_client_sockets import create_with_server

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

MIB = 2**20


def sending(*parts: bytes, forever: bytes = b"") -> Handler:
    """A server that sends these parts, and then one part again and again until the client hangs up."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
            while forever:
                writer.write(forever)
                await writer.drain()
        writer.close()

    return handler


def response(head: str, body: bytes = b"") -> bytes:
    """A response with these lines of its head."""
    return "\r\n".join([*head.split("\n"), "", ""]).encode() + body


def bomb() -> bytes:
    """300 MiB of spaces in 300 KiB of gzip."""
    compressor = zlib.compressobj(9, wbits=31)
    block = b" " * MIB
    return b"".join([compressor.compress(block) for _ in range(300)]) + compressor.flush()


@pytest.mark.parametrize("status", ["201 Created", "500 Internal Server Error"])
def test_a_compressed_bomb_is_cut(status: str) -> None:
    """The limit is for the decoded body, of which the client never holds more than one part too much."""
    body = bomb()
    head = f"HTTP/1.1 {status}\nContent-Encoding: gzip\nContent-Length: {len(body)}"
    with pytest.raises(errors.FlowServiceError) as caught:
        create_with_server(sending(response(head, body)), max_retries=0, request_timeout=60.0)
    assert isinstance(caught.value, errors.InvalidResponse) == status.startswith("201")
    assert (
        "larger than 8 MiB. Check that the endpoint is Flow Service's." in caught.value.message
    ) == status.startswith("201")


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip, deflate, gzip", "br", "zstd", "x"])
def test_an_encoding_that_was_not_asked_for_is_an_error(encoding: str) -> None:
    """Two encodings multiply: a packet of the network could become gigabytes."""
    body = gzip.compress(gzip.compress(b'{"id": "x"}'))
    head = f"HTTP/1.1 201 Created\nContent-Encoding: {encoding}\nContent-Length: {len(body)}"
    with pytest.raises(errors.InvalidResponse, match="compressed in a way that"):
        create_with_server(sending(response(head, body)))


def test_one_encoding_is_decoded() -> None:
    """A gateway may compress a response."""
    body = gzip.compress(b'{"id": "x"}')
    head = f"HTTP/1.1 201 Created\nContent-Encoding: gzip\nContent-Length: {len(body)}"
    assert create_with_server(sending(response(head, body))) == []


@pytest.mark.parametrize("status", ["201 Created", "400 Bad Request"])
def test_a_body_without_end_is_cut(status: str) -> None:
    """A chunked body needs no length, and the client stops reading it at the limit."""
    chunk = f"{MIB:x}\r\n".encode() + b" " * MIB + b"\r\n"
    handler = sending(response(f"HTTP/1.1 {status}\nTransfer-Encoding: chunked"), forever=chunk)
    with pytest.raises(errors.FlowServiceError) as caught:
        create_with_server(handler, request_timeout=60.0)
    assert (
        "larger than 8 MiB. Check that the endpoint is Flow Service's." in caught.value.message
    ) == status.startswith("201")


ENDLESS = {
    "headers": (b"HTTP/1.1 201 Created\r\n", b"X-Header: value\r\n"),
    "one header": (b"HTTP/1.1 201 Created\r\nX-Header: ", b"x" * 1000),
    "status line": (b"HTTP/1.1 201 ", b"x" * 1000),
    "nothing known": (b"", b"canary\n"),
    "zeros": (b"", b"\0" * 1000),
    "chunk length": (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n", b"0" * 1000),
    "trailers": (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_endless_lines_are_a_lost_response(name: str) -> None:
    """The HTTP library limits heads, and the error is one of the client's, without what was sent."""
    start, forever = ENDLESS[name]
    with pytest.raises(errors.ResponseLost) as caught:
        create_with_server(sending(start, forever=forever), request_timeout=0.5)
    assert "canary" not in str(caught.value)
    assert len(str(caught.value)) < 500


UNUSABLE_HEADS = [
    "HTTP/1.1 201 Created\nContent-Length: " + "9" * 5000,
    "HTTP/1.1 201 Created\nContent-Length: -1",
    "HTTP/1.1 201 Created\nContent-Length: 1\nContent-Length: 2",
    "HTTP/1.1 201 Created\nContent-Length: 99999",
    "HTTP/1.1 201 Created\nTransfer-Encoding: gzip, chunked",
    "HTTP/1.1 201 Created\n: no name",
    "HTTP/1.1 201 Created\nContent-Encoding: gzip\nContent-Length: 10",
    "HTTP/1.1 2010 Created",
    "HTTP/1.1 abc",
]


@pytest.mark.parametrize("head", UNUSABLE_HEADS)
def test_an_unusable_head_is_an_error_of_the_client(head: str) -> None:
    """Nothing that a server sends ends in an internal error."""
    with pytest.raises(errors.OutcomeUnknown) as caught:
        create_with_server(sending(response(head, b'{"id":"x"}')))
    assert len(str(caught.value)) < 500


STRANGE_RESPONSES = [
    "HTTP/1.1 101 Switching Protocols\nUpgrade: x\nConnection: upgrade",
    "HTTP/1.1 304 Not Modified",
    "HTTP/1.1 305 Use Proxy\nLocation: http://127.0.0.1:1/",
    "HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Basic realm=canary",
    "HTTP/1.1 999 Canary\nContent-Length: 0",
    "HTTP/1.1 429 Slow\nRetry-After: " + "9" * 5000,
    "HTTP/1.1 429 Slow\nRetry-After: -1\nDate: Sat, 99 Nov 99999 99:99:99 GMT",
    "HTTP/1.1 503 Later\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\nDate: " + "9" * 5000,
    "HTTP/1.1 200 OK\nContent-Type: image/png",
    "HTTP/1.1 204 No Content",
    "HTTP/1.1 201 Created\nETag: \xff\xfe\nX-Request-Id: \xff" + "x" * 5000,
]


@pytest.mark.parametrize("head", STRANGE_RESPONSES)
def test_a_strange_response_is_an_error_of_the_client(head: str) -> None:
    """Statuses, dates and types that Flow Service does not send give short errors."""
    encoded = response(head).replace("\xff".encode(), b"\xff").replace("\xfe".encode(), b"\xfe")
    with pytest.raises(errors.FlowServiceError) as caught:
        create_with_server(sending(encoded), max_retries=1)
    assert len(str(caught.value)) < 800
    assert "canary" not in str(caught.value)


def test_a_response_that_drips_meets_the_deadline() -> None:
    """The deadline of an attempt is for the whole response, however often a part arrives."""

    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(response("HTTP/1.1 201 Created\nTransfer-Encoding: chunked"))
            while not reader.at_eof():
                writer.write(b"1\r\n \r\n")
                await writer.drain()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1), 0.01)
        writer.close()

    with pytest.raises(errors.ResponseLost, match=r"0\.2 seconds"):
        create_with_server(dripping, request_timeout=0.2, max_retries=0)
