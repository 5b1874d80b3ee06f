"""Encoding of the descriptions as Terraform's schemas."""

from __future__ import annotations

import pytest

from provider_shim.protocol.encoding import schema
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
from provider_shim.schema.block import Catalogue, DataSource, ProviderBlock
from provider_shim.schema.types import NUMBER, Set

MARKDOWN = pb.StringKind.MARKDOWN


@pytest.mark.parametrize(
    ("presence", "flags"),
    [
        (Presence.REQUIRED, (True, False, False)),
        (Presence.OPTIONAL, (False, True, False)),
        (Presence.DEFAULT, (False, True, True)),
        (Presence.OPTIONAL_COMPUTED, (False, True, True)),
        (Presence.COMPUTED, (False, False, True)),
    ],
)
def test_presence(presence: Presence, flags: tuple[bool, bool, bool]) -> None:
    """Each kind of presence is encoded as Terraform's three flags."""
    message = schema.to_attribute(Attribute(name="a", description="", presence=presence))

    assert (message.required, message.optional, message.computed) == flags


def test_attribute() -> None:
    """An attribute has its type in JSON and its description in Markdown."""
    attribute = Attribute(
        name="sizes",
        description="*All* sizes.",
        presence=Presence.OPTIONAL,
        type=Set(NUMBER),
        sensitive=True,
        write_only=True,
    )

    assert schema.to_attribute(attribute) == pb.Schema.Attribute(
        name="sizes",
        type=b'["set","number"]',
        description="*All* sizes.",
        description_kind=MARKDOWN,
        optional=True,
        sensitive=True,
        write_only=True,
    )


@pytest.mark.parametrize("nesting", list(Nesting))
def test_nested(nesting: Nesting) -> None:
    """A nested attribute has the attributes of its objects instead of a type."""
    inner = Attribute(name="key", description="Key.", presence=Presence.REQUIRED)
    outer = Attribute(
        name="parts", description="Parts.", presence=Presence.OPTIONAL, nested=Nested((inner,), nesting)
    )

    message = schema.to_attribute(outer)

    assert message.type == b""
    assert list(message.nested_type.attributes) == [schema.to_attribute(inner)]
    assert pb.Schema.Object.NestingMode.Name(message.nested_type.nesting) == nesting.name


def test_catalogue() -> None:
    """The whole catalogue becomes one response, with the capabilities."""
    provider = ProviderBlock(type_name="toy", description="Toy.", attributes=())
    look = DataSource(type_name="toy_look", description="Look.", attributes=(), version=3)
    catalogue = Catalogue(provider=provider, resources={}, data_sources={"toy_look": look})

    message = schema.to_response(catalogue)

    assert message == pb.GetProviderSchema.Response(
        provider=pb.Schema(block=pb.Schema.Block(description="Toy.", description_kind=MARKDOWN)),
        data_source_schemas={
            "toy_look": pb.Schema(
                version=3,
                block=pb.Schema.Block(version=3, description="Look.", description_kind=MARKDOWN),
            )
        },
        server_capabilities=schema.capabilities(),
    )
