"""HTTP on a socket, written byte by byte, so that requests can be wrong in ways that clients prevent."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """A response: status 0 when the connection ended without one, -1 when none came in time.

    ``cpu_seconds`` is the CPU time that the server has used for it.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    cpu_seconds: float
    truncated: bool = False

    @property
    def kind(self) -> str:
        """The content type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Message:
    """A request as it is sent; ``chunks`` sends the body in chunks, ``raw`` replaces everything."""

    method: bytes
    target: bytes
    headers: Headers
    body: bytes = b""
    chunked: bool = False
    raw: bytes | None = None

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        if self.raw is not None:
            return self.raw
        lines = [self.method + b" " + self.target + b" HTTP/1.1"]
        lines += [name + b": " + value for name, value in self.headers]
        if self.chunked:
            half = len(self.body) // 2
            parts = [part for part in (self.body[:half], self.body[half:]) if part]
            lines.append(b"transfer-encoding: chunked")
            chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
            return b"\r\n".join([*lines, b"", chunks + b"0\r\n\r\n"])
        if self.body and not any(name == b"content-length" for name, _ in self.headers):
            lines.append(b"content-length: %d" % len(self.body))
        return b"\r\n".join([*lines, b"", self.body])


class Connection:
    """One connection that is kept alive, and opened again when the server has closed it."""

    def __init__(self, host: str, port: int, patience: float, cpu_time: Callable[[], float]) -> None:
        """``patience`` are the seconds to wait for an answer; ``cpu_time`` returns that of the server."""
        self._address, self._patience, self._cpu_time = (host, port), patience, cpu_time
        self._socket: socket.socket | None = None

    def send(self, message: Message) -> Answer:
        """Send a request and read its response."""
        begun = self._cpu_time()
        try:
            answer = self._exchange(message, begun)
        except TimeoutError:
            self.close()
            return Answer(-1, {}, b"", self._cpu_time() - begun)
        except (OSError, http.client.HTTPException):
            self.close()
            return Answer(0, {}, b"", self._cpu_time() - begun)
        return answer

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, message: Message, begun: float) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=self._patience)
        self._socket.sendall(message.encoded())
        response = http.client.HTTPResponse(self._socket, method=message.method.decode("latin-1"))
        try:
            response.begin()
            try:
                body, truncated = response.read(), False
            except http.client.IncompleteRead as cut:
                body, truncated = cut.partial, True
            headers = _lower(response.getheaders())
            if truncated or response.will_close or message.raw is not None:
                self.close()
        finally:
            response.close()
        return Answer(response.status, headers, body, self._cpu_time() - begun, truncated)


def _lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}
