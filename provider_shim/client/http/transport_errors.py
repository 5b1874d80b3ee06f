"""From an exception of the HTTP library to ours. What counts is one question: was anything sent?"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import httpx

from provider_shim.client.errors import (
    AnswerLost,
    BadAnswer,
    FlowServiceError,
    Unreachable,
    UnusableSettings,
)

MEANINGS: Mapping[type[Exception], type[FlowServiceError]] = MappingProxyType(
    {
        # Before a connection stood.
        httpx.ConnectError: Unreachable,
        httpx.ConnectTimeout: Unreachable,
        httpx.PoolTimeout: Unreachable,
        httpx.ProxyError: Unreachable,
        # The address itself.
        httpx.InvalidURL: UnusableSettings,
        httpx.UnsupportedProtocol: UnusableSettings,
        # On a standing connection: the request, or a part of it, may have arrived.
        httpx.ReadError: AnswerLost,
        httpx.WriteError: AnswerLost,
        httpx.CloseError: AnswerLost,
        httpx.ReadTimeout: AnswerLost,
        httpx.WriteTimeout: AnswerLost,
        httpx.RemoteProtocolError: AnswerLost,
        httpx.LocalProtocolError: AnswerLost,
        # An answer that isn't one.
        httpx.DecodingError: BadAnswer,
        httpx.TooManyRedirects: BadAnswer,
        httpx.HTTPStatusError: BadAnswer,
        # The families, for a member that a later release adds: the careful reading.
        httpx.HTTPError: AnswerLost,
        httpx.RequestError: AnswerLost,
        httpx.TransportError: AnswerLost,
        httpx.TimeoutException: AnswerLost,
        httpx.NetworkError: AnswerLost,
        httpx.ProtocolError: AnswerLost,
    }
)

MISUSE: frozenset[type[Exception]] = frozenset(
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

CAUGHT = (httpx.HTTPError, httpx.InvalidURL, OSError)
"""What an attempt can raise. `OSError` includes `TimeoutError`, our own deadline."""


def failure(
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
    kind, message = _meaning(error, host=host, deadline=deadline)
    result = kind(scrub(message), method=method, path=path, request_id=request_id)
    if isinstance(result, Unreachable):
        # A certificate that isn't trusted now isn't trusted in a second either.
        result.passing = not any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))
    return result


def _meaning(error: Exception, *, host: str, deadline: float) -> tuple[type[FlowServiceError], str]:
    if isinstance(error, TimeoutError):
        return AnswerLost, f"No whole answer came from {host} within {deadline:g} seconds."
    kind = next((MEANINGS[cls] for cls in type(error).__mro__ if cls in MEANINGS), AnswerLost)
    words = f"{type(error).__name__}: {error}".removesuffix(": ")
    return kind, _SENTENCES[kind].format(host=host, words=words)


_SENTENCES: Mapping[type[FlowServiceError], str] = MappingProxyType(
    {
        Unreachable: "No connection to {host} came about ({words}).",
        UnusableSettings: "The endpoint is no address that can be used ({words}).",
        BadAnswer: "The answer from {host} can't be read ({words}).",
        AnswerLost: "The connection to {host} broke before a whole answer came ({words}).",
    }
)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
