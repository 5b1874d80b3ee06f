"""Variants of resources, by destination and authentication method, and builders of their configurations.

A builder makes a minimal configuration, and sets an attribute in it without breaking the rules across
attributes.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, Nesting
from provider_shim.schema.block import AuthenticationMethod, DestinationBlock, Resource
from provider_shim.schema.block_rules import AllowedCombinations, ConflictsWith
from provider_shim.schema.paths import ROOT
from tests.contract.attribute_matrix.example_values import two_values
from tests.contract.attribute_matrix.managed_resource import EmulatedProvider, ManagedResource
from tests.contract.plugin_client import UNKNOWN

NamePath = tuple[str, ...]


@dataclass(frozen=True)
class ResourceVariant:
    """A variant of a resource: its destination block and authentication method, if it has them."""

    resource: Resource
    destination_block: DestinationBlock | None = None
    method: AuthenticationMethod | None = None

    @property
    def title(self) -> str:
        """A name for test reports."""
        parts = (
            self.resource.type_name,
            self.destination_block and self.destination_block.attribute,
            self.method and self.method.spec_name,
        )
        return " ".join(part for part in parts if part)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets of the authentication method."""
        return self.method.attributes if self.method else ()

    def attribute_paths(self) -> Iterator[tuple[NamePath, Attribute]]:
        """Iterate over all attributes of this variant, including nested ones, but not those in sets and
        lists."""
        forbidden = {
            rule.attribute
            for rule in self.resource.rules
            if isinstance(rule, ConflictsWith)
            and self.destination_block
            and rule.other == self.destination_block.attribute
        }
        others = {
            each.attribute for each in self.resource.destination_blocks if each is not self.destination_block
        }
        of_others = {
            name
            for method in (self.destination_block.methods if self.destination_block else ())
            if method is not self.method
            for name in method.attributes
        }
        for attribute in self.resource.attributes:
            if attribute.name in others | forbidden:
                continue
            yield (attribute.name,), attribute
            if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
                for inner in attribute.nested.attributes:
                    if inner.name not in of_others:
                        yield (attribute.name, inner.name), inner


def all_variants() -> Iterator[ResourceVariant]:
    """Iterate over all variants of all resources."""
    for resource in CATALOGUE.resources.values():
        if not resource.destination_blocks:
            yield ResourceVariant(resource)
        for destination_block in resource.destination_blocks:
            for method in destination_block.methods or (None,):
                yield ResourceVariant(resource, destination_block, method)


class ReferencedObjects:
    """Objects that attributes refer to, created when they are first needed."""

    def __init__(self, provider: EmulatedProvider) -> None:
        self.provider = provider
        self._made: dict[tuple[str, str, int], Any] = {}

    def object(self, type_name: str, destination: str, index: int) -> Any:
        """Get the state of one of two objects of a type for a destination."""
        key = (type_name, destination, index)
        if key not in self._made:
            variant = next(
                each
                for each in all_variants()
                if each.resource.type_name == type_name
                and (each.destination_block is None or each.destination_block.attribute == destination)
            )
            resource = ManagedResource(self.provider, variant.resource)
            resource.apply(ConfigurationBuilder(self, variant, destination).minimal_config())
            self._made[key] = resource.state
        return self._made[key]

    def new_flow(self) -> Any:
        """Create a flow that can be run on request."""
        variant = ResourceVariant(CATALOGUE.resources["aep_flow"])
        resource = ManagedResource(self.provider, variant.resource)
        resource.apply(ConfigurationBuilder(self, variant).minimal_config())
        self.provider.make_flows_ready()
        return resource.state


