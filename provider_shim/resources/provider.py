"""The provider's own configuration."""

from dataclasses import dataclass
from typing import Any

from provider_shim.resources.common import ORGANIZATION_ID
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import ProviderBlock
from provider_shim.schema.rules import Duration, IntegerBetween, OneOf, Pattern, Rule
from provider_shim.schema.types import NUMBER, STRING, List, Type

_SERVER = r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?/?"
"""Scheme, host and port. A user or password is not allowed, because it would override the access token."""

_ENDPOINT = Pattern(
    regex=rf"{_SERVER}|emulator:.+",
    requirement="be the address of a server without a path, or emulator:<file>",
    example="https://platform.adobe.io",
)


@dataclass(frozen=True, slots=True)
class _Setting:
    name: str
    description: str
    type: Type = STRING
    sensitive: bool = False
    rules: tuple[Rule, ...] = ()
    example: Any = None


_SETTINGS = (
    _Setting(
        "endpoint",
        "Address of Flow Service. Defaults to `https://platform.adobe.io`. `emulator:<file>` runs the emulator inside "
        "the provider, with its data in that file and without an account. Plain `http` is allowed for servers of this "
        "machine only (`localhost`, 127.0.0.0/8, `::1`), here and in the other endpoints.",
        rules=(_ENDPOINT,),
        example="https://platform.adobe.io",
    ),
    _Setting(
        "auth_endpoint",
        "Address of the server that issues access tokens. Defaults to `https://ims-na1.adobelogin.com`. If `endpoint` "
        "is not an address of Adobe's, this or `access_token` must be set, so that the client secret never reaches "
        "another server.",
        rules=(
            Pattern(
                regex=_SERVER,
                requirement="be the address of a server without a path",
                example="https://ims-na1.adobelogin.com",
            ),
        ),
    ),
    _Setting(
        "adhoc_endpoint",
        "Address of the server for runs on request (`aep_flow_run_trigger`), which also receives the access token. "
        "Defaults to `endpoint`.",
        rules=(
            Pattern(
                regex=_SERVER,
                requirement="be the address of a server without a path",
                example="https://platform.adobe.io",
            ),
        ),
    ),
    _Setting(
        "organization_id",
        "ID of the organisation, which ends in `@AdobeOrg`.",
        rules=(ORGANIZATION_ID,),
    ),
    _Setting("client_id", "Client ID of the project in Adobe's Developer Console, also sent as the API key."),
    _Setting("client_secret", "Client secret of the OAuth server-to-server credential.", sensitive=True),
    _Setting(
        "scopes",
        "Scopes of the access token. Defaults to those of an Experience Platform credential.",
        List(STRING),
    ),
    _Setting(
        "access_token",
        "Access token from another source, instead of `client_secret`, of at most 16,384 characters. It is not renewed.",
        sensitive=True,
        rules=(
            Pattern(
                regex=r"[\x21-\x7e]{0,16384}",
                requirement="be a token that a header can carry: at most 16,384 characters, without spaces",
            ),
        ),
    ),
    _Setting(
        "sandbox_name",
        "Sandbox of all objects. Defaults to `prod`.",
        rules=(
            Pattern(
                regex=r"[a-z0-9][a-z0-9-]*",
                requirement="be a sandbox's name: lower-case letters, digits and hyphens",
                example="prod",
            ),
        ),
        example="prod",
    ),
    _Setting(
        "max_retries",
        "Maximum number of retries of a request that failed temporarily. Defaults to 5.",
        NUMBER,
        rules=(IntegerBetween(minimum=0, maximum=100, requirement="be a whole number between 0 and 100"),),
        example=5,
    ),
    _Setting(
        "request_timeout",
        "Timeout of one request. Defaults to one minute.",
        rules=(Duration(example="1m"),),
        example="1m",
    ),
    _Setting(
        "max_concurrent_requests",
        "Maximum number of concurrent requests. Defaults to 8.",
        NUMBER,
        rules=(IntegerBetween(minimum=1, maximum=100, requirement="be a whole number between 1 and 100"),),
        example=8,
    ),
    _Setting(
        "disputed_rules",
        'Severity of violations of rules about which Adobe\'s own sources disagree: `"error"` (default) or '
        '`"warning"`.',
        rules=(OneOf(values=("error", "warning"), requirement='be "error" or "warning"'),),
        example="error",
    ),
    _Setting(
        "existing_names",
        "Effect on a create of an existing object that has the same name, was created by the same client and is not "
        'known to be in the state: `"error"` (default), because an interrupted apply may have created the object, or '
        '`"ignore"`, for objects that share names on purpose.',
        rules=(OneOf(values=("error", "ignore"), requirement='be "error" or "ignore"'),),
        example="error",
    ),
    _Setting(
        "expiry_warning_days",
        "Number of days before the end of a flow's exports from which on each plan warns of it. Defaults to 30.",
        NUMBER,
        rules=(IntegerBetween(minimum=0, maximum=3650, requirement="be between 0 and 3650"),),
        example=30,
    ),
)

PROVIDER = ProviderBlock(
    type_name="aep",
    description="Manages dataset exports from Adobe Experience Platform. Each setting can also be set by the "
    "environment variable `AEP_` followed by its name in upper case. Credentials are needed for the first request, but "
    "not to validate a configuration or to plan new resources.",
    attributes=tuple(
        Attribute(
            name=setting.name,
            description=f"{setting.description} Environment: `AEP_{setting.name.upper()}`"
            + (", separated by commas." if isinstance(setting.type, List) else "."),
            presence=Presence.OPTIONAL,
            type=setting.type,
            sensitive=setting.sensitive,
            rules=setting.rules,
            example=setting.example,
            environment=f"AEP_{setting.name.upper()}",
        )
        for setting in _SETTINGS
    ),
)
