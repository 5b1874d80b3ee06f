"""Chains of RPCs with random configurations: every response obeys Terraform's rules."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provider_shim.main import make_provider
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import packed, unpacked
from tests.contract.provider_client import errors, serve_provider
from tests.contract.provider_schema import ProviderSchema, from_response
from tests.contract.rpc_chains import terraform_rules as rules
from tests.contract.rpc_chains.configurations import ConfigurationMaker
from tests.contract.rpc_chains.terraform import ManagedObject
from tools.example_values import EXAMPLE_EXPORTS

CHAINS = 100
TYPES = ("aep_source_connection", "aep_base_connection", "aep_target_connection", "aep_flow")
REVISION = "credentials_revision"
NOT_IN_FLOW_SERVICE = ("deletion_protection", "on_change", "timeouts", REVISION)
"""Attributes that an import can't know. `credentials_revision` counts the secrets that were sent."""


class World:
    """The provider on a socket, with one emulator, and the objects to which configurations refer."""

    def __init__(self, runner: asyncio.Runner, stub: ProviderStub, schema: ProviderSchema) -> None:
        self.runner = runner
        self.stub = stub
        self.schema = schema
        self._references: dict[tuple[str, str], str] = {}

    def object(self, type_name: str) -> ManagedObject:
        """An object that does not exist yet."""
        return ManagedObject(self.stub, type_name, self.schema.resources[type_name])

    def maker(self, generator: random.Random, type_name: str, export: Any) -> ConfigurationMaker:
        """Make configurations of a resource type."""
        return ConfigurationMaker(generator, self.schema, self.reference, type_name, export)

    async def reference(self, type_name: str, destination: str) -> str:
        """The id of an object for a destination, which is created when it is first needed."""
        key = type_name, destination
        if key not in self._references:
            export = next(each for each in EXAMPLE_EXPORTS if each.destination.name == destination)
            made = self.object(type_name)
            await made.apply(await self.maker(random.Random(destination), type_name, export).make())
            self._references[key] = made.state["id"]
        return self._references[key]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One provider and one emulator for all chains."""
    folder = tmp_path_factory.mktemp("emulator")
    with asyncio.Runner() as runner:
        connection = serve_provider(make_provider(_environment(folder)))
        stub = runner.run(connection.__aenter__())
        try:
            yield World(runner, stub, runner.run(_configured(stub)))
        finally:
            runner.run(connection.__aexit__(None, None, None))


def _environment(folder: Path) -> dict[str, str]:
    return {
        "AEP_ENDPOINT": f"emulator:{folder}/x.sqlite",
        "AEP_EXISTING_NAMES": "ignore",
        "FLOWBRIDGE_POLL_INTERVAL": "0",
    }


async def _configured(stub: ProviderStub) -> ProviderSchema:
    schema = from_response(await stub.GetProviderSchema(pb.GetProviderSchema.Request()))
    config = packed(dict.fromkeys(each.name for each in schema.provider))
    validated = await stub.ValidateProviderConfig(pb.ValidateProviderConfig.Request(config=config))
    configured = await stub.ConfigureProvider(pb.ConfigureProvider.Request(config=config))
    assert errors(validated) + errors(configured) == []
    return schema


@pytest.mark.thorough
@pytest.mark.parametrize("number", range(CHAINS))
def test_a_chain_of_rpcs_obeys_terraforms_rules(world: World, number: int) -> None:
    """Validate, plan, apply, read, plan; import; update; destroy: of every type and destination."""
    generator = random.Random(number)
    export = EXAMPLE_EXPORTS[number // len(TYPES) % len(EXAMPLE_EXPORTS)]
    world.runner.run(_chain(world, generator, TYPES[number % len(TYPES)], export))


async def _chain(world: World, generator: random.Random, type_name: str, export: Any) -> None:
    maker, managed = world.maker(generator, type_name, export), world.object(type_name)
    config = await maker.make()
    assert await managed.apply(config, maker.with_unknowns(config)) == "create"
    await managed.assert_no_changes(config)
    await _import(managed, config, by_identity=generator.random() < 0.5)
    config |= {"deletion_protection": None}  # what protects an object also stops its replacement
    await managed.apply(config)
    for _ in range(2):
        config = await maker.changed(config) | {"deletion_protection": None}
        await managed.apply(config, maker.with_unknowns(config))
        await managed.assert_no_changes(config)
    identifier = managed.state["id"]
    assert await managed.apply(None) == "destroy"
    gone = await world.stub.ImportResourceState(
        pb.ImportResourceState.Request(type_name=type_name, id=identifier)
    )
    assert errors(gone) != []


async def _import(managed: ManagedObject, config: Any, *, by_identity: bool) -> None:
    """Import the object: a generated configuration plans nothing, its own only what is not imported."""
    imported = await managed.imported(by_identity=by_identity)
    generated = await imported.generated_config()
    await imported.validate(generated)
    await imported.assert_no_changes(generated)

    planned = await imported.plan(config, imported.state, imported.private)
    assert list(planned.requires_replace) == []
    _assert_only_unreadable(imported.state, unpacked(planned.planned_state))
    await imported.apply(config)
    await imported.assert_no_changes(config)
    managed.state, managed.private, managed.identity = imported.state, imported.private, imported.identity


def _assert_only_unreadable(imported: dict[str, Any], planned: dict[str, Any]) -> None:
    """Assert that a plan after an import changes only what the import has not found in Flow Service."""
    for name, value in planned.items():
        before = imported[name]
        if name in NOT_IN_FLOW_SERVICE or before is None:
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            _assert_only_unreadable(before, value)
        else:
            assert value == before, name


def test_the_rules_find_violations(world: World) -> None:
    """A plan, a state and paths that break a rule are found."""
    attributes = world.schema.resources["aep_flow"]
    names = [each.name for each in attributes]
    config = dict.fromkeys(names) | {"name": "a"}
    violations: list[tuple[Any, tuple[Any, ...]]] = [
        (rules.assert_plan_valid, (attributes, None, config, config | {"name": "b"})),
        (rules.assert_plan_valid, (attributes, None, config, config | {"target_connection_id": "b"})),
        (rules.assert_plan_valid, (attributes, None, config, config | {"name": rules.UNKNOWN})),
        (rules.assert_applied, (attributes, config, config | {"name": "b"})),
        (rules.assert_applied, (attributes, config, config | {"id": rules.UNKNOWN})),
        (rules.assert_conforms, (attributes, {"name": "a"})),
        (rules.assert_conforms, (attributes, config | {"enabled": "yes"})),
        (rules.assert_paths_exist, (attributes, [("ghost",)], config, config)),
        (rules.assert_paths_exist, (attributes, [("name",)], config, config)),
    ]
    for rule, arguments in violations:
        with pytest.raises(AssertionError):
            rule(*arguments)
    rules.assert_plan_valid(attributes, None, config, config | {"id": rules.UNKNOWN})
