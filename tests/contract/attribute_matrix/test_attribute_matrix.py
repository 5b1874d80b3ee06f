"""Every attribute of every resource in every situation, over gRPC, made from the descriptions.

The provider's self-check checks each plan, apply and read; each test adds assertions for its situation. A new
attribute is in the matrix as soon as it is described.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from provider_shim.resources import CATALOGUE
from provider_shim.schema.attribute import Attribute, JsonField, Nesting, Presence
from provider_shim.schema.block import Trigger
from provider_shim.schema.codecs import Codec
from provider_shim.schema.json_mapping import encode_value
from provider_shim.schema.rules import Pattern
from tests.contract.attribute_matrix.example_values import equivalent_value
from tests.contract.attribute_matrix.managed_resource import ManagedResource, emulated_provider
from tests.contract.attribute_matrix.variants import (
    ConfigurationBuilder,
    NamePath,
    ReferencedObjects,
    ResourceVariant,
    all_variants,
)

REVISION = "credentials_revision"


@pytest.fixture(scope="module")
def referenced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferencedObjects]:
    """The objects that attributes refer to, in one emulator for all tests."""
    with emulated_provider(tmp_path_factory.mktemp("emulator")) as provider:
        yield ReferencedObjects(provider)


class Case:
    """An attribute of a resource variant: configurations that set it, and the managed resource."""

    def __init__(
        self,
        referenced: ReferencedObjects,
        variant: ResourceVariant,
        name_path: NamePath,
        attribute: Attribute,
    ) -> None:
        self.variant, self.name_path, self.attribute = variant, name_path, attribute
        self.builder = ConfigurationBuilder(referenced, variant)
        self.managed = ManagedResource(referenced.provider, variant.resource)
        self.minimal_config = self.builder.minimal_config()
        self.first: Any
        self.second: Any
        if self.is_destination_block:
            self.first = self.minimal_config[name_path[0]]
            return
        self.first, self.second = self.builder.values(attribute)
        if attribute.name in {name for group in variant.resource.equivalents for name in group}:
            self._choose_destinations()

    def _choose_destinations(self) -> None:
        """Choose values of equivalent attributes for the variant's destination and for another one."""
        destination_blocks = CATALOGUE.resources["aep_target_connection"].destination_blocks
        values = {each.attribute: each.derived[self.attribute.name] for each in destination_blocks}
        self.first = values.pop(self.builder.destination)
        self.second = next(iter(values.values()))

    @property
    def is_destination_block(self) -> bool:
        """Whether the attribute is the destination block of the variant."""
        destination_block = self.variant.destination_block
        return destination_block is not None and self.name_path == (destination_block.attribute,)

    @property
    def is_secret(self) -> bool:
        """Whether the attribute is a secret of the variant's authentication method."""
        return self.attribute.write_only

    def config(self, value: Any) -> dict[str, Any]:
        """The configuration with this value."""
        return self.builder.with_value(self.minimal_config, self.name_path, value)

    def removed(self) -> dict[str, Any]:
        """The configuration without the attribute, or without all secrets if it is one of them."""
        config = self.config(None)
        if self.is_secret:
            config[self.name_path[0]] |= dict.fromkeys(self.variant.secrets)
        return config

    def value(self, state: Any) -> Any:
        """The attribute's value in a state."""
        for name in self.name_path:
            state = None if state is None else state[name]
        return state

    def assert_matches_config(self, state: Any, config: dict[str, Any]) -> None:
        """Assert that the state has the configured value, except secrets and the service's choices."""
        assert self._without_service_choices(self.value(state), config) == self._without_service_choices(
            _without_secrets(self.attribute, self.value(config)), config
        )

    def _without_service_choices(self, value: Any, config: dict[str, Any]) -> Any:
        configured, nested = self.value(config), self.attribute.nested
        if not isinstance(value, dict) or not isinstance(configured, dict) or nested is None:
            return value
        service_choices = {
            each.name
            for each in nested.attributes
            if each.presence is Presence.OPTIONAL_COMPUTED and configured[each.name] is None
        }
        return {name: part for name, part in value.items() if name not in service_choices}


def _without_secrets(attribute: Attribute, value: Any) -> Any:
    if attribute.write_only:
        return None
    if not isinstance(value, dict) or attribute.nested is None:
        return value
    return {each.name: _without_secrets(each, value[each.name]) for each in attribute.nested.attributes}


def _cases(*kinds: str) -> list[Any]:
    """The test cases to which all these conditions apply."""
    return [
        pytest.param(variant, name_path, id=f"{variant.title}: {'.'.join(name_path)}")
        for variant in all_variants()
        for name_path, attribute in variant.attribute_paths()
        if all(_applies(kind, variant, name_path, attribute) for kind in kinds)
    ]


