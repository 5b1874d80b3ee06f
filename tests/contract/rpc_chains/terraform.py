"""A small Terraform over gRPC, which checks every response by Terraform's rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import packed, unpacked
from tests.contract.provider_client import errors
from tests.contract.provider_schema import Attributes
from tests.contract.rpc_chains import terraform_rules as rules


@dataclass
class ManagedObject:
    """One object as Terraform manages it: its state, private data and identity."""

    stub: ProviderStub
    type_name: str
    attributes: Attributes
    state: Any = None
    private: bytes = b""
    identity: Any = None
    warnings: list[str] = field(default_factory=list)

    async def _call(self, rpc: str, **parts: Any) -> Any:
        """Call an RPC, which must return no error."""
        response = await getattr(self.stub, rpc)(getattr(pb, rpc).Request(type_name=self.type_name, **parts))
        assert errors(response) == [], rpc
        return response

    async def validate(self, config: Any) -> None:
        """Validate a configuration that is valid."""
        await self._call("ValidateResourceConfig", config=packed(config))

    async def plan(self, config: Any, prior: Any, private: bytes) -> Any:
        """Plan a configuration, and check the plan. Returns the response."""
        response = await self._call(
            "PlanResourceChange",
            prior_state=packed(prior),
            proposed_new_state=packed(rules.proposed_new(self.attributes, prior, config)),
            config=packed(config),
            prior_private=private,
            prior_identity=None if prior is None else self.identity,
        )
        planned = unpacked(response.planned_state)
        paths = [tuple(step.attribute_name for step in each.steps) for each in response.requires_replace]
        if config is None:
            assert planned is None
            assert not response.HasField("planned_identity")
        else:
            rules.assert_plan_valid(self.attributes, prior, config, planned)
            assert prior is not None or paths == []
            rules.assert_paths_exist(self.attributes, paths, prior, planned)
        return response

    async def apply(self, config: Any, unknown: Any = None) -> str:
        """Plan and apply a configuration, or destroy. Returns what was done.

        `unknown` is the same configuration with unknown values, which is planned first. What is known in that
        plan must be the same in the later one.
        """
        if config is not None:
            await self.validate(config)
        earlier = None
        if unknown is not None:
            await self.validate(unknown)
            earlier = unpacked((await self.plan(unknown, self.state, self.private)).planned_state)
        response = await self.plan(config, self.state, self.private)
        if earlier is not None and not response.requires_replace:
            rules.assert_compatible(earlier, unpacked(response.planned_state))
        if response.requires_replace:
            await self._send(None, await self.plan(None, self.state, self.private))
            await self._send(config, await self.plan(config, None, response.planned_private))
            return "replace"
        if config is not None and unpacked(response.planned_state) == self.state:
            return "nothing"
        action = "destroy" if config is None else "create" if self.state is None else "update"
        await self._send(config, response)
        return action

    async def _send(self, config: Any, plan: Any) -> None:
        planned = unpacked(plan.planned_state)
        response = await self._call(
            "ApplyResourceChange",
            prior_state=packed(self.state),
            planned_state=plan.planned_state,
            config=packed(config),
            planned_private=plan.planned_private,
            planned_identity=plan.planned_identity if plan.HasField("planned_identity") else None,
        )
        state = unpacked(response.new_state)
        if planned is None:
            assert state is None
        else:
            rules.assert_applied(self.attributes, planned, state)
            self._check_identity(response)
        self.state, self.private = state, response.private

    def _check_identity(self, response: Any) -> None:
        """An identity is wholly known, and the same as long as the object is."""
        identity = unpacked(response.new_identity.identity_data)
        assert rules.is_wholly_known(identity)
        assert identity["id"] == unpacked(response.new_state)["id"]
        if self.state is not None:
            assert self.identity.SerializeToString() == response.new_identity.SerializeToString()
        self.identity = response.new_identity

    async def read(self) -> None:
        """Refresh the state, which must be one that Terraform can store."""
        response = await self._call(
            "ReadResource",
            current_state=packed(self.state),
            private=self.private,
            current_identity=self.identity,
        )
        state = unpacked(response.new_state)
        rules.assert_conforms(self.attributes, state)
        assert rules.is_wholly_known(state)
        self._check_identity(response)
        self.state, self.private = state, response.private

    async def assert_no_changes(self, config: Any) -> None:
        """Assert that a refresh finds the same state, and that the plan is empty."""
        before = self.state
        await self.read()
        assert self.state == before
        response = await self.plan(config, self.state, self.private)
        assert unpacked(response.planned_state) == self.state
        assert list(response.requires_replace) == []

    async def imported(self, *, by_identity: bool) -> ManagedObject:
        """Import the object a second time, by its id or its identity, and read it as Terraform does."""
        given = {"identity": self.identity} if by_identity else {"id": self.state["id"]}
        (found,) = (await self._call("ImportResourceState", **given)).imported_resources
        assert found.type_name == self.type_name
        copy = ManagedObject(
            self.stub,
            self.type_name,
            self.attributes,
            unpacked(found.state),
            found.private,
            found.identity,
        )
        rules.assert_conforms(self.attributes, copy.state)
        assert rules.is_wholly_known(copy.state)
        await copy.read()
        return copy

    async def generated_config(self) -> Any:
        """The configuration that Terraform writes for an imported object."""
        response = await self._call("GenerateResourceConfig", state=packed(self.state))
        return unpacked(response.config)
