"""One attribute of a resource: everything that is to be said about it, as plain data."""

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
    """Who gives an attribute its value. Terraform calls the last two kinds "optional and computed" alike;
    they are told apart here because a removed line means different things for them.
    """

    REQUIRED = "required"
    """The user, always."""
    OPTIONAL = "optional"
    """The user, or it is null."""
    DEFAULT = "default"
    """The user, or the default, which is planned again as soon as the user removes the line."""
    OPTIONAL_COMPUTED = "service-chosen"
    """The user, or the service; what the service chose is kept while the line is absent."""
    COMPUTED = "computed"
    """Never the user."""


class Nesting(Enum):
    """How the objects of a nested attribute are kept."""

    SINGLE = "single"
    LIST = "list"
    SET = "set"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Nested:
    """Attributes inside an attribute, with the rules across them."""

    attributes: tuple[Attribute, ...]
    nesting: Nesting = Nesting.SINGLE
    rules: tuple[BlockRule, ...] = ()


@dataclass(frozen=True, slots=True)
class JsonField:
    """An attribute's place in a Flow Service entity.

    `path` is a dotted path (`params.bucketName`) from the entity's root, or from the list item where the
    attribute belongs to the objects of a list or set. `aliases` are other places where an answer may have
    the value, because Adobe's sources name it differently. What is not `readable` is never taken from an
    answer: secrets, which the service may echo, mask or omit, and what comes back under yet other names.
    """

    path: str
    codec: Codec = PLAIN
    aliases: tuple[str, ...] = ()
    readable: bool = True
    writable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute.

    `type` is the type of its value; with `nested`, the type of each object follows from the nested
    attributes, and `type` is not looked at. `requires_replace` says that a change can't be made in place.
    `null_when` names a sibling and the value of it that leaves a service-chosen attribute null.
    `constants` are wire places with the values that are sent whenever the attribute is given.
    `environment` is the variable that stands in for an absent provider setting.
    `source` names where an Adobe fact comes from, with its date or revision.
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
        """Whether Terraform itself refuses a configuration without it."""
        return self.presence is Presence.REQUIRED

    @property
    def optional(self) -> bool:
        """Whether the user may give it."""
        return self.presence in (Presence.OPTIONAL, Presence.DEFAULT, Presence.OPTIONAL_COMPUTED)

    @property
    def computed(self) -> bool:
        """Whether the provider may fill it in."""
        return self.presence in (Presence.DEFAULT, Presence.OPTIONAL_COMPUTED, Presence.COMPUTED)

    @property
    def value_type(self) -> Type:
        """The Terraform type of its value, nested attributes included."""
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
    """The type of an object that has these attributes."""
    return Object({attribute.name: attribute.value_type for attribute in attributes})
