"""From an exception of the HTTP library to ours. What counts is one question: was anything sent?"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import httpx

from provider_shim.client.errors import (
    FlowServiceError,
    InvalidResponse,
    InvalidSettings,
    ResponseLost,
    Unreachable,
)

ERROR_CLASSES: Mapping[type[Exception], type[FlowServiceError]] = MappingProxyType(
    {
        # Before a connection stood.
        httpx.ConnectError: Unreachable,
        httpx.ConnectTimeout: Unreachable,
        httpx.PoolTimeout: Unreachable,
        httpx.ProxyError: Unreachable,
        # The address itself.
        httpx.InvalidURL: InvalidSettings,
        httpx.UnsupportedProtocol: InvalidSettings,
        # On a standing connection: the request, or a part of it, may have arrived.
        httpx.ReadError: ResponseLost,
        httpx.WriteError: ResponseLost,
        httpx.CloseError: ResponseLost,
        httpx.ReadTimeout: ResponseLost,
        httpx.WriteTimeout: ResponseLost,
        httpx.RemoteProtocolError: ResponseLost,
        httpx.LocalProtocolError: ResponseLost,
        # An answer that isn't one.
        httpx.DecodingError: InvalidResponse,
        httpx.TooManyRedirects: InvalidResponse,
        httpx.HTTPStatusError: InvalidResponse,
        # The families, for a member that a later release adds: the careful reading.
        httpx.HTTPError: ResponseLost,
        httpx.RequestError: ResponseLost,
        httpx.TransportError: ResponseLost,
        httpx.TimeoutException: ResponseLost,
        httpx.NetworkError: ResponseLost,
        httpx.ProtocolError: ResponseLost,
    }
)

PROGRAMMING_ERRORS: frozenset[type[Exception]] = frozenset(
    {
        httpx.CookieConflict,  # the client keeps no cookies
        httpx.StreamError,  # the client reads every body whole, so this family would be a bug of ours
        httpx.StreamConsumed,
        httpx.StreamClosed,
        httpx.ResponseNotRead,
        httpx.RequestNotRead,
    }
)
"""Exceptions of httpx that only a wrong use of it raises; not the service's or the network's doing."""

CAUGHT_EXCEPTIONS = (httpx.HTTPError, httpx.InvalidURL, OSError)
"""What an attempt can raise. `OSError` includes `TimeoutError`, our own deadline."""


def to_error(
    error: Exception,
    *,
    host: str,
    deadline: float,
    method: str,
    path: str,
    request_id: str,
    scrub: Callable[[str], str],
) -> FlowServiceError:
    """Our exception for one of `CAUGHT`. `deadline` is in seconds; `scrub` takes secrets out of a text."""
    kind, message = _classify(error, host=host, deadline=deadline)
    result = kind(scrub(message), method=method, path=path, request_id=request_id)
    if isinstance(result, Unreachable):
        # A certificate that isn't trusted now isn't trusted in a second either.
        result.transient = not any(
            isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)
        )
    return result


def _classify(error: Exception, *, host: str, deadline: float) -> tuple[type[FlowServiceError], str]:
    if isinstance(error, TimeoutError):
        return ResponseLost, f"No whole answer came from {host} within {deadline:g} seconds."
    kind = next((ERROR_CLASSES[cls] for cls in type(error).__mro__ if cls in ERROR_CLASSES), ResponseLost)
    detail = f"{type(error).__name__}: {error}".removesuffix(": ")
    return kind, _MESSAGES[kind].format(host=host, detail=detail)


_MESSAGES: Mapping[type[FlowServiceError], str] = MappingProxyType(
    {
        Unreachable: "No connection to {host} came about ({detail}).",
        InvalidSettings: "The endpoint is no address that can be used ({detail}).",
        InvalidResponse: "The answer from {host} can't be read ({detail}).",
        ResponseLost: "The connection to {host} broke before a whole answer came ({detail}).",
    }
)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
