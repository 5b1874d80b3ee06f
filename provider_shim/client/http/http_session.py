"""HTTP requests over one connection pool, each with a deadline and a line in the log.

Retries are in `retry`.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from provider_shim.client.errors import FlowServiceError, InvalidResponse
from provider_shim.client.http import (
    error_body,
    http_date,
    proxies,
    response_body,
    status_errors,
    transport_errors,
)
from provider_shim.client.http.http_client import make_client
from provider_shim.client.http.retry import MAX_RETRY_AFTER, parse_retry_after
from provider_shim.client.http.scrubber import Scrubber
from provider_shim.client.http.server_clock import ServerClock
from provider_shim.client.models import is_header_text
from provider_shim.client.settings import ClientSettings
from provider_shim.one_line import one_line

log = logging.getLogger("provider_shim.client")

_MAX_IDENTIFIER = 100
"""Characters of a request id or a code that are shown. Adobe's have up to 36."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSpec:
    """A request without access token and request id. Its URL is `base` + `path` + `?` + `query`.

    `query` is encoded. Errors and the log show the `path`. `idempotent` is True if the request may be sent
    twice.
    """

    base: str
    method: str
    path: str
    query: str = ""
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    idempotent: bool = True

    @property
    def url(self) -> str:
        """The complete URL."""
        return f"{self.base}{self.path}{f'?{self.query}' if self.query else ''}"


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response with a status from 200 to 299."""

    status: int
    content: bytes
    etag: str | None
    request_id: str


class HttpSession:
    """Connection pool with a deadline for each attempt and a limit on concurrent requests.

    `server_clock` learns from each response.
    """

    def __init__(
        self,
        settings: ClientSettings,
        scrubber: Scrubber,
        *,
        transport: httpx.AsyncBaseTransport | None,
        now: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._scrubber = scrubber
        self._transport = transport
        self._now = now
        self.server_clock = ServerClock(now)
        self._slots = asyncio.Semaphore(settings.max_concurrent_requests)
        self._open_client: httpx.AsyncClient | None = None

    async def send(self, request: RequestSpec, headers: Mapping[str, str]) -> Response:
        """Send a request once. Raises a `FlowServiceError` unless the status is from 200 to 299."""
        request_id = str(uuid.uuid4())
        sent = {**headers, **request.headers, "x-request-id": request_id}
        async with self._slots:
            started, sent_at = time.perf_counter(), self._now()
            try:
                response, content = await self._within_deadline(request, sent)
            except response_body.UnusableBody as reason:
                self._log(request, "UnusableBody", request_id, started)
                raise InvalidResponse(
                    str(reason), method=request.method, path=request.path, request_id=request_id
                ) from None
            except transport_errors.CAUGHT_EXCEPTIONS as error:
                self._log(request, type(error).__name__, request_id, started)
                raise self._transport_error(request, error, request_id) from None
        self.server_clock.learn(response.headers, sent=sent_at)
        request_id = self._short(response.headers.get("x-request-id") or request_id)
        if response.is_success:
            self._log(request, response.status_code, request_id, started)
            etag = response.headers.get("etag")
            return Response(response.status_code, content, etag if is_header_text(etag) else None, request_id)
        status_error = self._status_error(request, response, content, request_id)
        self._log(request, response.status_code, status_error.request_id, started)
        raise status_error

    async def close(self) -> None:
        """Close all connections. A later request opens new ones."""
        opened, self._open_client = self._open_client, None
        if opened is not None:
            await opened.aclose()

    async def _within_deadline(
        self, request: RequestSpec, headers: Mapping[str, str]
    ) -> tuple[httpx.Response, bytes]:
        """Send, and read the response and its body, within the deadline.

        The timeouts of httpx restart with each chunk and don't apply to the emulator.
        """
        async with (
            asyncio.timeout(self._settings.request_timeout),
            self._client().stream(
                request.method, request.url, content=request.content, headers=dict(headers)
            ) as response,
        ):
            return response, await response_body.read(response)

    def _client(self) -> httpx.AsyncClient:
        """Get the httpx client. It loads certificates, so it is created with the first request."""
        if self._open_client is None:
            self._open_client = make_client(self._settings, self._transport)
        return self._open_client

    def _transport_error(self, request: RequestSpec, error: Exception, request_id: str) -> FlowServiceError:
        proxy = None if self._transport else proxies.find(request.base)
        host = request.base.partition("://")[2].partition("/")[0]
        return transport_errors.to_error(
            error,
            host=host if proxy is None else f"{host} through the proxy of {proxy.variable}",
            deadline=self._settings.request_timeout,
            method=request.method,
            path=request.path,
            request_id=request_id,
            scrub=self._scrubber.scrub,
        )

    def _status_error(
        self, request: RequestSpec, response: httpx.Response, content: bytes, request_id: str
    ) -> FlowServiceError:
        body = error_body.parse(content)
        status = response.status_code
        kind = status_errors.classify(status, body, idempotent=request.idempotent)
        message = status_errors.describe(status, body, self._scrubber.scrub)
        # A date is compared with that of the same response, because this machine's clock can be wrong.
        now = http_date.parse(response.headers.get("date")) or self.server_clock.now()
        retry_after = parse_retry_after(response.headers.get("retry-after"), now=now)
        if retry_after is not None and retry_after > MAX_RETRY_AFTER:
            message += (
                f" The service asks to wait {retry_after:.0f} seconds, more than the limit of "
                f"{MAX_RETRY_AFTER:.0f} seconds."
            )
        return kind(
            message,
            status=status,
            code=body.code and self._short(body.code),
            request_id=self._short(body.request_id or request_id),
            method=request.method,
            path=request.path,
            retry_after=retry_after,
        )

    def _short(self, identifier: str) -> str:
        """Return an id or a code of the server for messages: in one line, without secrets, not too long."""
        return one_line(self._scrubber.scrub(identifier), _MAX_IDENTIFIER)

    def _log(self, request: RequestSpec, outcome: object, request_id: str | None, started: float) -> None:
        """Log a request, without body, headers and query, which can contain secrets and names."""
        if not log.isEnabledFor(logging.DEBUG):
            return
        took = (time.perf_counter() - started) * 1000
        path = self._scrubber.scrub(request.path)
        log.debug("%s %s -> %s in %.0f ms (request id %s)", request.method, path, outcome, took, request_id)
