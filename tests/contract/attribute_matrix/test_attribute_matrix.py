"""Every attribute of every resource in every situation, over gRPC, made from the descriptions.

The provider's self-check judges each plan, apply and read; each cell adds what its situation means. A new
attribute is in the table as soon as it is described.
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
from tests.contract.attribute_matrix.example_values import other_spelling
from tests.contract.attribute_matrix.managed_resource import Life, stage_in
from tests.contract.attribute_matrix.variants import Place, Play, Scene, World, all_scenes

REVISION = "credentials_revision"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One provider over one emulator for the whole table."""
    with stage_in(tmp_path_factory.mktemp("stage")) as stage:
        yield World(stage)


class Cell:
    """One attribute in one scene: a configuration that it can be set in, and the object's life."""

    def __init__(self, world: World, scene: Scene, place: Place, attribute: Attribute) -> None:
        self.scene, self.place, self.attribute = scene, place, attribute
        self.play = Play(world, scene)
        self.life = Life(world.stage, scene.resource)
        self.start = self.play.start()
        self.first: Any
        self.second: Any
        if self.is_the_block:
            self.first = self.start[place[0]]
            return
        self.first, self.second = self.play.values(attribute)
        if attribute.name in {name for group in scene.resource.equivalents for name in group}:
            self._choose_destinations()

    def _choose_destinations(self) -> None:
        """The values of synonyms that belong to the scene's destination and to another one."""
        destination_blocks = CATALOGUE.resources["aep_target_connection"].destination_blocks
        values = {each.attribute: each.derived[self.attribute.name] for each in destination_blocks}
        self.first = values.pop(self.play.destination)
        self.second = next(iter(values.values()))

    @property
    def is_the_block(self) -> bool:
        """Whether it is the block that makes the scene what it is."""
        destination_block = self.scene.destination_block
        return destination_block is not None and self.place == (destination_block.attribute,)

    @property
    def is_secret(self) -> bool:
        """Whether it is among the secrets of the scene's way to log in."""
        return self.attribute.write_only

    def config(self, value: Any) -> dict[str, Any]:
        """The configuration with this value."""
        return self.play.with_value(self.start, self.place, value)

    def removed(self) -> dict[str, Any]:
        """The configuration without the attribute; of secrets, without all that belong together."""
        config = self.config(None)
        if self.is_secret:
            config[self.place[0]] |= dict.fromkeys(self.scene.secrets)
        return config

    def value(self, state: Any) -> Any:
        """The attribute's value in a state."""
        for name in self.place:
            state = None if state is None else state[name]
        return state

    def assert_as_written(self, state: Any, config: dict[str, Any]) -> None:
        """The state has what the configuration says, without secrets; what the service chooses is free."""
        assert self._without_free_parts(self.value(state), config) == self._without_free_parts(
            _without_secrets(self.attribute, self.value(config)), config
        )

    def _without_free_parts(self, value: Any, config: dict[str, Any]) -> Any:
        given, nested = self.value(config), self.attribute.nested
        if not isinstance(value, dict) or not isinstance(given, dict) or nested is None:
            return value
        free = {
            each.name
            for each in nested.attributes
            if each.presence is Presence.OPTIONAL_COMPUTED and given[each.name] is None
        }
        return {name: part for name, part in value.items() if name not in free}


def _without_secrets(attribute: Attribute, value: Any) -> Any:
    if attribute.write_only:
        return None
    if not isinstance(value, dict) or attribute.nested is None:
        return value
    return {each.name: _without_secrets(each, value[each.name]) for each in attribute.nested.attributes}


def _params(*kinds: str) -> list[Any]:
    """The cells of these columns that exist."""
    return [
        pytest.param(scene, place, id=f"{scene.title}: {'.'.join(place)}")
        for scene in all_scenes()
        for place, attribute in scene.places()
        if all(_exists(kind, scene, place, attribute) for kind in kinds)
    ]


def _exists(kind: str, scene: Scene, place: Place, attribute: Attribute) -> bool:
    is_block = scene.destination_block is not None and place == (scene.destination_block.attribute,)
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
            return not isinstance(scene.resource, Trigger)
    raise AssertionError(kind)


def _cell(world: World, scene: Scene, place: Place) -> Cell:
    return Cell(world, scene, place, dict(scene.places())[place])


@pytest.mark.parametrize(("scene", "place"), _params("settable"))
def test_known(scene: Scene, place: Place, world: World) -> None:
    """A value that is known from the start is in the state, unless it is secret, and stays."""
    cell = _cell(world, scene, place)
    config = cell.config(cell.first)

    assert cell.life.apply(config) == "create"

    cell.assert_as_written(cell.life.state, config)
    cell.life.assert_settled(config)