class ConfigurationBuilder:
    """Builds configurations of a resource variant."""

    def __init__(
        self, referenced: ReferencedObjects, variant: ResourceVariant, destination: str | None = None
    ) -> None:
        self.referenced = referenced
        self.variant = variant
        first = CATALOGUE.resources["aep_target_connection"].destination_blocks[0].attribute
        self.destination = (
            variant.destination_block.attribute if variant.destination_block else destination or first
        )
        self._flows: list[Any] = []

    def values(self, attribute: Attribute) -> tuple[Any, Any]:
        """Make two valid values of an attribute that are not equivalent."""
        return two_values(attribute, self._reference_values)

    def _reference_values(self, name: str) -> list[Any]:
        type_name = "aep_" + name.removesuffix("_id")
        if name == "dataset_ids":
            (dataset,) = self.referenced.object("aep_source_connection", "", 0)["datasets"]
            return [[dataset["id"]], None]
        assert type_name in CATALOGUE.resources, f"{name} refers to an unknown type"
        if type_name == "aep_flow":
            while len(self._flows) < 2:
                self._flows.append(self.referenced.new_flow())
            return [each["id"] for each in self._flows]
        return [self.referenced.object(type_name, self.destination, index)["id"] for index in (0, 1)]

    def minimal_config(self) -> dict[str, Any]:
        """Build the smallest valid configuration: what is required, and what the rules demand."""
        resource, destination_block = self.variant.resource, self.variant.destination_block
        config: dict[str, Any] = dict.fromkeys(each.name for each in resource.attributes)
        for attribute in resource.attributes:
            if attribute.required:
                config[attribute.name] = self._minimal_value(attribute)
        if destination_block is not None:
            config[destination_block.attribute] = self._minimal_value(
                resource.attribute(destination_block.attribute)
            )
        for first, *_ in resource.equivalents:
            config[first] = self.destination
        for attribute in resource.attributes:
            if attribute.nested is not None and isinstance(config[attribute.name], dict):
                for rule in attribute.nested.rules:
                    if isinstance(rule, AllowedCombinations):
                        config[attribute.name] |= dict(zip(rule.attributes, rule.allowed[-1], strict=True))
        for rule in resource.rules:
            if isinstance(rule, AllowedCombinations):
                config |= dict(zip(rule.attributes, rule.allowed[-1], strict=True))
        return config

    def _minimal_value(self, attribute: Attribute) -> Any:
        if attribute.nested is None or attribute.nested.nesting is not Nesting.SINGLE:
            return self.values(attribute)[0]
        return {
            each.name: self.values(each)[0] if each.required or each.name in self.variant.secrets else None
            for each in attribute.nested.attributes
        }

    def with_value(self, config: dict[str, Any], name_path: NamePath, value: Any) -> dict[str, Any]:
        """Set a value in a configuration, and change other values as the rules require."""
        config = copy.deepcopy(config)
        holder: dict[str, Any] = config
        rules = self.variant.resource.rules
        attributes = self.variant.resource.attributes
        for name in name_path[:-1]:
            nested = next(each.nested for each in attributes if each.name == name)
            assert nested is not None
            attributes, rules = nested.attributes, nested.rules
            if holder[name] is None:
                holder[name] = {
                    each.name: self.values(each)[0] if each.required else None for each in attributes
                }
            holder = holder[name]
        holder[name_path[-1]] = value
        for rule in rules:
            if isinstance(rule, AllowedCombinations) and name_path[-1] in rule.attributes:
                self._apply_combination(rule, holder, name_path[-1])
        if len(name_path) == 1:
            self._apply_equivalents(config, name_path[0])
        return config

    def with_unknown(self, config: dict[str, Any], name_path: NamePath) -> dict[str, Any]:
        """Make a value of a configuration unknown."""
        config = copy.deepcopy(config)
        holder: dict[str, Any] = config
        for name in name_path[:-1]:
            holder = holder[name]
        holder[name_path[-1]] = UNKNOWN
        return config

    def _apply_combination(self, rule: AllowedCombinations, holder: dict[str, Any], name: str) -> None:
        """Set the other attributes of a combination that allows the value."""
        value = holder[name]
        if value is None or not rule.check(holder, ROOT):
            return
        index = rule.attributes.index(name)
        rows = [row for row in rule.allowed if str(row[index]).lower() == str(value).lower()]
        assert rows, f"{rule.summary}: no row has {name} = {value!r}"
        holder |= {other: part for other, part in zip(rule.attributes, rows[0], strict=True) if other != name}

    def _apply_equivalents(self, config: dict[str, Any], name: str) -> None:
        """Keep one attribute of a group of equivalent ones: the changed one, or another if it is removed."""
        group = next((each for each in self.variant.resource.equivalents if name in each), ())
        if not group:
            return
        other = next(each for each in group if each != name)
        if config[name] is None:
            target = self.referenced.object("aep_target_connection", self.destination, 0)
            config[other] = target[other]
            return
        config |= dict.fromkeys(each for each in group if each != name)
        for destination_block in CATALOGUE.resources["aep_target_connection"].destination_blocks:
            if destination_block.derived[name] == config[name]:
                target = self.referenced.object("aep_target_connection", destination_block.attribute, 0)
                config["target_connection_id"] = target["id"]
