"""Bodies that are larger than they may be or than they promise, on a real socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest

from flow_emulator.http.body import MAX_BODY, MAX_SNAPSHOT
from flow_emulator.testing import RunningEmulator, running_emulator

PART = 65_536


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    """A served emulator."""
    with running_emulator() as running:
        yield running


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/_emulator/seed", MAX_BODY),
        ("POST", "/ims/token/v3", MAX_BODY),
        ("POST", "/nothing", MAX_BODY),
        ("PUT", "/_emulator/snapshot", MAX_SNAPSHOT),
    ],
)
def test_a_body_in_chunks_is_bounded(emulator: RunningEmulator, method: str, path: str, most: int) -> None:
    """A body whose length no header names is a 413 as soon as it is too large."""
    parts = (b" " * PART for _ in range(most // PART + 1))
    response = httpx.request(method, f"{emulator.url}{path}", content=parts, trust_env=False, timeout=60)

    assert (response.status_code, response.json()["detail"]) == (
        413,
        f"The body is larger than {most} bytes.",
    )


def test_a_promised_body_is_not_awaited(emulator: RunningEmulator) -> None:
    """A Content-Length of a terabyte is a 413 before a byte of the body has arrived."""
    address = urlsplit(emulator.url)
    with closing(socket.create_connection((address.hostname, address.port), timeout=30)) as connection:
        connection.sendall(
            b"PUT /_emulator/snapshot HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n"
        )
        assert connection.recv(PART).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_ends_early_keeps_no_one_waiting(
    emulator: RunningEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    """A client that promises more than it sends and goes away leaves no trace; others are answered."""
    address = urlsplit(emulator.url)
    with closing(socket.create_connection((address.hostname, address.port), timeout=30)) as connection:
        connection.sendall(
            b"POST /_emulator/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
        )
    logged = len(emulator.requests())
    assert httpx.get(f"{emulator.url}/_emulator/clock", trust_env=False).status_code == 200
    assert len(emulator.requests()) == logged
    assert caplog.text == ""


@pytest.mark.parametrize("path", ["/_emulator/clock", "/data/foundation/flowservice/flows", "/", "/nothing"])
@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "BREW", "HEAD"])
def test_every_method_gets_a_documented_error(emulator: RunningEmulator, method: str, path: str) -> None:
    """A method that a path does not have is an error in the emulator's own form, never plain text."""
    headers = {"origin": emulator.url}
    response = httpx.request(method, f"{emulator.url}{path}", trust_env=False, headers=headers)
    assert response.status_code == (404 if path == "/nothing" else 405)
    assert response.headers["content-type"] == "application/json"
    if method != "HEAD":
        assert response.json().keys() == {"type", "status", "title", "detail"}


def test_an_absolute_target_is_an_unknown_path(emulator: RunningEmulator) -> None:
    """A request as to a proxy is 404 in the emulator's own form."""
    address = urlsplit(emulator.url)
    with closing(socket.create_connection((address.hostname, address.port), timeout=30)) as connection:
        connection.sendall(
            b"GET http://localhost/_emulator/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        with connection.makefile("rb") as stream:
            answer = stream.read()
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b'"title": "NotFoundError"' in answer


@pytest.mark.parametrize("path", ["/", "/_emulator/seed", "/nothing"])
@pytest.mark.parametrize("rest", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}\r\nzz\r\n", b"-1\r\n"])
def test_a_body_that_is_not_http_leaves_no_traceback(
    emulator: RunningEmulator, caplog: pytest.LogCaptureFixture, path: str, rest: bytes
) -> None:
    """A chunk without sense is a 400 or an earlier error of the request, and the log has one line at most."""
    address = urlsplit(emulator.url)
    head = f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    for pieces in ((head + rest,), (head, rest)):
        with closing(socket.create_connection((address.hostname, address.port), timeout=30)) as connection:
            for piece in pieces:
                connection.sendall(piece)
            with connection.makefile("rb") as stream:
                assert stream.readline()[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 404")
    assert httpx.get(f"{emulator.url}/_emulator/clock", trust_env=False).status_code == 200
    assert {record.getMessage() for record in caplog.records} <= {"Invalid HTTP request received."}