def _applies(kind: str, variant: ResourceVariant, name_path: NamePath, attribute: Attribute) -> bool:
    is_block = variant.destination_block is not None and name_path == (variant.destination_block.attribute,)
    readable = attribute.json is not None and attribute.json.readable
    match kind:
        case "settable":
            return attribute.presence is not Presence.COMPUTED
        case "computed":
            return attribute.presence is Presence.COMPUTED
        case "removable":
            return attribute.optional and not is_block
        case "absent at first":
            return attribute.optional and not is_block and not attribute.write_only
        case "changing":
            return not is_block
        case "block":
            return is_block
        case "drifting":
            return readable and attribute.presence is not Presence.COMPUTED
        case "object":
            return not isinstance(variant.resource, Trigger)
    raise AssertionError(kind)


def _case(referenced: ReferencedObjects, variant: ResourceVariant, name_path: NamePath) -> Case:
    return Case(referenced, variant, name_path, dict(variant.attribute_paths())[name_path])


@pytest.mark.parametrize(("variant", "name_path"), _cases("settable"))
def test_known(variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects) -> None:
    """A known value is in the state after the create, unless it is secret, and a plan keeps it."""
    case = _case(referenced, variant, name_path)
    config = case.config(case.first)

    assert case.managed.apply(config) == "create"

    case.assert_matches_config(case.managed.state, config)
    case.managed.assert_no_changes(config)


@pytest.mark.parametrize(("variant", "name_path"), _cases("settable"))
def test_unknown(variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects) -> None:
    """A value that is unknown when a create is planned is in the state after the apply."""
    case = _case(referenced, variant, name_path)
    config = case.config(case.first)

    assert case.managed.apply(config, case.builder.with_unknown(config, name_path)) == "create"

    case.assert_matches_config(case.managed.state, config)
    case.managed.assert_no_changes(config)


@pytest.mark.parametrize(("variant", "name_path"), _cases("absent at first"))
def test_null(variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects) -> None:
    """An omitted attribute is null, its default, or the value that the service chose."""
    case = _case(referenced, variant, name_path)
    config = case.config(None)

    assert case.managed.apply(config) == "create"

    _assert_absent(case, None)
    case.managed.assert_no_changes(config)


def _assert_absent(case: Case, earlier: Any) -> None:
    value = case.value(case.managed.state)
    match case.attribute.presence:
        case Presence.DEFAULT:
            assert value == case.attribute.default
        case Presence.OPTIONAL_COMPUTED:
            assert value == earlier if earlier is not None else value is not None
        case _:
            assert value is None


@pytest.mark.parametrize(("variant", "name_path"), _cases("computed"))
def test_computed(variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects) -> None:
    """A computed attribute has a value after the create, keeps it, and has it after an import."""
    resource = ManagedResource(referenced.provider, variant.resource)
    config = ConfigurationBuilder(referenced, variant).minimal_config()

    resource.apply(config)

    (name,) = name_path
    assert resource.state[name] is not None
    resource.assert_no_changes(config)
    if not isinstance(variant.resource, Trigger):
        expected = 0 if name == REVISION else resource.state[name]
        assert resource.imported().state[name] == expected


@pytest.mark.parametrize(("variant", "name_path"), _cases("settable", "changing"))
def test_changed(variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects) -> None:
    """A changed value is an update, or a replacement if the description requires it."""
    case = _case(referenced, variant, name_path)
    case.managed.apply(case.config(case.first))
    changed = case.config(case.second)
    revision = case.managed.state.get(REVISION)

    action = case.managed.apply(changed)

    assert action == ("replace" if _replaces(case) else "update")
    case.assert_matches_config(case.managed.state, changed)
    if case.is_secret:
        assert case.managed.state[REVISION] == revision + 1
    case.managed.assert_no_changes(changed)


def _replaces(case: Case) -> bool:
    """Whether the attribute, or the one that contains it, requires replacement."""
    outer = case.variant.resource.attribute(case.name_path[0])
    return case.attribute.requires_replace or outer.requires_replace


@pytest.mark.parametrize(("variant", "name_path"), _cases("settable", "changing"))
def test_changed_to_something_unknown(
    variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects
) -> None:
    """A change to an unknown value is planned as a change, and applied once the value is known."""
    case = _case(referenced, variant, name_path)
    case.managed.apply(case.config(case.first))
    changed = case.config(case.second)

    action = case.managed.apply(changed, case.builder.with_unknown(changed, name_path))

    assert action == ("replace" if _replaces(case) else "update")
    case.assert_matches_config(case.managed.state, changed)
    case.managed.assert_no_changes(changed)


@pytest.mark.parametrize(("variant", "name_path"), _cases("settable", "removable"))
def test_removed(variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects) -> None:
    """A removed attribute becomes null, its default, or the value of the service; secrets are kept."""
    case = _case(referenced, variant, name_path)
    case.managed.apply(case.config(case.first))
    earlier = case.value(case.managed.state)
    removed = case.removed()

    action = case.managed.apply(removed)

    _assert_absent(case, earlier)
    if case.is_secret:
        assert action == "nothing"
    elif action == "replace":
        assert _replaces(case)
    case.managed.assert_no_changes(removed)


