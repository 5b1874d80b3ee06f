"""Whom the client talks to, as whom, and how patiently."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from provider_shim.client.errors import InvalidSettings, MissingCredentials

ADOBE_ENDPOINT = "https://platform.adobe.io"
ADOBE_AUTH_ENDPOINT = "https://ims-na1.adobelogin.com"

DEFAULT_SCOPES = (
    "openid",
    "session",
    "AdobeID",
    "read_organizations",
    "additional_info.projectedProductContext",
)
"""The scopes that Adobe's `getcredential.json` (AdobeDocs/experience-platform-apis) lists for Experience
Platform. The Developer Console shows the exact list of a project, so it is a setting."""

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, kw_only=True)
class ClientSettings:
    """Everything that the client is told. An empty text means "not given", as an unset variable does.

    `endpoint` and `auth_endpoint` are `scheme://host[:port][/prefix]`, without Adobe's own paths, and so is
    `adhoc_endpoint`, for runs on request; without it they are asked for at `endpoint`.
    `request_timeout` is seconds for one attempt as a whole, from connecting to the last byte of the answer.
    `max_retries` counts the attempts after the first one. The secrets are left out of the `repr`.
    """

    endpoint: str = ADOBE_ENDPOINT
    auth_endpoint: str = ADOBE_AUTH_ENDPOINT
    adhoc_endpoint: str = ""
    organization_id: str = ""
    client_id: str = ""
    client_secret: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    sandbox_name: str = "prod"
    max_retries: int = 5
    request_timeout: float = 60.0
    max_concurrent_requests: int = 8


def check_settings(settings: ClientSettings) -> None:
    """Raise what keeps these settings from any request; it is called at the first request, not earlier.

    Raises `MissingCredentials` where something is absent, `InvalidSettings` where something can't be sent.
    """
    _check_presence(settings)
    for name in ("organization_id", "client_id", "sandbox_name", "access_token"):
        text = getattr(settings, name)
        if text and not _HEADER_SAFE.fullmatch(text):
            raise InvalidSettings(
                f"{name} has a space, a line end or another character that an HTTP header can't carry. "
                f"Check the provider's argument {name} and the variable AEP_{name.upper()}."
            )
    for name in ("endpoint", "auth_endpoint", "adhoc_endpoint"):
        if getattr(settings, name) or name != "adhoc_endpoint":
            _check_url(name, getattr(settings, name))


def _check_presence(settings: ClientSettings) -> None:
    absent: list[tuple[str, str]] = []
    if not settings.organization_id:
        absent.append(("AEP_ORGANIZATION_ID", "organization_id"))
    if not settings.client_id:
        absent.append(("AEP_CLIENT_ID", "client_id"))
    if not settings.client_secret and not settings.access_token:
        absent.append(("AEP_CLIENT_SECRET (or AEP_ACCESS_TOKEN)", "client_secret (or access_token)"))
    if not absent:
        return
    variables = ", ".join(variable for variable, _ in absent)
    arguments = ", ".join(argument for _, argument in absent)
    raise MissingCredentials(
        f"Credentials for Adobe Experience Platform are missing. Set the environment variables {variables}, "
        f"or the provider's arguments {arguments}.",
        variables=tuple(variable for variable, _ in absent),
    )


def _check_url(name: str, text: str) -> None:
    """A user or password in the address would silently replace our Authorization header."""
    match = re.fullmatch(r"https?://(?P<host>[^/?#\s]+)(?P<prefix>/[^?#\s]*)?", text)
    if match is None or "@" in match["host"]:
        raise InvalidSettings(
            f"{name} must be an address such as {ADOBE_ENDPOINT}: http or https, a host, and neither a user "
            f"nor a query. Check the provider's argument {name} and the variable AEP_{name.upper()}."
        )
