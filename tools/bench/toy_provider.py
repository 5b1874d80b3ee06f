"""A provider that does nothing, written with PyPI's `tf`: what ours is measured against.

It runs in a virtual environment of its own, with `tf` and without aep-flowbridge.
"""

from __future__ import annotations

import sys
from typing import Any

from tf import types
from tf.iface import CreateContext, DeleteContext, ReadContext, UpdateContext
from tf.runner import run_provider
from tf.schema import Attribute, Schema
from tf.utils import Diagnostics


class Thing:
    """A resource with a name and an id, kept nowhere."""

    def __init__(self, provider: Toy) -> None:
        self.provider = provider

    @classmethod
    def get_name(cls) -> str:
        """Its name after the provider's prefix."""
        return "thing"

    @classmethod
    def get_schema(cls) -> Schema:
        """Two attributes."""
        return Schema(
            attributes=[
                Attribute("id", types.String(), computed=True),
                Attribute("name", types.String(), required=True),
            ]
        )

    def validate(self, diags: Diagnostics, type_name: str, config: dict[str, Any]) -> None:
        """Nothing to check."""

    def plan(self, ctx: Any, current: Any, planned: Any) -> Any:
        """What is proposed."""
        return planned

    def create(self, ctx: CreateContext, planned: dict[str, Any]) -> dict[str, Any]:
        """An id made of the name."""
        return {**planned, "id": f"id of {planned['name']}"}

    def read(self, ctx: ReadContext, current: dict[str, Any]) -> dict[str, Any]:
        """What is there already: no request is made."""
        return current

    def update(self, ctx: UpdateContext, current: Any, planned: dict[str, Any]) -> dict[str, Any]:
        """What was planned."""
        return {**planned, "id": f"id of {planned['name']}"}

    def delete(self, ctx: DeleteContext, current: dict[str, Any]) -> None:
        """Nothing is kept."""

    def upgrade(self, ctx: Any, version: int, old: dict[str, Any]) -> dict[str, Any]:
        """There was no other version."""
        return old


class Toy:
    """The provider."""

    def get_model_prefix(self) -> str:
        """What the resources' names begin with."""
        return "toy_"

    def full_name(self) -> str:
        """Its source address."""
        return "terraform.local/flowbridge/toy"

    def get_provider_schema(self, diags: Diagnostics) -> Schema:
        """It takes no configuration."""
        return Schema(attributes=[])

    def validate_config(self, diags: Diagnostics, config: dict[str, Any]) -> None:
        """Nothing to check."""

    def configure_provider(self, diags: Diagnostics, config: dict[str, Any]) -> None:
        """Nothing to keep."""

    def get_data_sources(self) -> list[type]:
        """None."""
        return []

    def get_resources(self) -> list[type]:
        """The only one."""
        return [Thing]

    def get_functions(self) -> list[type]:
        """None."""
        return []

    def new_resource(self, kind: type) -> Any:
        """An instance for one call."""
        return kind(self)

    new_data_source = new_function = new_resource


if __name__ == "__main__":
    run_provider(Toy(), sys.argv)  # type: ignore[arg-type, unused-ignore]
