"""The provider's own configuration."""

from dataclasses import dataclass
from typing import Any

from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import ProviderBlock
from provider_shim.schema.rules import Duration, IntegerBetween, OneOf, Pattern, Rule
from provider_shim.schema.types import NUMBER, STRING, List, Type

_SERVER = r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?/?"
"""Scheme, host, port. No user or password: they would take the place of our own authorization."""

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
        "Where Flow Service is. `emulator:<file>` runs the emulator inside the provider, over that file; it "
        "needs no account. `https://platform.adobe.io` unless it is set.",
        rules=(_ENDPOINT,),
        example="https://platform.adobe.io",
    ),
    _Setting(
        "auth_endpoint",
        "Where access tokens come from. `https://ims-na1.adobelogin.com` unless it is set. It must be set, or "
        "else `access_token`, where `endpoint` is not Adobe's, so that the client secret never reaches a "
        "stranger.",
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
        "Where runs on request are asked for (`aep_flow_run_trigger`). The same server as `endpoint` unless it "
        "is set. The access token is sent there too.",
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
        "The id of the organisation, with its `@AdobeOrg` at the end.",
        rules=(
            Pattern(
                regex=r"[^@\s]+@AdobeOrg",
                requirement="end in @AdobeOrg",
                example="5555467B5D8013E50A494220@AdobeOrg",
            ),
        ),
    ),
    _Setting("client_id", "The client id of the project in Adobe's Developer Console, also sent as API key."),
    _Setting("client_secret", "The client secret of the OAuth server-to-server credential.", sensitive=True),
    _Setting(
        "scopes",
        "The scopes of the access token; those of an Experience Platform credential unless they are set.",
        List(STRING),
    ),
    _Setting(
        "access_token",
        "A token that was made elsewhere, in place of `client_secret`. It is not renewed.",
        sensitive=True,
    ),
    _Setting(
        "sandbox_name",
        "The sandbox that everything is in. `prod` unless it is set.",
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
        "How often a request is repeated that Flow Service refused for the moment. 5 unless it is set.",
        NUMBER,
        rules=(IntegerBetween(minimum=0, maximum=100, requirement="be a whole number between 0 and 100"),),
        example=5,
    ),
    _Setting(
        "request_timeout",
        "How long one request may take. One minute unless it is set.",
        rules=(Duration(example="1m"),),
        example="1m",
    ),
    _Setting(
        "max_concurrent_requests",
        "How many requests may be under way at once. 8 unless it is set.",
        NUMBER,
        rules=(IntegerBetween(minimum=1, maximum=100, requirement="be a whole number between 1 and 100"),),
        example=8,
    ),
    _Setting(
        "disputed_rules",
        'What a plan does about a rule on which Adobe\'s own sources disagree: `"error"` (unless it is set) or '
        '`"warning"`.',
        rules=(OneOf(values=("error", "warning"), requirement='be "error" or "warning"'),),
        example="error",
    ),
    _Setting(
        "existing_names",
        "What a create does about an object of the same name that the same client has made, that could become "
        'what is planned, and that this process does not know to be in the state: `"error"` (unless it is set), '
        'because an interrupted apply may have made it, or `"ignore"`, where objects share their names on '
        "purpose.",
        rules=(OneOf(values=("error", "ignore"), requirement='be "error" or "ignore"'),),
        example="error",
    ),
    _Setting(
        "expiry_warning_days",
        "A plan warns of a flow whose exports end within so many days. 30 unless it is set.",
        NUMBER,
        rules=(IntegerBetween(minimum=0, maximum=3650, requirement="be between 0 and 3650"),),
        example=30,
    ),
)

PROVIDER = ProviderBlock(
    type_name="aep",
    description="Dataset exports from Adobe Experience Platform as code. Every setting can also be given by "
    "the environment variable `AEP_` followed by its name in upper case. Nothing is needed to validate, or to "
    "plan new resources; the credentials are needed at the first request.",
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
