"""A toy provider for the tests of the plugin protocol, which keeps nothing.

As a program it is served to Terraform; `--debug` serves it for debugging.
"""

# ruff: noqa: ARG002 - unused arguments are part of the interface
from __future__ import annotations

import sys
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from provider_shim.protocol.plugin.serve import serve

ADDRESS = "terraform.local/flowbridge/toy"


def make_toy_provider() -> Any:
    """Make the provider. Its imports are here, after the handshake."""
    from provider_shim.schema.attribute import Attribute, Nested, Nesting, Presence
    from provider_shim.schema.block import Catalogue, DataSource, ProviderBlock, Resource
    from provider_shim.schema.types import BOOL, NUMBER, STRING, List, Map, Set

    attributes = (
        Attribute(name="id", description="Id.", presence=Presence.COMPUTED),
        Attribute(name="name", description="A *name*.", presence=Presence.REQUIRED, requires_replace=True),
        Attribute(name="size", description="Size.", presence=Presence.OPTIONAL, type=NUMBER),
        Attribute(name="on", description="On.", presence=Presence.DEFAULT, type=BOOL, default=True),
        Attribute(name="tags", description="Tags.", presence=Presence.OPTIONAL, type=Set(STRING)),
        Attribute(name="lines", description="Lines.", presence=Presence.OPTIONAL, type=List(STRING)),
        Attribute(name="labels", description="Labels.", presence=Presence.OPTIONAL, type=Map(STRING)),
        Attribute(
            name="login",
            description="Login.",
            presence=Presence.OPTIONAL,
            nested=Nested(
                (
                    Attribute(name="user", description="User.", presence=Presence.REQUIRED),
                    Attribute(
                        name="password",
                        description="Password.",
                        presence=Presence.OPTIONAL,
                        sensitive=True,
                        write_only=True,
                    ),
                )
            ),
        ),
        Attribute(
            name="parts",
            description="Parts.",
            presence=Presence.OPTIONAL,
            nested=Nested(
                (Attribute(name="key", description="Key.", presence=Presence.REQUIRED),), Nesting.SET
            ),
        ),
    )
    thing = Resource(
        type_name="toy_thing",
        title="thing",
        description="A thing.",
        attributes=attributes,
        collection="/things",
        version=1,
    )
    lookup = DataSource(
        type_name="toy_lookup",
        description="A look.",
        attributes=(
            Attribute(name="question", description="Question.", presence=Presence.REQUIRED),
            Attribute(name="answer", description="Answer.", presence=Presence.COMPUTED, type=NUMBER),
        ),
    )
    provider = ProviderBlock(
        type_name="toy",
        description="A toy.",
        attributes=(Attribute(name="greeting", description="Greeting.", presence=Presence.OPTIONAL),),
    )
    return ToyProvider(
        Catalogue(provider=provider, resources={"toy_thing": thing}, data_sources={"toy_lookup": lookup})
    )


