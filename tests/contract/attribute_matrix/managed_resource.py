"""A provider with an emulator that many tests share, and a resource managed by it over gRPC."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flow_emulator import identity
from flow_emulator.emulator_file import clock
from flow_emulator.store import Store
from provider_shim.main import make_provider
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.resources import CATALOGUE
from provider_shim.schema import json_mapping
from provider_shim.schema.block import Resource
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import UNKNOWN, packed, unpacked
from tests.contract.provider_client import errors, serve_provider

FLOW_READY_AFTER = timedelta(minutes=15)
"""Time after which a new flow can be run on request."""


class EmulatedProvider:
    """The provider on a socket, with its self-check enabled and one emulator for all resources."""

    def __init__(self, folder: Path, runner: asyncio.Runner, stub: ProviderStub) -> None:
        self.file = folder / "x.sqlite"
        self.runner = runner
        self.stub = stub
        self.numbers = itertools.count()

    def call_rpc(self, name: str, **parts: Any) -> Any:
        """Call an RPC, which must return no error."""
        request = getattr(pb, name).Request(**parts)
        response = self.runner.run(getattr(self.stub, name)(request))
        assert errors(response) == [], name
        return response

    def change_outside(self, resource: Resource, identifier: str, json_path: str, value: Any) -> None:
        """Change a value of an object in the emulator's file, like a change made outside Terraform."""
        with Store(self.file) as store, store.transaction() as data:
            entity = data.entities.get(
                resource.collection, identity.ORGANIZATION_ID, identity.DEFAULT_SANDBOX, identifier
            )
            assert entity is not None
            if json_path == "state":
                entity.state = value
            else:
                json_mapping.put(entity.doc, json_path, value)
            if json_path == "baseConnectionId":
                entity.parent = value
            data.entities.update(entity)

    def make_flows_ready(self) -> None:
        """Advance the emulator's clock until new flows can be run."""
        clock.advance_clock(self.file, FLOW_READY_AFTER)


@contextlib.contextmanager
def emulated_provider(folder: Path) -> Iterator[EmulatedProvider]:
    """Start a provider with an emulator in this folder."""
    environment = {
        "AEP_ENDPOINT": f"emulator:{folder}/x.sqlite",
        "AEP_EXISTING_NAMES": "ignore",
        "FLOWBRIDGE_POLL_INTERVAL": "0",
        "FLOWBRIDGE_SELF_CHECK": "1",
    }
    with asyncio.Runner() as runner:
        connection = serve_provider(make_provider(environment))
        stub = runner.run(connection.__aenter__())
        provider = EmulatedProvider(folder, runner, stub)
        try:
            null_config = packed(dict.fromkeys(CATALOGUE.provider.type.attributes))
            provider.call_rpc("ConfigureProvider", config=null_config)
            yield provider
        finally:
            runner.run(connection.__aexit__(None, None, None))


class ManagedResource:
    """A resource as Terraform manages it: its state, planned and applied with configurations."""

    def __init__(self, provider: EmulatedProvider, resource: Resource) -> None:
        self.provider = provider
        self.resource = resource
        self.state: Any = None
        self.private = b""

    def plan(self, config: Any) -> Any:
        """Plan a configuration. Returns the planned state and whether the object is replaced."""
        response = self._planned(self.state, config, self.private)
        return unpacked(response.planned_state), bool(response.requires_replace)

    def apply(self, config: Any, unknown: Any = None) -> str:
        """Plan and apply a configuration. Returns the action: create, update, replace or nothing.

        If `unknown` is given, it is planned first: it is the same configuration with unknown values, and the
        plan of `config` must keep all values that this plan knew.
        """
        if config is not None:
            self.provider.call_rpc(
                "ValidateResourceConfig", type_name=self.resource.type_name, config=packed(config)
            )
        earlier = None
        if unknown is not None:
            earlier = unpacked(self._planned(self.state, unknown, self.private).planned_state)
        response = self._planned(self.state, config, self.private)
        if earlier is not None:
            assert_consistent(earlier, unpacked(response.planned_state))
        if response.requires_replace:
            private = response.planned_private
            self._apply(None, self._planned(self.state, None, self.private))
            self._apply(config, self._planned(None, config, private))
            return "replace"
        action = "create" if self.state is None else "update"
        if self.state is not None and unpacked(response.planned_state) == self.state:
            return "nothing"
        self._apply(config, response)
        return action

    def read(self) -> None:
        """Refresh the state."""
        response = self.provider.call_rpc(
            "ReadResource",
            type_name=self.resource.type_name,
            current_state=packed(self.state),
            private=self.private,
        )
        self.state, self.private = unpacked(response.new_state), response.private

    def assert_no_changes(self, config: Any) -> None:
        """Assert that neither a refresh nor a plan shows a change."""
        earlier = self.state
        self.read()
        assert self.state == earlier
        assert self.plan(config) == (self.state, False)

    def imported(self) -> ManagedResource:
        """Import the same object by its id and read it, like Terraform."""
        response = self.provider.call_rpc(
            "ImportResourceState", type_name=self.resource.type_name, id=self.state["id"]
        )
        copy = ManagedResource(self.provider, self.resource)
        (found,) = response.imported_resources
        copy.state, copy.private = unpacked(found.state), found.private
        copy.read()
        return copy

    def _planned(self, prior: Any, config: Any, private: bytes) -> Any:
        return self.provider.call_rpc(
            "PlanResourceChange",
            type_name=self.resource.type_name,
            prior_state=packed(prior),
            proposed_new_state=packed(config),
            config=packed(config),
            prior_private=private,
        )

    def _apply(self, config: Any, plan: Any) -> None:
        response = self.provider.call_rpc(
            "ApplyResourceChange",
            type_name=self.resource.type_name,
            prior_state=packed(self.state),
            planned_state=plan.planned_state,
            config=packed(config),
            planned_private=plan.planned_private,
        )
        self.state, self.private = unpacked(response.new_state), response.private


def assert_consistent(planned: Any, later: Any) -> None:
    """Assert that a later plan keeps all values that an earlier plan knew."""
    if planned == UNKNOWN:
        return
    if isinstance(planned, dict) and isinstance(later, dict):
        for name, value in planned.items():
            assert_consistent(value, later[name])
    elif not (isinstance(planned, list) and UNKNOWN in planned):
        assert planned == later
