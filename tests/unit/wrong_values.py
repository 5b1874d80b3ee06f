"""A value that violates each rule of the descriptions, for the tests of invalid input.

Values for the rules about one attribute follow from the kind of the rule; what breaks the rules across
attributes is written down by hand. A rule for which there is nothing is an `AssertionError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block import Block, Resource
from provider_shim.schema.block_rules import OneAuthenticationMethod
from provider_shim.schema.paths import ROOT
from provider_shim.schema.rules import (
    Base64,
    BlockRule,
    Duration,
    IntegerBetween,
    NotEmpty,
    OneOf,
    Pattern,
    RelativePath,
    Rule,
    Timestamp,
    UniqueBy,
)
from provider_shim.schema.types import STRING
from tests.unit import samples

Place = tuple[str, ...]


@dataclass(frozen=True)
class Broken:
    """A rule for an attribute of a block, and a value that violates it."""

    block: Block
    place: Place
    rule: Rule
    value: Any

    @property
    def title(self) -> str:
        """The test's name in reports."""
        return f"{self.block.type_name}.{'.'.join(self.place)} {type(self.rule).__name__}"


@dataclass(frozen=True)
class Across:
    """A rule across attributes, and its path: the type's name and the attributes below it."""

    block: Block
    place: Place
    rule: BlockRule


def all_blocks() -> list[Block]:
    """Return all blocks that users configure."""
    return [
        CATALOGUE.provider,
        *CATALOGUE.resources.values(),
        *CATALOGUE.data_sources.values(),
        *CATALOGUE.ephemeral_resources.values(),
        *CATALOGUE.list_resources.values(),
        *CATALOGUE.actions.values(),
    ]


def all_broken() -> Iterator[Broken]:
    """Yield each rule for one attribute, with a value that violates it."""
    for block in all_blocks():
        for place, attribute in _places(block.attributes):
            for rule in attribute.rules:
                yield Broken(block, place, rule, wrong_value(rule, attribute))


def all_block_rules() -> Iterator[Across]:
    """Yield each rule across attributes."""
    for block in all_blocks():
        for rule in block.rules:
            yield Across(block, (block.type_name,), rule)
        for place, attribute in _places(block.attributes):
            for rule in attribute.nested.rules if attribute.nested else ():
                yield Across(block, (block.type_name, *place), rule)


def is_always_satisfied(rule: BlockRule) -> bool:
    """Return True if no value violates the rule: a single method with a single secret is never incomplete."""
    return isinstance(rule, OneAuthenticationMethod) and [
        len(method.attributes) for method in rule.methods
    ] == [1]


def _places(attributes: tuple[Attribute, ...], inside: Place = ()) -> Iterator[tuple[Place, Attribute]]:
    for attribute in attributes:
        place = (*inside, attribute.name)
        yield place, attribute
        if attribute.nested is not None:
            yield from _places(attribute.nested.attributes, place)


def wrong_value(rule: Rule, attribute: Attribute) -> Any:
    """Return a value of the attribute's type that violates the rule."""
    match rule:
        case Pattern() | OneOf() | Timestamp() | Duration() | Base64():
            value: Any = "not a valid value?"
        case NotEmpty():
            value = "  " if attribute.nested is None and attribute.type == STRING else []
        case IntegerBetween():
            value = rule.minimum - 1
        case UniqueBy():
            value = [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": name} for name in ("Orders", "Returns")]
        case RelativePath():
            value = "/exports/orders"
        case _:
            raise AssertionError(f"No value is known that breaks a {type(rule).__name__}.")
    assert rule.check(value, ROOT), f"{value!r} does not break {rule}"
    return value


def configured(broken: Broken) -> dict[str, Any]:
    """Return a configuration of the block with the invalid value. That of a resource is otherwise valid."""
    config: dict[str, Any] = _good(broken) or dict.fromkeys(each.name for each in broken.block.attributes)
    holder, attributes = config, broken.block.attributes
    for name in broken.place[:-1]:
        nested = next(each.nested for each in attributes if each.name == name)
        assert nested is not None
        attributes = nested.attributes
        inner = holder[name] or dict.fromkeys(each.name for each in attributes)
        if nested.nesting is Nesting.SINGLE:
            holder[name] = inner = dict(inner)
        else:
            inner = dict(holder[name][0]) if holder[name] else inner
            holder[name] = [inner]
        holder = inner
    holder[broken.place[-1]] = broken.value
    return config


def _good(broken: Broken) -> dict[str, Any] | None:
    first = broken.place[0]
    if not isinstance(broken.block, Resource):  # a data source can have a resource's name
        return None
    match broken.block.type_name:
        case "aep_source_connection":
            return samples.source_config()
        case "aep_base_connection":
            method: dict[str, Any] | None = {} if broken.place[-1] in ("s3_role", "ssh_key") else None
            destination = first if first in samples.ACCOUNTS else "amazon_s3"
            if method is None:
                return samples.base_config(destination)
            needed = {"domain": "sftp.example.org", "username": "aep"} if destination == "sftp" else {}
            return samples.base_config(destination, **{destination: needed})
        case "aep_target_connection":
            return samples.target_config(first if first in samples.PLACES else "amazon_s3")
        case "aep_flow":
            return samples.flow_config(destination=None if first == "flow_spec_id" else "amazon_s3")
        case "aep_flow_run_trigger":
            return samples.resource_config("aep_flow_run_trigger", flow_id=samples.FLOW_ID)
    return None
