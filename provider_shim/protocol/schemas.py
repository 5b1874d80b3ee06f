"""The descriptions as the schemas that Terraform reads: no behaviour, only another notation."""

from __future__ import annotations

import json
from collections.abc import Mapping

from provider_shim.protocol import tfplugin6_pb2 as pb
from provider_shim.schema import types
from provider_shim.schema.attribute import Attribute, Nested, Nesting
from provider_shim.schema.block import Block, Catalogue

_NESTINGS = {
    Nesting.SINGLE: pb.Schema.Object.NestingMode.SINGLE,
    Nesting.LIST: pb.Schema.Object.NestingMode.LIST,
    Nesting.SET: pb.Schema.Object.NestingMode.SET,
    Nesting.MAP: pb.Schema.Object.NestingMode.MAP,
}


def capabilities() -> pb.ServerCapabilities:
    """Destroys are planned too, and a schema that is known need not be asked for again."""
    return pb.ServerCapabilities(plan_destroy=True, get_provider_schema_optional=True)


def to_response(catalogue: Catalogue) -> pb.GetProviderSchema.Response:
    """Everything that is offered, with all its attributes."""
    return pb.GetProviderSchema.Response(
        provider=to_schema(catalogue.provider),
        resource_schemas=_to_schemas(catalogue.resources),
        data_source_schemas=_to_schemas(catalogue.data_sources),
        server_capabilities=capabilities(),
    )


def to_metadata(catalogue: Catalogue) -> pb.GetMetadata.Response:
    """The names of everything that is offered."""
    return pb.GetMetadata.Response(
        server_capabilities=capabilities(),
        resources=[pb.GetMetadata.ResourceMetadata(type_name=name) for name in catalogue.resources],
        data_sources=[pb.GetMetadata.DataSourceMetadata(type_name=name) for name in catalogue.data_sources],
    )


def _to_schemas(blocks: Mapping[str, Block]) -> dict[str, pb.Schema]:
    return {name: to_schema(block) for name, block in blocks.items()}


def to_schema(block: Block) -> pb.Schema:
    """One resource, data source or provider configuration."""
    return pb.Schema(
        version=block.version,
        block=pb.Schema.Block(
            version=block.version,
            attributes=[to_attribute(attribute) for attribute in block.attributes],
            description=block.description,
            description_kind=pb.StringKind.MARKDOWN,
        ),
    )


def to_attribute(attribute: Attribute) -> pb.Schema.Attribute:
    """One attribute, with those nested in it."""
    nested = attribute.nested
    return pb.Schema.Attribute(
        name=attribute.name,
        type=b"" if nested else json.dumps(types.to_json(attribute.type), separators=(",", ":")).encode(),
        nested_type=_to_object(nested) if nested else None,
        description=attribute.description,
        description_kind=pb.StringKind.MARKDOWN,
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
        write_only=attribute.write_only,
    )


def _to_object(nested: Nested) -> pb.Schema.Object:
    return pb.Schema.Object(
        attributes=[to_attribute(attribute) for attribute in nested.attributes],
        nesting=_NESTINGS[nested.nesting],
    )
