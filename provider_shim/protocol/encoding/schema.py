"""Encoding of the descriptions as Terraform's schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.schema import types
from provider_shim.schema.attribute import Attribute, Nested, Nesting
from provider_shim.schema.block import Block, Catalogue, Function, Parameter, Resource
from provider_shim.schema.types import Type

_NESTINGS = {
    Nesting.SINGLE: pb.Schema.Object.NestingMode.SINGLE,
    Nesting.LIST: pb.Schema.Object.NestingMode.LIST,
    Nesting.SET: pb.Schema.Object.NestingMode.SET,
    Nesting.MAP: pb.Schema.Object.NestingMode.MAP,
}


def capabilities() -> pb.ServerCapabilities:
    """Get the capabilities of this provider.

    It plans destroys, Terraform may cache its schema, it moves states from other providers, and it generates
    configuration for imports.
    """
    return pb.ServerCapabilities(
        plan_destroy=True,
        get_provider_schema_optional=True,
        move_resource_state=True,
        generate_resource_config=True,
    )


def to_response(catalogue: Catalogue) -> pb.GetProviderSchema.Response:
    """Encode all schemas of the catalogue."""
    return pb.GetProviderSchema.Response(
        provider=to_schema(catalogue.provider),
        resource_schemas=_to_schemas(catalogue.resources),
        data_source_schemas=_to_schemas(catalogue.data_sources),
        functions=to_functions(catalogue.functions),
        ephemeral_resource_schemas=_to_schemas(catalogue.ephemeral_resources),
        list_resource_schemas=_to_schemas(catalogue.list_resources),
        action_schemas={
            name: pb.ActionSchema(schema=to_schema(action)) for name, action in catalogue.actions.items()
        },
        server_capabilities=capabilities(),
    )


def to_metadata(catalogue: Catalogue) -> pb.GetMetadata.Response:
    """Encode all names of the catalogue."""
    return pb.GetMetadata.Response(
        server_capabilities=capabilities(),
        resources=[pb.GetMetadata.ResourceMetadata(type_name=name) for name in catalogue.resources],
        data_sources=[pb.GetMetadata.DataSourceMetadata(type_name=name) for name in catalogue.data_sources],
        functions=[pb.GetMetadata.FunctionMetadata(name=name) for name in catalogue.functions],
        ephemeral_resources=[
            pb.GetMetadata.EphemeralResourceMetadata(type_name=name) for name in catalogue.ephemeral_resources
        ],
        list_resources=[
            pb.GetMetadata.ListResourceMetadata(type_name=name) for name in catalogue.list_resources
        ],
        actions=[pb.GetMetadata.ActionMetadata(type_name=name) for name in catalogue.actions],
    )


def _to_schemas(blocks: Mapping[str, Block]) -> dict[str, pb.Schema]:
    return {name: to_schema(block) for name, block in blocks.items()}


def to_schema(block: Block) -> pb.Schema:
    """Encode the schema of a resource, a data source or the provider."""
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
    """Encode an attribute and its nested attributes."""
    nested = attribute.nested
    return pb.Schema.Attribute(
        name=attribute.name,
        type=b"" if nested else _to_type(attribute.type),
        nested_type=_to_object(nested) if nested else None,
        description=attribute.description,
        description_kind=pb.StringKind.MARKDOWN,
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
        write_only=attribute.write_only,
    )


def _to_type(kind: Type) -> bytes:
    return json.dumps(types.to_json(kind), separators=(",", ":")).encode()


def to_identities(resources: Mapping[str, Resource]) -> dict[str, pb.ResourceIdentitySchema]:
    """Encode the identity schemas of all resources that have an identity."""
    return {name: _to_identity(resource) for name, resource in resources.items() if resource.identity}


def _to_identity(resource: Resource) -> pb.ResourceIdentitySchema:
    return pb.ResourceIdentitySchema(
        identity_attributes=[
            pb.ResourceIdentitySchema.IdentityAttribute(
                name=each.name,
                type=_to_type(each.type),
                required_for_import=each.required,
                optional_for_import=not each.required,
                description=each.description,
            )
            for each in resource.identity
        ]
    )


def to_functions(functions: Mapping[str, Function]) -> dict[str, pb.Function]:
    """Encode the signatures of functions by name."""
    return {name: _to_function(function) for name, function in functions.items()}


def _to_function(function: Function) -> pb.Function:
    message = pb.Function(
        parameters=[_to_parameter(parameter) for parameter in function.parameters],
        summary=function.summary,
        description=function.description,
        description_kind=pb.StringKind.MARKDOWN,
    )
    # The field's name is a Python keyword.
    getattr(message, "return").type = _to_type(function.returns)
    return message


def _to_parameter(parameter: Parameter) -> pb.Function.Parameter:
    return pb.Function.Parameter(
        name=parameter.name,
        type=_to_type(parameter.type),
        allow_null_value=parameter.allow_null,
        description=parameter.description,
        description_kind=pb.StringKind.MARKDOWN,
    )


def _to_object(nested: Nested) -> pb.Schema.Object:
    return pb.Schema.Object(
        attributes=[to_attribute(attribute) for attribute in nested.attributes],
        nesting=_NESTINGS[nested.nesting],
    )