@pytest.mark.parametrize(("scene", "place"), _params("settable"))
def test_unknown(scene: Scene, place: Place, world: World) -> None:
    """A value that the plan of a create does not know yet is in the state after the apply."""
    cell = _cell(world, scene, place)
    config = cell.config(cell.first)

    assert cell.life.apply(config, cell.play.with_unknown(config, place)) == "create"

    cell.assert_as_written(cell.life.state, config)
    cell.life.assert_settled(config)


@pytest.mark.parametrize(("scene", "place"), _params("absent at first"))
def test_null(scene: Scene, place: Place, world: World) -> None:
    """Left out, it is null, or its default, or what the service chose."""
    cell = _cell(world, scene, place)
    config = cell.config(None)

    assert cell.life.apply(config) == "create"

    _assert_absent(cell, None)
    cell.life.assert_settled(config)


def _assert_absent(cell: Cell, before: Any) -> None:
    value = cell.value(cell.life.state)
    match cell.attribute.presence:
        case Presence.DEFAULT:
            assert value == cell.attribute.default
        case Presence.OPTIONAL_COMPUTED:
            assert value == before if before is not None else value is not None
        case _:
            assert value is None


@pytest.mark.parametrize(("scene", "place"), _params("computed"))
def test_computed(scene: Scene, place: Place, world: World) -> None:
    """What the user can't set has a value after the create, keeps it, and comes back with an import."""
    cell_life = Life(world.stage, scene.resource)
    config = Play(world, scene).start()

    cell_life.apply(config)

    (name,) = place
    assert cell_life.state[name] is not None
    cell_life.assert_settled(config)
    if not isinstance(scene.resource, Trigger):
        expected = 0 if name == REVISION else cell_life.state[name]
        assert cell_life.imported().state[name] == expected


@pytest.mark.parametrize(("scene", "place"), _params("settable", "changing"))
def test_changed(scene: Scene, place: Place, world: World) -> None:
    """Another value is an update, or a replacement where the description says so, and then stays."""
    cell = _cell(world, scene, place)
    cell.life.apply(cell.config(cell.first))
    changed = cell.config(cell.second)
    revision = cell.life.state.get(REVISION)

    done = cell.life.apply(changed)

    assert done == ("replace" if _replaces(cell) else "update")
    cell.assert_as_written(cell.life.state, changed)
    if cell.is_secret:
        assert cell.life.state[REVISION] == revision + 1
    cell.life.assert_settled(changed)


def _replaces(cell: Cell) -> bool:
    """Whether the description of it, or of what it is in, asks for another object."""
    outer = cell.scene.resource.attribute(cell.place[0])
    return cell.attribute.requires_replace or outer.requires_replace


@pytest.mark.parametrize(("scene", "place"), _params("settable", "changing"))
def test_changed_to_something_unknown(scene: Scene, place: Place, world: World) -> None:
    """A change to a value that is not known yet plans as one, and applies once it is known."""
    cell = _cell(world, scene, place)
    cell.life.apply(cell.config(cell.first))
    changed = cell.config(cell.second)

    done = cell.life.apply(changed, cell.play.with_unknown(changed, place))

    assert done == ("replace" if _replaces(cell) else "update")
    cell.assert_as_written(cell.life.state, changed)
    cell.life.assert_settled(changed)


@pytest.mark.parametrize(("scene", "place"), _params("settable", "removable"))
def test_removed(scene: Scene, place: Place, world: World) -> None:
    """A removed line leaves nothing, the default, or what the service chose or has; secrets stay."""
    cell = _cell(world, scene, place)
    cell.life.apply(cell.config(cell.first))
    before = cell.value(cell.life.state)
    removed = cell.removed()

    done = cell.life.apply(removed)

    _assert_absent(cell, before)
    if cell.is_secret:
        assert done == "nothing"
    elif done == "replace":
        assert _replaces(cell)
    cell.life.assert_settled(removed)


@pytest.mark.parametrize(("scene", "place"), _params("block"))
def test_another_block(scene: Scene, place: Place, world: World) -> None:
    """Another destination is another object; so is one that is not known yet."""
    cell = _cell(world, scene, place)
    cell.life.apply(cell.start)
    assert scene.destination_block is not None
    other = next(
        each
        for each in all_scenes()
        if each.resource is scene.resource
        and each.destination_block
        and each.destination_block is not scene.destination_block
    )
    config = Play(world, other).start()

    assert cell.life.apply(config) == "replace"

    assert cell.value(cell.life.state) is None
    cell.life.assert_settled(config)


