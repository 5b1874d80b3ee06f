"""Descriptions of everything in the provider's schema: resources, data sources, functions, provider block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provider_shim.schema.attribute import Attribute, object_type
from provider_shim.schema.rules import BlockRule
from provider_shim.schema.types import STRING, Object, Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A Terraform block: type name, documentation, attributes, rules across attributes, schema version."""

    type_name: str
    description: str
    attributes: tuple[Attribute, ...]
    rules: tuple[BlockRule, ...] = ()
    version: int = 0

    @property
    def type(self) -> Object:
        """The Terraform type of the block's value."""
        return object_type(self.attributes)

    def attribute(self, name: str) -> Attribute:
        """Return the attribute of this name. Raises `KeyError` if there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise KeyError(f"{self.type_name} has no attribute {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationMethod:
    """An authentication method of a destination.

    Attributes:
        spec_name: Its name in Adobe's API.
        attributes: Names of its secret attributes.
        name: Name of the constructor in the generated credentials class.
        description: Summary of that constructor.
        arguments: Names of the constructor's arguments that differ from the attributes', by attribute.
        positional: Whether the constructor's arguments may be given without keywords.
    """

    spec_name: str
    attributes: tuple[str, ...]
    name: str = ""
    description: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    positional: bool = False

    def argument(self, attribute: str) -> str:
        """Return the name of the constructor's argument for an attribute."""
        return self.arguments.get(attribute, attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationBlock:
    """The nested attribute of a resource that configures one destination, such as `amazon_s3`.

    Attributes:
        attribute: Name of the nested attribute.
        title: Name of the destination in documentation and messages.
        spec_id: JSON value at the resource's `discriminator` that identifies the destination.
        constants: JSON values by dotted path that are always sent for this destination.
        derived: Values of computed attributes that depend on the destination alone.
        methods: Authentication methods, if the resource holds credentials.
    """

    attribute: str
    title: str
    spec_id: str
    constants: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, Any] = field(default_factory=dict)
    methods: tuple[AuthenticationMethod, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityAttribute:
    """An attribute of the resource identity. If it is not `required`, an import may leave it out."""

    name: str
    description: str
    required: bool = True
    type: Type = STRING


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationReference:
    """A reference to an entity that must have the same destination.

    Attributes:
        attribute: Name of the attribute that holds the id of the other entity.
        resource: Resource of the other entity.
        reported_on: Name of the attribute on which a mismatch is reported.
        advice: Last sentence of the error.
        read_if_unknown: A create reads the other entity if this process has not read it yet.
    """

    attribute: str
    resource: Resource
    reported_on: str
    advice: str
    read_if_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Block):
    """A managed resource: one kind of Flow Service entity.

    Attributes:
        collection: Path of the entity's collection in Flow Service's API, such as `flows`.
        title: Name of the resource in messages, such as "base connection".
        identity: Attributes of the resource identity, which an `import` block of Terraform 1.12 and later may
            give instead of an id.
        constants: JSON values by dotted path that every create sends.
        patch_paths: Dotted paths whose values an update sends as a whole. A JSON Patch value replaces the
            previous one, so that a partial value would drop the rest.
        destination_blocks: Nested attributes of which exactly one is set, one for each destination.
        discriminator: Dotted path of the JSON value that identifies the destination.
        equivalents: Groups of attributes that are different representations of one JSON value.
        replace_mode: Name of an attribute, and the value of it with which a change below the dotted path
            (third) replaces the object instead of patching it.
        stable_states: States in which no change is in progress, for entities that Flow Service changes
            asynchronously.
        action_attribute: Name of a bool attribute that is changed by the actions `enable` and `disable`
            instead of by a patch.
        flows_filter: Filter that selects the flows that use an entity; `{id}` is replaced by the entity's id.
        list_filter: Filter that selects the entities of this resource in their collection.
        destination_reference: Reference to an entity that must have the same destination.
        references: Resources of the entities that attributes refer to by their ids, by attribute.
        schedule_attribute: Name of the attribute that holds the schedule of exports, if there is one.
        datasets_attribute: Name of the attribute that holds the datasets to export, if there is one.
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
    references: Mapping[str, Resource] = field(default_factory=dict)
    schedule_attribute: str | None = None
    datasets_attribute: str | None = None

    @property
    def identity_type(self) -> Object:
        """The Terraform type of the identity."""
        return Object({each.name: each.type for each in self.identity})

    def destination(self, attribute: str) -> DestinationBlock:
        """Return the destination block of this attribute name. Raises `KeyError` if there is none."""
        for destination in self.destination_blocks:
            if destination.attribute == attribute:
                return destination
        raise KeyError(f"{self.type_name} has no destination block {attribute}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource(Block):
    """A data source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a function. The type `dynamic` accepts any value; the function checks it."""

    name: str
    description: str
    type: Type = STRING
    allow_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function that configurations call as `provider::aep::<name>(...)`. `example` is such a call."""

    name: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    returns: Type
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EphemeralResource(Block):
    """An ephemeral resource: Terraform opens it in each run and stores its values in no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListResource(Block):
    """The filters of `terraform query` for the objects of the resource with the same type name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Block):
    """An action, which Terraform 1.14 and later invokes on request. It changes no state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(Resource):
    """A managed resource without a remote object: create runs an operation, and destroy does nothing."""

    collection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderBlock(Block):
    """The provider's own configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All blocks and functions of the provider, by type name or function name."""

    provider: ProviderBlock
    resources: Mapping[str, Resource]
    data_sources: Mapping[str, DataSource]
    functions: Mapping[str, Function] = field(default_factory=dict)
    ephemeral_resources: Mapping[str, EphemeralResource] = field(default_factory=dict)
    list_resources: Mapping[str, ListResource] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