@pytest.mark.parametrize(("variant", "name_path"), _cases("block"))
def test_another_destination(
    variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects
) -> None:
    """A change of the destination replaces the object."""
    case = _case(referenced, variant, name_path)
    case.managed.apply(case.minimal_config)
    assert variant.destination_block is not None
    other = next(
        each
        for each in all_variants()
        if each.resource is variant.resource
        and each.destination_block
        and each.destination_block is not variant.destination_block
    )
    config = ConfigurationBuilder(referenced, other).minimal_config()

    assert case.managed.apply(config) == "replace"

    assert case.value(case.managed.state) is None
    case.managed.assert_no_changes(config)


@pytest.mark.parametrize(("variant", "name_path"), _cases("settable", "drifting", "object"))
def test_drifted(variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects) -> None:
    """A change made outside Terraform is in the refreshed state and in the plan, and an apply reverts it."""
    case = _case(referenced, variant, name_path)
    config = case.config(None if case.attribute.presence is Presence.DEFAULT else case.first)
    other = case.second
    if case.attribute.presence is Presence.DEFAULT:
        other = not case.attribute.default
    case.managed.apply(config)
    earlier = case.value(case.managed.state)
    assert case.attribute.json is not None
    referenced.provider.change_outside(
        variant.resource,
        case.managed.state["id"],
        case.attribute.json.path,
        encode_value(case.attribute, other),
    )

    case.managed.read()

    assert case.value(case.managed.state) == other
    action = case.managed.apply(config)
    assert action == ("replace" if _replaces(case) else "update")
    assert case.value(case.managed.state) == earlier
    case.managed.assert_no_changes(config)


@pytest.mark.parametrize(("variant", "name_path"), _cases("settable", "changing"))
def test_equivalent_value(
    variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects
) -> None:
    """An equivalent value is not a change; a new resource keeps the form that is configured."""
    case = _case(referenced, variant, name_path)
    equivalent = equivalent_value(case.attribute, case.first)
    config = case.config(case.first)
    case.managed.apply(config)
    if equivalent is None:  # the value has one spelling only, and that one is no change
        assert case.managed.apply(config) == "nothing"
        return
    equivalent_config = case.config(equivalent)

    assert case.managed.apply(equivalent_config) == "nothing"
    assert case.value(case.managed.state) == case.first
    other = ManagedResource(referenced.provider, variant.resource)
    other.apply(equivalent_config)
    assert case.value(other.state) == equivalent
    other.assert_no_changes(equivalent_config)
    other.assert_no_changes(config)


@pytest.mark.parametrize(("variant", "name_path"), _cases("settable", "object"))
def test_imported(variant: ResourceVariant, name_path: NamePath, referenced: ReferencedObjects) -> None:
    """An import reads all values that Flow Service returns; a plan then shows the other ones only."""
    case = _case(referenced, variant, name_path)
    config = case.config(case.first)
    case.managed.apply(config)

    copy = case.managed.imported()

    if case.is_secret or not _is_readable(case.attribute):
        assert case.value(copy.state) == case.attribute.default
    else:
        case.assert_matches_config(copy.state, config)
    planned, _ = copy.plan(config)
    differing = {name for name in planned if planned[name] != copy.state[name]}
    assert differing <= {
        REVISION,
        *(each.name for each in variant.resource.attributes if not _is_readable(each)),
    }


def _is_readable(attribute: Attribute) -> bool:
    """Whether Flow Service returns a value for the attribute."""
    if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
        inner = attribute.nested.attributes
        return not inner or any(_is_readable(each) or each.write_only for each in inner)
    return attribute.json is not None and attribute.json.readable


def test_every_attribute_is_in_the_table() -> None:
    """Each attribute of each description is in a variant, and so in the matrix."""
    covered = {
        (variant.resource.type_name, name_path)
        for variant in all_variants()
        for name_path, _ in variant.attribute_paths()
    }
    described = {
        (name, (attribute.name, *inner))
        for name, resource in CATALOGUE.resources.items()
        for attribute in resource.attributes
        for inner in [(), *((each.name,) for each in _inside(attribute))]
    }
    assert covered == described


def _inside(attribute: Attribute) -> tuple[Attribute, ...]:
    nested = attribute.nested
    return nested.attributes if nested is not None and nested.nesting is Nesting.SINGLE else ()


def test_an_attribute_without_a_possible_value_fails(referenced: ReferencedObjects) -> None:
    """A new attribute without example values, or with an unknown codec, is an error with its name."""
    builder = ConfigurationBuilder(referenced, next(all_variants()))
    rule = Pattern(regex="no example fits this", requirement="fit")
    impossible = Attribute(name="unmade", description="", presence=Presence.OPTIONAL, rules=(rule,))
    codec = Codec("new codec", str, str)
    unreadable = Attribute(
        name="unread", description="", presence=Presence.OPTIONAL, json=JsonField("x", codec)
    )

    with pytest.raises(AssertionError, match="unmade"):
        builder.values(impossible)
    with pytest.raises(AssertionError, match="new codec"):
        equivalent_value(unreadable, "x")
