"""The description of one attribute of a resource, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from provider_shim.schema.codecs import PLAIN, Codec
from provider_shim.schema.rules import BlockRule, Rule
from provider_shim.schema.types import STRING, List, Map, Object, Set, Type
from provider_shim.schema.values import Value


class Presence(Enum):
    """The origin of an attribute's value.

    `OPTIONAL_OR_EMPTY`, `DEFAULT` and `OPTIONAL_COMPUTED` are all "optional and computed" in Terraform's
    schema. They differ when the user removes the attribute from the configuration.
    """

    REQUIRED = "required"
    """Set in the configuration; Terraform rejects a configuration without it."""
    OPTIONAL = "optional"
    """Set in the configuration, else null."""
    OPTIONAL_OR_EMPTY = "optional, empty if left out"
    """Set in the configuration, else null or empty (`""`, `false`), which Flow Service does not distinguish.
    An import can't know which of them the configuration has. It is computed too, so that no plan shows the
    difference."""
    DEFAULT = "default"
    """Set in the configuration, else the default. Removing the attribute plans the default again."""
    OPTIONAL_COMPUTED = "service-chosen"
    """Set in the configuration, else chosen by the service. Removing the attribute keeps its value."""
    COMPUTED = "computed"
    """Set by the provider only."""


class Nesting(Enum):
    """Terraform's nesting mode of a nested attribute: a single object, or a collection of objects."""

    SINGLE = "single"
    LIST = "list"
    SET = "set"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Nested:
    """The attributes inside a nested attribute, their nesting mode, and the rules across them."""

    attributes: tuple[Attribute, ...]
    nesting: Nesting = Nesting.SINGLE
    rules: tuple[BlockRule, ...] = ()


@dataclass(frozen=True, slots=True)
class JsonField:
    """The JSON field of an attribute in a Flow Service entity.

    Attributes:
        path: Dotted path (`params.bucketName`) from the entity's root, or from the list item if the attribute
            belongs to the objects of a list or set.
        codec: Converts between the Terraform value and the JSON value.
        aliases: Other dotted paths under which a response may have the value, because Adobe's sources name it
            differently.
        readable: False if the value is never taken from a response: for secrets, which the service may echo,
            mask or omit, and for values that are returned under yet other names.
        writable: False if the value is never sent.
    """

    path: str
    codec: Codec = PLAIN
    aliases: tuple[str, ...] = ()
    readable: bool = True
    writable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute.

    Attributes:
        type: Terraform type of the value. Ignored if `nested` is set: the type follows from the nested
            attributes.
        default: Value of a `Presence.DEFAULT` attribute that the configuration does not set.
        requires_replace: A change of the value replaces the object.
        example: A valid value, for the documentation and for tests.
        null_when: Name of a sibling, and the value of it with which an optional computed attribute is null.
        constants: JSON values by dotted path that are sent whenever the attribute is set.
        environment: Environment variable of a provider setting, used if the configuration does not set it.
        source: Origin of an Adobe fact, with its date or revision.
    """

    name: str
    description: str
    presence: Presence
    type: Type = STRING
    nested: Nested | None = None
    default: Value = None
    sensitive: bool = False
    write_only: bool = False
    requires_replace: bool = False
    json: JsonField | None = None
    rules: tuple[Rule, ...] = ()
    example: Value = None
    null_when: tuple[str, Value] | None = None
    constants: Mapping[str, Any] = field(default_factory=dict)
    environment: str = ""
    source: str = ""

    @property
    def required(self) -> bool:
        """True if Terraform rejects a configuration without the attribute."""
        return self.presence is Presence.REQUIRED

    @property
    def optional(self) -> bool:
        """True if a configuration may set the attribute or leave it out."""
        return self.presence not in (Presence.REQUIRED, Presence.COMPUTED)

    @property
    def computed(self) -> bool:
        """True if the provider may set the value."""
        return self.presence not in (Presence.REQUIRED, Presence.OPTIONAL)

    @property
    def empty(self) -> Value:
        """The value that Flow Service does not distinguish from an absent one: null, `""` or `false`."""
        return None if self.json is None else self.json.codec.null_json

    @property
    def value_type(self) -> Type:
        """The Terraform type of the value, nested attributes included."""
        if self.nested is None:
            return self.type
        item = object_type(self.nested.attributes)
        match self.nested.nesting:
            case Nesting.SINGLE:
                return item
            case Nesting.LIST:
                return List(item)
            case Nesting.SET:
                return Set(item)
            case Nesting.MAP:
                return Map(item)


def object_type(attributes: tuple[Attribute, ...]) -> Object:
    """Return the type of an object that has these attributes."""
    return Object({attribute.name: attribute.value_type for attribute in attributes})