@dataclass
class ToyProvider:
    """A provider without a service. Names that begin with `fail` make an RPC fail."""

    catalogue: Any
    configurations: list[Any] = field(default_factory=list)
    closing_calls: list[str] = field(default_factory=list)

    async def validate_provider_config(self, config: Any) -> Any:
        """Reject one greeting."""
        return self._reject_bad("greeting", config["greeting"])

    async def configure_provider(self, terraform_version: str, config: Any) -> Any:
        """Record the configuration."""
        self.configurations.append((terraform_version, config))
        return []

    async def reject_configuration(self, problems: Any) -> None:
        """Forget the configurations."""
        self.configurations.clear()

    async def validate_resource_config(self, type_name: str, config: Any) -> Any:
        """Reject one name."""
        return self._reject_bad("name", config["name"])

    async def validate_data_resource_config(self, type_name: str, config: Any) -> Any:
        """Reject one question."""
        return self._reject_bad("question", config["question"])

    @staticmethod
    def _reject_bad(name: str, value: Any) -> Any:
        from provider_shim.schema.diagnostics import error
        from provider_shim.schema.paths import path

        return [error("Bad value", f"{name} must not be bad.", path(name))] if value == "bad" else []

    async def upgrade_resource_state(self, type_name: str, version: int, raw_state: Any) -> Any:
        """Add missing attributes."""
        from provider_shim.lifecycle.provider_api import UpgradeResourceStateResponse

        names = self.catalogue.resources[type_name].type.attributes
        return UpgradeResourceStateResponse(upgraded_state={name: raw_state.get(name) for name in names})

    async def read_resource(self, request: Any) -> Any:
        """Return the state unchanged."""
        from provider_shim.lifecycle.provider_api import ReadResourceResponse

        self._fail_at(request.current_state, "fail-read")
        return ReadResourceResponse(new_state=request.current_state, private=request.private + b"r")

    async def plan_resource_change(self, request: Any) -> Any:
        """Plan an unknown id, and remove the password."""
        from provider_shim.lifecycle.provider_api import PlanResourceChangeResponse
        from provider_shim.schema.paths import path
        from provider_shim.schema.values import UNKNOWN

        planned, prior = request.proposed_new_state, request.prior_state
        self._fail_at(planned, "fail-plan")
        if planned is None:
            return PlanResourceChangeResponse(planned_state=None)
        planned = self._without_password(planned)
        planned["on"] = True if request.config["on"] is None else planned["on"]
        replaced = prior is not None and prior["name"] != planned["name"]
        if prior is None or replaced:
            planned["id"] = UNKNOWN
        return PlanResourceChangeResponse(
            planned_state=planned,
            requires_replace=[path("name")] if replaced else [],
            planned_private=request.prior_private + b"p",
        )

    async def apply_resource_change(self, request: Any) -> Any:
        """Make the id from the name."""
        from provider_shim.lifecycle.provider_api import ApplyResourceChangeResponse
        from provider_shim.schema.diagnostics import error, warning

        planned = request.planned_state
        self._fail_at(planned or request.prior_state, "fail-apply")
        if planned is None:
            return ApplyResourceChangeResponse(new_state=None)
        state = dict(planned, id=f"id-of-{planned['name']}")
        if planned["name"] == "fail-half":
            half = [error("Half made", "Only half.")]
            return ApplyResourceChangeResponse(new_state=state, diagnostics=half)
        if planned["name"] == "fail-mismatch":
            return ApplyResourceChangeResponse(new_state={**state, "size": "secret-of-wrong-type"})
        diagnostics = [warning("Made", "It was made.")]
        return ApplyResourceChangeResponse(
            new_state=state, private=request.planned_private + b"a", diagnostics=diagnostics
        )

    async def import_resource_state(self, type_name: str, identifier: str) -> Any:
        """Import any id."""
        from provider_shim.lifecycle.provider_api import ImportedResource, ImportResourceStateResponse

        state = dict.fromkeys(self.catalogue.resources[type_name].type.attributes)
        state |= {"id": identifier, "name": identifier.removeprefix("id-of-"), "on": True}
        return ImportResourceStateResponse(
            imported_resources=[ImportedResource(type_name=type_name, state=state, private=b"i")]
        )

    async def read_data_source(self, type_name: str, config: Any) -> Any:
        """Return a number with more digits than a float has."""
        from provider_shim.lifecycle.provider_api import ReadDataSourceResponse

        return ReadDataSourceResponse(state={**config, "answer": Decimal("0.12345678901234567890123")})

    async def stop(self) -> None:
        """Record the call."""
        self.closing_calls.append("stop")

    async def close(self) -> None:
        """Record the call; with `--stuck` wait in a thread that never ends."""
        self.closing_calls.append("close")
        if "--stuck" in sys.argv:
            import asyncio
            import threading

            await asyncio.to_thread(threading.Event().wait)

    @staticmethod
    def _fail_at(state: Any, name: str) -> None:
        if state is not None and state["name"] == name:
            raise RuntimeError("secret text of an exception")

    @staticmethod
    def _without_password(state: Any) -> Any:
        login = state["login"]
        return {**state, "login": login and {**login, "password": None}}


if __name__ == "__main__":
    sys.exit(serve(make_toy_provider, address=ADDRESS, debug="--debug" in sys.argv))
