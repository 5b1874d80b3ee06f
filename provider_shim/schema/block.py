"""The outermost descriptions: a managed resource, a data source, and the provider's own configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provider_shim.schema.attribute import Attribute, object_type
from provider_shim.schema.rules import BlockRule
from provider_shim.schema.types import STRING, Object, Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What every description has: a Terraform type name, prose, attributes, and rules across attributes."""

    type_name: str
    description: str
    attributes: tuple[Attribute, ...]
    rules: tuple[BlockRule, ...] = ()
    version: int = 0

    @property
    def type(self) -> Object:
        """The Terraform type of the whole."""
        return object_type(self.attributes)

    def attribute(self, name: str) -> Attribute:
        """The attribute of this name; raises `KeyError` where there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise KeyError(f"{self.type_name} has no attribute {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to authenticate against a destination: its Adobe name and the nested attributes it takes."""

    spec_name: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationBlock:
    """One destination's form of a resource: the nested attribute that holds it and what goes with it.

    `title` is what a person calls it. `spec_id` is the value at the resource's `discriminator` by which an
    answer of the service tells its variant. `constants` are wire places with the values that this variant
    always sends. `derived` are computed attributes whose values follow from the choice alone. `methods`
    are the ways to authenticate, where the resource holds credentials.
    """

    attribute: str
    title: str
    spec_id: str
    constants: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, Any] = field(default_factory=dict)
    methods: tuple[Method, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityAttribute:
    """A part of what tells an object from all others; what is not `required` in an import has a default."""

    name: str
    description: str
    required: bool = True
    type: Type = STRING


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationReference:
    """A reference to an entity that must have the same destination.

    `attribute` holds the id of an entity of `resource`. A mismatch is reported on the attribute `reported_on`, with
    `advice`. With `read_if_unknown`, a create reads the entity where this process has not seen it.
    """

    attribute: str
    resource: Resource
    reported_on: str
    advice: str
    read_if_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Block):
    """A managed resource: one kind of Flow Service entity.

    `collection` is the entity's path. `constants` are sent with every create. `patch_paths` are the places
    that an update sends whole: a JSON Patch value replaces what was there, so a partial one would drop the
    rest. `equivalents` are groups of attributes that say one thing in several ways, at one wire place.
    `replace_mode` names an attribute, the value of it that turns replacement on, and the wire place
    whose changes it is about. `stable_states` are the states in which a change has been carried out, for
    entities that change in steps of their own. `action_attribute` is changed by an action instead of a
    patch. `flows_filter` is the filter that finds the flows which use an entity, `{id}` standing for its id;
    `list_filter` is the one that finds the entities of the resource in their collection. `identity` is what an
    import block of Terraform 1.12 and later may give in place of an id.
    """

    collection: str
    title: str
    identity: tuple[IdentityAttribute, ...] = ()
    constants: Mapping[str, Any] = field(default_factory=dict)
    patch_paths: tuple[str, ...] = ()
    destination_blocks: tuple[DestinationBlock, ...] = ()
    discriminator: str = "connectionSpec.id"
    equivalents: tuple[tuple[str, ...], ...] = ()
    replace_mode: tuple[str, Any, str] | None = None
    stable_states: tuple[str, ...] = ()
    action_attribute: str | None = None
    flows_filter: str = ""
    list_filter: str = ""
    destination_reference: DestinationReference | None = None
    schedule_attribute: str | None = None

    @property
    def identity_type(self) -> Object:
        """The Terraform type of the identity."""
        return Object({each.name: each.type for each in self.identity})

    def destination(self, attribute: str) -> DestinationBlock:
        """The destination block held by this nested attribute; raises `KeyError` where there is none."""
        for destination in self.destination_blocks:
            if destination.attribute == attribute:
                return destination
        raise KeyError(f"{self.type_name} has no destination block {attribute}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource(Block):
    """Something to look up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One argument of a function. One of type `dynamic` takes any value and is checked by the function."""

    name: str
    description: str
    type: Type = STRING
    allow_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function that configurations call as `provider::aep::<name>(...)`. `example` is a call of it."""

    name: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    returns: Type
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EphemeralResource(Block):
    """Something short-lived that Terraform opens at each run and keeps in no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListResource(Block):
    """The filters by which `terraform query` finds the objects of the resource with this type name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Block):
    """Something that is done on request, beside the life of any resource (Terraform 1.14 and later)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(Resource):
    """A managed resource without an object behind it: its create does something, its destroy nothing."""

    collection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderBlock(Block):
    """The provider's own configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that the provider offers, by type name; functions by their own names."""

    provider: ProviderBlock
    resources: Mapping[str, Resource]
    data_sources: Mapping[str, DataSource]
    functions: Mapping[str, Function] = field(default_factory=dict)
    ephemeral_resources: Mapping[str, EphemeralResource] = field(default_factory=dict)
    list_resources: Mapping[str, ListResource] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
