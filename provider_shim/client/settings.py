"""Connection settings of the client."""

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
Platform. They are a setting because the Developer Console shows the exact list of each project."""

MAX_TOKEN_LENGTH = 16_384
"""Characters of an access token. A limit of this client's: no page of Adobe's states a token's length, and
servers rarely accept longer header lines (nginx and Tomcat 8 KiB by default, IIS 16 KiB)."""

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, kw_only=True)
class ClientSettings:
    """Settings of the client. An empty string means "not set", like an unset environment variable.

    `endpoint` and `auth_endpoint` are `scheme://host[:port][/prefix]`, without Adobe's paths.
    `adhoc_endpoint` has the same form and is used for runs on request; it defaults to `endpoint`.
    `request_timeout` is the number of seconds for one attempt, from connecting to the last byte of the
    response. `max_retries` is the number of attempts after the first one. The `repr` contains no secrets.
    """

    endpoint: str = ADOBE_ENDPOINT
    auth_endpoint: str = ADOBE_AUTH_ENDPOINT
    adhoc_endpoint: str = ""
    organization_id: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    sandbox_name: str = "prod"
    max_retries: int = 5
    request_timeout: float = 60.0
    max_concurrent_requests: int = 8


def check_settings(settings: ClientSettings) -> None:
    """Check the settings; called before each request and not when a client is created.

    Raises:
        MissingCredentials: A required setting is missing.
        InvalidSettings: A setting can't be sent in a header, or an endpoint isn't a usable URL.
    """
    _check_presence(settings)
    for name in ("organization_id", "client_id", "sandbox_name", "access_token"):
        text = getattr(settings, name)
        if text and not _HEADER_SAFE.fullmatch(text):
            raise InvalidSettings(
                f"{name} has a space, a line end or another character that an HTTP header can't carry. "
                f"Check the provider's argument {name} and the variable AEP_{name.upper()}."
            )
    if len(settings.access_token) > MAX_TOKEN_LENGTH:
        raise InvalidSettings(
            f"access_token has {len(settings.access_token):,} characters, and a header can carry "
            f"{MAX_TOKEN_LENGTH:,} at most. Check the provider's argument access_token and the variable "
            "AEP_ACCESS_TOKEN."
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
    """Check a URL. It must have no user or password: they would silently replace the Authorization header."""
    match = re.fullmatch(r"https?://(?P<host>[^/?#\s]+)(?P<prefix>/[^?#\s]*)?", text)
    if match is None or "@" in match["host"]:
        raise InvalidSettings(
            f"{name} must be a URL such as {ADOBE_ENDPOINT}: http or https, a host, no user and no "
            f"query. Check the provider's argument {name} and the variable AEP_{name.upper()}."
        )
