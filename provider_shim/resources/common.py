"""Attributes of every managed resource, and facts and rules that several descriptions share."""

from provider_shim.destinations import DESTINATIONS
from provider_shim.schema.attribute import Attribute, JsonField, Nested, Presence
from provider_shim.schema.block import IdentityAttribute
from provider_shim.schema.codecs import OPTIONAL_TEXT
from provider_shim.schema.rules import Duration, NotEmpty, OneOf, Pattern
from provider_shim.schema.types import BOOL, STRING, Type

DATA_LAKE_SPEC = "23598e46-f560-407b-88d5-ea6207e49db0"
"""The connection spec of the data lake, the source of every dataset export (Adobe's tutorial)."""

SPEC_VERSION = "1.0"
"""The version of every connection spec and flow spec in use (Adobe's tutorial)."""

DESTINATION_NAMES = tuple(destination.name for destination in DESTINATIONS)
DESTINATION_RULE = OneOf(
    values=DESTINATION_NAMES,
    requirement="be one of " + ", ".join(f'"{name}"' for name in DESTINATION_NAMES),
)

UUID = Pattern(
    regex=r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    requirement="be the id of a Flow Service entity, a UUID",
    example="eb54b3b3-3949-4f12-89c8-64eafaba858f",
)

DATASET_ID = Pattern(
    regex=r"[0-9a-f]{24}",
    requirement="be a dataset's id: 24 hexadecimal digits in lower case",
    example="5ef3e3259ad2a1191ab7dd7d",
)

ORGANIZATION_ID = Pattern(
    regex=r"[^@\s]+@AdobeOrg",
    requirement="end in @AdobeOrg",
    example="5555467B5D8013E50A494220@AdobeOrg",
)

ID = Attribute(
    name="id",
    description="ID of the object in Flow Service.",
    presence=Presence.COMPUTED,
    json=JsonField("id", writable=False),
)


IDENTITY = (
    IdentityAttribute(name="id", description="ID of the object in Flow Service."),
    IdentityAttribute(
        name="sandbox_name",
        description="Sandbox of the object. Defaults to the provider's `sandbox_name`. An import from any other "
        "sandbox is an error.",
        required=False,
    ),
    IdentityAttribute(
        name="organization_id",
        description="Organisation of the sandbox. Defaults to the provider's `organization_id`. An import from any "
        "other organisation is an error.",
        required=False,
    ),
)
"""The resource identity of a Flow Service entity, for Terraform 1.12 and later."""


def computed(
    name: str, description: str, kind: Type = STRING, *, sensitive: bool = False, source: str = ""
) -> Attribute:
    """Return a computed attribute, whose value is set by Flow Service."""
    return Attribute(
        name=name,
        description=description,
        presence=Presence.COMPUTED,
        type=kind,
        sensitive=sensitive,
        source=source,
    )


def name_of(noun: str) -> Attribute:
    """Return the attribute `name` of an entity. Flow Service does not require unique names."""
    return Attribute(
        name="name",
        description=f"Name of the {noun}, as shown in Adobe's web page. It need not be unique.",
        presence=Presence.REQUIRED,
        json=JsonField("name"),
        rules=(NotEmpty(),),
        example="orders",
        source="OpenAPI 'Flow Service - Destinations' (2024-11-13)",
    )


def description_of(noun: str) -> Attribute:
    """Return the attribute `description` of an entity."""
    return Attribute(
        name="description",
        description=f"Description of the {noun}.",
        presence=Presence.OPTIONAL_OR_EMPTY,
        json=JsonField("description", OPTIONAL_TEXT),
        source="OpenAPI 'Flow Service - Destinations' (2024-11-13)",
    )


SANDBOX_NAME = Attribute(
    name="sandbox_name",
    description="Sandbox of the object: the provider's `sandbox_name` when it was created or imported. A provider "
    "that is configured for another sandbox or organisation reports an error for the object before it sends a "
    "request.",
    presence=Presence.COMPUTED,
)

DELETION_PROTECTION = Attribute(
    name="deletion_protection",
    description="Set to `true` to prevent Terraform from destroying or replacing the object. The setting is stored "
    "in Terraform's state only and does not apply to Adobe's web page.",
    presence=Presence.DEFAULT,
    type=BOOL,
    default=False,
)

_OPERATIONS = {"create": "10m", "update": "10m", "delete": "10m"}

TIMEOUTS = Attribute(
    name="timeouts",
    description='Timeouts of the operations, as durations such as `"90s"` or `"1h30m"`.',
    presence=Presence.OPTIONAL,
    nested=Nested(
        tuple(
            Attribute(
                name=operation,
                description=f"Timeout of the whole {operation}. Defaults to ten minutes.",
                presence=Presence.OPTIONAL,
                rules=(Duration(),),
                example=example,
            )
            for operation, example in _OPERATIONS.items()
        )
    ),
)
