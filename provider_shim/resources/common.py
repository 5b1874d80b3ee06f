"""Attributes that every managed resource has, and facts that several descriptions share."""

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

ID = Attribute(
    name="id",
    description="The id that Flow Service gave.",
    presence=Presence.COMPUTED,
    json=JsonField("id", writable=False),
)


IDENTITY = (
    IdentityAttribute(name="id", description="The id that Flow Service gave."),
    IdentityAttribute(
        name="sandbox_name",
        description="The sandbox that the object is in: the one of the provider's configuration unless it is "
        "given. An import refuses another one.",
        required=False,
    ),
)
"""What tells a Flow Service entity from all others, for Terraform 1.12 and later."""


def computed(
    name: str, description: str, kind: Type = STRING, *, sensitive: bool = False, source: str = ""
) -> Attribute:
    """Return a computed attribute: a value that only Flow Service gives."""
    return Attribute(
        name=name,
        description=description,
        presence=Presence.COMPUTED,
        type=kind,
        sensitive=sensitive,
        source=source,
    )


def name_of(noun: str) -> Attribute:
    """The name of an entity. Flow Service nowhere demands that names be unique."""
    return Attribute(
        name="name",
        description=f"The name of the {noun}, shown in Adobe's web page. It need not be unique.",
        presence=Presence.REQUIRED,
        json=JsonField("name"),
        rules=(NotEmpty(),),
        example="orders",
        source="OpenAPI 'Flow Service - Destinations' (2024-11-13)",
    )


def description_of(noun: str) -> Attribute:
    """The description of an entity."""
    return Attribute(
        name="description",
        description=f"What the {noun} is for.",
        presence=Presence.OPTIONAL,
        json=JsonField("description", OPTIONAL_TEXT),
        source="OpenAPI 'Flow Service - Destinations' (2024-11-13)",
    )


DELETION_PROTECTION = Attribute(
    name="deletion_protection",
    description="Whether Terraform refuses to destroy or replace the object. It is kept in Terraform's state "
    "only: Adobe's web page does not know it.",
    presence=Presence.DEFAULT,
    type=BOOL,
    default=False,
)

_OPERATIONS = {"create": "10m", "update": "10m", "delete": "10m"}

TIMEOUTS = Attribute(
    name="timeouts",
    description='How long to wait for Flow Service, as lengths of time such as `"90s"` or `"1h30m"`.',
    presence=Presence.OPTIONAL,
    nested=Nested(
        tuple(
            Attribute(
                name=operation,
                description=f"How long the {operation} may take in all. Ten minutes unless it is set.",
                presence=Presence.OPTIONAL,
                rules=(Duration(),),
                example=example,
            )
            for operation, example in _OPERATIONS.items()
        )
    ),
)
