"""HTTP requests to Adobe with an access token, Adobe's headers and retries."""

from __future__ import annotations

from collections.abc import Callable

from provider_shim.client.errors import AuthenticationFailed, SandboxNotFound
from provider_shim.client.http.http_session import HttpSession, RequestSpec, Response
from provider_shim.client.http.retry import Retry
from provider_shim.client.http.scrubber import Scrubber
from provider_shim.client.sandboxes import SandboxDirectory
from provider_shim.client.settings import ClientSettings, check_settings
from provider_shim.client.tokens import TokenCache


class AuthorizedSession:
    """Sends requests as one client of one organisation, in one sandbox."""

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
        self._tokens = TokenCache(settings, http, retry, scrubber, now=now)
        self._sandboxes = SandboxDirectory(settings.endpoint, self._send)

    async def access_token(self) -> tuple[str, float | None]:
        """Get an access token and the time at which it expires, in seconds since 1970 or None if unknown."""
        check_settings(self._settings)
        token = await self._tokens.current()
        return token, self._tokens.expires_at

    async def send(self, request: RequestSpec) -> Response:
        """Send with a token and retries. A rejected token is renewed once.

        If the sandbox does not exist, the error has the sandboxes that do.
        """
        try:
            return await self._send(request)
        except SandboxNotFound as error:
            raise await self._sandboxes.add_visible(error) from None

    async def _send(self, request: RequestSpec) -> Response:
        check_settings(self._settings)
        renewed = False

        async def attempt() -> Response:
            nonlocal renewed
            token = await self._tokens.current()
            try:
                return await self._http.send(request, self._headers(token))
            except AuthenticationFailed as error:
                # A request with a rejected token had no effect, so even a create is safe to send again.
                if renewed or not _is_token_rejected(error) or not self._tokens.discard(token):
                    raise
                renewed = True
            return await self._http.send(request, self._headers(await self._tokens.current()))

        return await self._retry.run(attempt, idempotent=request.idempotent)

    async def close(self) -> None:
        """Cancel a token request in progress and close all connections."""
        await self._tokens.close()
        await self._http.close()

    def _headers(self, token: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "x-api-key": self._settings.client_id,
            "x-gw-ims-org-id": self._settings.organization_id,
            # Without this header Adobe uses the sandbox "prod".
            "x-sandbox-name": self._settings.sandbox_name,
            "Accept": "application/json",
        }


def _is_token_rejected(error: AuthenticationFailed) -> bool:
    """Whether the token was rejected: Adobe documents both 401 and 403 with the code 403010."""
    return error.status == 401 or error.code == "403010"
