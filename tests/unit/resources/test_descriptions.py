"""The descriptions' prose, examples and rules."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

from provider_shim.destinations import DESTINATIONS, Destination
from provider_shim.destinations.catalogue import load
from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, Presence
from provider_shim.schema.block import Block, Function
from provider_shim.schema.paths import Path, path
from provider_shim.schema.rules import ValueRule
from provider_shim.schema.types import STRING

BLOCKS: tuple[Block, ...] = (
    CATALOGUE.provider,
    *CATALOGUE.resources.values(),
    *CATALOGUE.data_sources.values(),
    *CATALOGUE.ephemeral_resources.values(),
    *CATALOGUE.list_resources.values(),
    *CATALOGUE.actions.values(),
)


def every(attributes: tuple[Attribute, ...], inside: Path) -> Iterator[tuple[Path, Attribute]]:
    """Yield all attributes with their paths, nested ones included."""
    for attribute in attributes:
        place = inside.attribute(attribute.name)
        yield place, attribute
        if attribute.nested is not None:
            yield from every(attribute.nested.attributes, place)


ALL = [
    pytest.param(attribute, id=str(place))
    for block in BLOCKS
    for place, attribute in every(block.attributes, path(block.type_name))
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.type_name)
def test_blocks_are_described(block: Block) -> None:
    """Every block is described in whole sentences."""
    _check_prose(block.description)


@pytest.mark.parametrize("function", CATALOGUE.functions.values(), ids=lambda function: function.name)
def test_functions_are_described(function: Function) -> None:
    """Every function and each of its parameters is described in whole sentences."""
    _check_prose(f"{function.summary}.")
    for text in (function.description, *(each.description for each in function.parameters)):
        _check_prose(text)


@pytest.mark.parametrize("attribute", ALL)
def test_attributes_are_described(attribute: Attribute) -> None:
    """Every attribute has a description of whole sentences."""
    _check_prose(attribute.description)


def _check_prose(text: str) -> None:
    assert text[0].isupper() or text[0] in "`\"'"
    assert text.endswith(".")
    assert not text.endswith("..")
    assert "  " not in text
    assert text == text.strip()
    assert text.count("`") % 2 == 0


@pytest.mark.parametrize("attribute", ALL)
def test_examples_keep_the_rules(attribute: Attribute) -> None:
    """An attribute's example, its default and its rules' examples are valid."""
    for value in (attribute.example, attribute.default):
        for rule in attribute.rules:
            assert rule.check(value, path("it")) == []
    for rule in attribute.rules:
        assert isinstance(rule, ValueRule)
        for other in attribute.rules:
            assert other.check(rule.example, path("it")) == []
        assert rule.requirement


@pytest.mark.parametrize("attribute", ALL)
def test_defaults_and_write_only_attributes(attribute: Attribute) -> None:
    """A default belongs to an optional attribute, and a write-only one is never computed or read."""
    assert attribute.default is None or attribute.presence is Presence.DEFAULT
    if attribute.write_only:
        assert not attribute.computed
        assert attribute.json is not None
        assert not attribute.json.readable


@pytest.mark.parametrize("attribute", ALL)
def test_optional_texts_can_be_absent(attribute: Attribute) -> None:
    """An optional text that is read has a codec for which null and an empty text are equal.

    Flow Service returns an absent text as an empty one, which a plain codec would take for drift.
    """
    if attribute.presence is Presence.OPTIONAL and attribute.type == STRING and attribute.nested is None:
        assert attribute.json is None or not attribute.json.readable or attribute.json.codec.null_json == ""


def test_order() -> None:
    """The destinations of Adobe's tutorial come first, in its order."""
    tutorial = ["amazon_s3", "azure_blob", "adls_gen2", "data_landing_zone", "google_cloud_storage", "sftp"]

    assert [each.name for each in DESTINATIONS][: len(tutorial)] == tutorial


def test_unknown_key_of_a_file(tmp_path: pathlib.Path) -> None:
    """An unknown key in a destination's file is an error."""
    file = tmp_path / "x.toml"
    file.write_text(
        'title = "X"\nconnection_spec = "a"\nflow_spec = "b"\nencryption = true\n'
        '[[location]]\nname = "path"\nkey = "path"\ndescription = "P."\nsource = "s"\npatern = "x"\n'
    )

    with pytest.raises(TypeError, match="patern"):
        load(file)


@pytest.mark.parametrize("destination", DESTINATIONS, ids=lambda each: each.name)
def test_facts_have_sources(destination: Destination) -> None:
    """Every field of a destination has a source, and every secret belongs to a method."""
    for field in (*destination.credentials, *destination.location):
        assert field.source
    in_methods = {name for method in destination.methods for name in method.attributes}
    assert in_methods == {field.name for field in destination.credentials if field.secret}
