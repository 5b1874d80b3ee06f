"""The access token: configured, or fetched from Adobe's identity service (IMS) and cached until it expires.

Source: Adobe's guide "Server to server authentication": a form POST, a response with `expires_in` in seconds
(about a day), no refresh token, and a warning that fetching a token for each request may be throttled.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import ValidationError

from provider_shim.client import responses
from provider_shim.client.errors import (
    AuthenticationFailed,
    FlowServiceError,
    InvalidResponse,
    InvalidSettings,
    OutcomeUnknown,
    ServiceFailed,
    Throttled,
    Unreachable,
)
from provider_shim.client.http import json_body
from provider_shim.client.http.http_session import HttpSession, RequestSpec
from provider_shim.client.http.retry import Retry
from provider_shim.client.http.scrubber import Scrubber
from provider_shim.client.models import TokenResponse
from provider_shim.client.settings import MAX_TOKEN_LENGTH, ClientSettings

TOKEN_PATH = "/ims/token/v3"  # noqa: S105 - a path, not a password

_RENEW_BEFORE_EXPIRY = 300.0
"""Seconds before its expiry at which a token is renewed; at most a tenth of its lifetime."""

_MILLISECONDS_ABOVE = 1_000_000
"""The retired JWT endpoint counted `expires_in` in milliseconds (86399992).

No token is valid for eleven days.
"""


_MAX_LIFETIME = 1e11
"""The largest `expires_in` that is accepted: three years, in milliseconds."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    renew_at: float
    expires_at: float | None


class TokenCache:
    """Cache of the access token. Concurrent requests share one fetch."""

    def __init__(
        self,
        settings: ClientSettings,
        http: HttpSession,
        retry: Retry,
        scrubber: Scrubber,
        *,
        now: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._http = http
        self._retry = retry
        self._scrubber = scrubber
        self._now = now
        self._token: _Token | None = None
        self._fetch: asyncio.Task[str] | None = None

    async def current(self) -> str:
        """Get a token that has not expired, fetching one if needed.

        Raises a `FlowServiceError` if none can be fetched.
        """
        if self._settings.access_token:
            return self._settings.access_token
        if self._token is not None and self._now() < self._token.renew_at:
            return self._token.text
        if self._fetch is None or self._fetch.done():
            self._fetch = asyncio.create_task(self._fetch_token())
            self._fetch.add_done_callback(_retrieve_exception)
        # Shielded: cancelling one request must not cancel the fetch that other requests wait for.
        return await asyncio.shield(self._fetch)

    @property
    def expires_at(self) -> float | None:
        """Time at which the current token expires, in seconds since 1970, or None if unknown."""
        return None if self._token is None else self._token.expires_at

    def discard(self, rejected: str) -> bool:
        """Discard a rejected token. Returns whether a new one can be fetched."""
        if self._settings.access_token:
            return False
        if self._token is not None and self._token.text == rejected:
            self._token = None
        return True

    async def close(self) -> None:
        """Cancel a fetch in progress."""
        if self._fetch is not None and not self._fetch.done():
            self._fetch.cancel()
            await asyncio.wait([self._fetch])

    async def _fetch_token(self) -> str:
        try:
            response = await self._retry.run(self._request, idempotent=True)
        except OutcomeUnknown as error:
            # Only the outcome of the token request is unknown: the request that needs the token wasn't sent.
            kind = AuthenticationFailed if isinstance(error, InvalidResponse) else Unreachable
            raise _token_error(kind, error) from None
        except (Unreachable, Throttled, ServiceFailed, InvalidSettings):
            raise
        except FlowServiceError as error:
            raise _token_error(AuthenticationFailed, error) from None
        self._scrubber.add([response.access_token])
        lifetime = response.expires_in
        if lifetime is None:
            renew_at, expires_at = float("inf"), None  # kept until the service rejects it
        else:
            seconds = lifetime / 1000 if lifetime > _MILLISECONDS_ABOVE else lifetime
            expires_at = self._now() + seconds
            renew_at = expires_at - min(_RENEW_BEFORE_EXPIRY, seconds / 10)
        self._token = _Token(response.access_token, renew_at, expires_at)
        return response.access_token

    async def _request(self) -> TokenResponse:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "scope": ",".join(self._settings.scopes),
        }
        request = RequestSpec(
            base=self._settings.auth_endpoint.rstrip("/"),
            method="POST",
            path=TOKEN_PATH,
            content=urlencode(form).encode(),
        )
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        response = await self._http.send(request, headers)
        try:
            token = TokenResponse.model_validate(json_body.parse(response.content))
            reason = _unusable(token)
        except json_body.UnusableJson as unusable:
            reason = str(unusable)
        except ValidationError as error:
            reason = f"{responses.describe_validation_error(error)}."
        if reason:
            raise responses.invalid_response(
                request,
                response,
                f"The response from {self._settings.auth_endpoint} contains no usable access token: {reason}",
            )
        return token


def _unusable(token: TokenResponse) -> str:
    """Return why a token can't be used, or an empty text."""
    length = len(token.access_token)
    if length > MAX_TOKEN_LENGTH:
        return f"it has {length:,} characters, and a header can carry {MAX_TOKEN_LENGTH:,} at most."
    if not re.fullmatch(r"[\x21-\x7e]+", token.access_token):
        return "it has a character that a header can't carry."
    if token.expires_in is not None and not 0 <= token.expires_in <= _MAX_LIFETIME:
        return "its expires_in is negative or longer than three years."
    return ""


def _token_error(kind: type[FlowServiceError], error: FlowServiceError) -> FlowServiceError:
    result = kind(
        f"No access token could be fetched. {error.message}",
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        method=error.method,
        path=error.path,
    )
    result.final = True
    return result


def _retrieve_exception(fetch: asyncio.Task[str]) -> None:
    """Mark the exception as retrieved, or asyncio logs it if no request waits for the fetch."""
    if not fetch.cancelled():
        fetch.exception()
