"""The provider's schema as a client learns it: from the response to GetProviderSchema alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from provider_shim.protocol.messages import tfplugin6_pb2 as pb

_NESTINGS = {number: name.lower() for name, number in pb.Schema.Object.NestingMode.items()}


@dataclass(frozen=True, slots=True)
class SchemaAttribute:
    """An attribute of the schema. `type` is the protocol's JSON form; `nested` has the attributes inside."""

    name: str
    type: Any
    nesting: str
    nested: tuple[SchemaAttribute, ...]
    required: bool
    optional: bool
    computed: bool
    sensitive: bool
    write_only: bool
    description: str

    @property
    def is_secret(self) -> bool:
        """True if the value must not appear in a log."""
        return self.sensitive or self.write_only


Attributes = tuple[SchemaAttribute, ...]


@dataclass(frozen=True, slots=True)
class ProviderSchema:
    """All blocks by their type names, and functions by their names with the types of their parameters.

    All are in the order of their names, while protobuf's maps have another order in each process.
    """

    provider: Attributes
    resources: Mapping[str, Attributes]
    data_sources: Mapping[str, Attributes]
    ephemeral_resources: Mapping[str, Attributes]
    list_resources: Mapping[str, Attributes]
    actions: Mapping[str, Attributes]
    functions: Mapping[str, tuple[Any, ...]]


def from_response(response: pb.GetProviderSchema.Response) -> ProviderSchema:
    """Read the schema of a response."""
    return ProviderSchema(
        provider=_attributes(response.provider.block.attributes),
        resources=_blocks(response.resource_schemas),
        data_sources=_blocks(response.data_source_schemas),
        ephemeral_resources=_blocks(response.ephemeral_resource_schemas),
        list_resources=_blocks(response.list_resource_schemas),
        actions={
            name: _attributes(action.schema.block.attributes)
            for name, action in sorted(response.action_schemas.items())
        },
        functions={
            name: tuple(json.loads(each.type) for each in function.parameters)
            for name, function in sorted(response.functions.items())
        },
    )


def _blocks(schemas: Mapping[str, pb.Schema]) -> dict[str, Attributes]:
    return {name: _attributes(schema.block.attributes) for name, schema in sorted(schemas.items())}


def _attributes(messages: Iterable[pb.Schema.Attribute]) -> Attributes:
    return tuple(_attribute(each) for each in messages)


def _attribute(message: pb.Schema.Attribute) -> SchemaAttribute:
    is_nested = message.HasField("nested_type")
    return SchemaAttribute(
        name=message.name,
        type=None if is_nested else json.loads(message.type),
        nesting=_NESTINGS[message.nested_type.nesting] if is_nested else "",
        nested=_attributes(message.nested_type.attributes) if is_nested else (),
        required=message.required,
        optional=message.optional,
        computed=message.computed,
        sensitive=message.sensitive,
        write_only=message.write_only,
        description=message.description,
    )
