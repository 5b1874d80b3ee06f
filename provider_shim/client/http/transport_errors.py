"""Mapping of httpx exceptions to the client's, depending on whether the request may have been sent."""

from __future__ import annotations

import re
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
        # Before the connection was established: nothing was sent.
        httpx.ConnectError: Unreachable,
        httpx.ConnectTimeout: Unreachable,
        httpx.PoolTimeout: Unreachable,
        httpx.ProxyError: Unreachable,
        # The URL is invalid.
        httpx.InvalidURL: InvalidSettings,
        httpx.UnsupportedProtocol: InvalidSettings,
        # On an established connection: the request, or a part of it, may have arrived.
        httpx.ReadError: ResponseLost,
        httpx.WriteError: ResponseLost,
        httpx.CloseError: ResponseLost,
        httpx.ReadTimeout: ResponseLost,
        httpx.WriteTimeout: ResponseLost,
        httpx.RemoteProtocolError: ResponseLost,
        httpx.LocalProtocolError: ResponseLost,
        # The response is invalid.
        httpx.DecodingError: InvalidResponse,
        httpx.TooManyRedirects: InvalidResponse,
        httpx.HTTPStatusError: InvalidResponse,
        # Base classes, for exceptions that a later release adds: the outcome is unknown.
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
        httpx.StreamError,  # the client reads complete bodies, so these would be a bug
        httpx.StreamConsumed,
        httpx.StreamClosed,
        httpx.ResponseNotRead,
        httpx.RequestNotRead,
    }
)
"""Exceptions that httpx raises for wrong use only, not for failures of the service or the network."""

_BYTES = re.compile(
    r"""(?:bytearray\()?\bb(?:'(?P<content>(?:[^'\\]|\\.)*)'|"(?P<content2>(?:[^"\\]|\\.)*)")\)?"""
)
"""Bytes of a header or a status line in a message of h11, which can be secret."""

CAUGHT_EXCEPTIONS = (httpx.HTTPError, httpx.InvalidURL, OSError)
"""Exceptions that a request can raise. `OSError` includes `TimeoutError`, for the deadline of an attempt."""


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
    """Convert one of `CAUGHT_EXCEPTIONS`. `deadline` is in seconds; `scrub` removes secrets from a text."""
    kind, message = _classify(error, host=host, deadline=deadline)
    is_untrusted = any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))
    if is_untrusted:
        message += _UNTRUSTED
    result = kind(scrub(message), method=method, path=path, request_id=request_id)
    if isinstance(result, Unreachable):
        result.transient = not is_untrusted  # a retry doesn't make a certificate trusted
    return result


def _classify(error: Exception, *, host: str, deadline: float) -> tuple[type[FlowServiceError], str]:
    if isinstance(error, TimeoutError):
        return ResponseLost, f"No complete response arrived from {host} within {deadline:g} seconds."
    kind = next((ERROR_CLASSES[cls] for cls in type(error).__mro__ if cls in ERROR_CLASSES), ResponseLost)
    detail = f"{type(error).__name__}: {_BYTES.sub(_length, str(error))}".removesuffix(": ")
    return kind, _MESSAGES[kind].format(host=host, detail=detail)


def _length(quoted: re.Match[str]) -> str:
    return f"<{len(quoted['content'] or quoted['content2'] or '')} characters>"


_MESSAGES: Mapping[type[FlowServiceError], str] = MappingProxyType(
    {
        Unreachable: "No connection to {host} could be made ({detail}).",
        InvalidSettings: "The endpoint is not a usable URL ({detail}).",
        InvalidResponse: "The response from {host} can't be read ({detail}).",
        ResponseLost: "The connection to {host} failed before a complete response arrived ({detail}).",
    }
)


_UNTRUSTED = (
    " This machine doesn't trust the server's certificate. If a proxy of your company signs certificates, "
    "add its certificate authority to those of this machine, or name its file in SSL_CERT_FILE."
)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