@pytest.mark.parametrize(("scene", "place"), _params("settable", "drifting", "object"))
def test_drifted(scene: Scene, place: Place, world: World) -> None:
    """A change outside is in the refreshed state and in the plan, and an apply undoes it."""
    cell = _cell(world, scene, place)
    config = cell.config(None if cell.attribute.presence is Presence.DEFAULT else cell.first)
    other = cell.second
    if cell.attribute.presence is Presence.DEFAULT:
        other = not cell.attribute.default
    cell.life.apply(config)
    before = cell.value(cell.life.state)
    assert cell.attribute.json is not None
    world.stage.change_outside(
        scene.resource, cell.life.state["id"], cell.attribute.json.path, encode_value(cell.attribute, other)
    )

    cell.life.read()

    assert cell.value(cell.life.state) == other
    done = cell.life.apply(config)
    assert done == ("replace" if _replaces(cell) else "update")
    assert cell.value(cell.life.state) == before
    cell.life.assert_settled(config)


@pytest.mark.parametrize(("scene", "place"), _params("settable", "changing"))
def test_spelled_differently(scene: Scene, place: Place, world: World) -> None:
    """Another spelling of the same is no change, and is kept as it is written from the start."""
    cell = _cell(world, scene, place)
    other = other_spelling(cell.attribute, cell.first)
    config = cell.config(cell.first)
    cell.life.apply(config)
    if other is None:  # it has one spelling, and that one is no change
        assert cell.life.apply(config) == "nothing"
        return
    respelled = cell.config(other)

    assert cell.life.apply(respelled) == "nothing"
    assert cell.value(cell.life.state) == cell.first
    anew = Life(world.stage, scene.resource)
    anew.apply(respelled)
    assert cell.value(anew.state) == other
    anew.assert_settled(respelled)
    anew.assert_settled(config)


@pytest.mark.parametrize(("scene", "place"), _params("settable", "object"))
def test_imported(scene: Scene, place: Place, world: World) -> None:
    """An import brings what Flow Service tells. What it can't tell is all that a plan then shows."""
    cell = _cell(world, scene, place)
    config = cell.config(cell.first)
    cell.life.apply(config)

    copy = cell.life.imported()

    if cell.is_secret or not _is_told(cell.attribute):
        assert cell.value(copy.state) == cell.attribute.default
    else:
        cell.assert_as_written(copy.state, config)
    planned, _ = copy.plan(config)
    differing = {name for name in planned if planned[name] != copy.state[name]}
    assert differing <= {
        REVISION,
        *(each.name for each in scene.resource.attributes if not _is_told(each)),
    }


def _is_told(attribute: Attribute) -> bool:
    """Whether Flow Service says anything of it."""
    if attribute.nested is not None and attribute.nested.nesting is Nesting.SINGLE:
        inner = attribute.nested.attributes
        return not inner or any(_is_told(each) or each.write_only for each in inner)
    return attribute.json is not None and attribute.json.readable


def test_every_attribute_is_in_the_table() -> None:
    """Each attribute of each description has a scene, and so its cells."""
    shown = {(scene.resource.type_name, place) for scene in all_scenes() for place, _ in scene.places()}
    described = {
        (name, (attribute.name, *inner))
        for name, resource in CATALOGUE.resources.items()
        for attribute in resource.attributes
        for inner in [(), *((each.name,) for each in _inside(attribute))]
    }
    assert shown == described


def _inside(attribute: Attribute) -> tuple[Attribute, ...]:
    nested = attribute.nested
    return nested.attributes if nested is not None and nested.nesting is Nesting.SINGLE else ()


def test_an_attribute_without_a_possible_value_fails(world: World) -> None:
    """A new attribute is not passed over: one whose values can't be made, or whose spellings are unknown, is
    an error that names it.
    """
    play = Play(world, next(all_scenes()))
    rule = Pattern(regex="no example fits this", says="fit")
    unmade = Attribute(name="unmade", description="", presence=Presence.OPTIONAL, rules=(rule,))
    codec = Codec("new codec", str, str)
    unread = Attribute(name="unread", description="", presence=Presence.OPTIONAL, json=JsonField("x", codec))

    with pytest.raises(AssertionError, match="unmade"):
        play.values(unmade)
    with pytest.raises(AssertionError, match="new codec"):
        other_spelling(unread, "x")
