"""Random valid configurations of the managed resources, made from the schema of the provider's response.

The schema has no rules. Values of texts and numbers are therefore chosen by the names of the attributes, and
those of the destinations' blocks come from the examples of the catalogue.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.contract.provider_schema import Attributes, ProviderSchema, SchemaAttribute
from tests.contract.rpc_chains.terraform_rules import UNKNOWN, is_unknown
from tools.example_values import EXAMPLE_EXPORTS, ExampleExport

DATASETS = (
    {"id": "5ef3e3259ad2a1191ab7dd7d", "name": "AAM Devices Data"},
    {"id": "64b7e8acdd522e6190ac9567", "name": "Orders"},
)
"""Datasets that the emulator's sandbox can export."""

_FORMATS = (("JSON", "GZIP"), ("PARQUET", "GZIP"), ("PARQUET", "NONE"), ("parquet", "gzip"), ("Json", "Gzip"))
_SCHEDULES = (
    ("DAILY_FULL_EXPORT", "day", 0),
    ("FIRST_FULL_THEN_INCREMENTAL", "day", 1),
    ("FIRST_FULL_THEN_INCREMENTAL", "hour", 3),
    ("first_full_then_incremental", "HOUR", 12),
)
_TEXTS = {
    "name": ("orders", "orders of today", "\u00e9t\u00e9 \U0001f600", 'a "quoted" name'),
    "description": ("", "a text", "another text\nwith lines", "%{x} ${y}"),
    "on_change": ("patch", "replace"),
    "create": ("10m", "90s", "1h30m"),
    "update": ("10m", "5m"),
    "delete": ("10m", "1h"),
    "start_time": ("2031-12-01T00:00:00Z", "2031-12-01T02:00:00+02:00", "2032-02-29T12:30:00Z"),
    "end_time": ("2033-12-01T00:00:00Z", "2034-01-01T00:00:00-08:00"),
    "folder_name_template": ("%DATASET_ID%/%EXPORT_TIME%", "%SANDBOX_NAME%_%DATETIME(YYYYMMdd)%"),
    "public_key": ("bW9kdWx1cw==", "ZXhwb25lbnQ="),
}
_NUMBERS = {"credentials_version": (0, 1, 2, 2.5, str(10**30))}
_EXPORTS = {each.destination.name: each.destination for each in EXAMPLE_EXPORTS}

Reference = Callable[[str, str], Awaitable[str]]
"""Returns the id of an object of a type for a destination."""


@dataclass(frozen=True, slots=True)
class ConfigurationMaker:
    """Makes configurations of a resource type for one destination with one authentication method."""

    generator: random.Random
    schema: ProviderSchema
    reference: Reference
    type_name: str
    export: ExampleExport

    @property
    def attributes(self) -> Attributes:
        """The attributes of the resource type."""
        return self.schema.resources[self.type_name]

    async def make(self) -> dict[str, Any]:
        """Make a configuration: what is required, and about half of what is optional."""
        config = {each.name: await self._value(each) for each in self.attributes}
        self._keep_rules(config)
        return config

    async def changed(self, config: dict[str, Any]) -> dict[str, Any]:
        """Make a configuration in which about a third of the attributes have other values."""
        other = await self.make()
        taken = {name for name in config if self.generator.random() < 0.35} or {"name"}
        combined = {name: other[name] if name in taken else value for name, value in config.items()}
        self._keep_rules(combined)
        return combined

    def with_unknowns(self, config: dict[str, Any]) -> dict[str, Any]:
        """Make some values of a configuration unknown, as references to objects that do not exist yet."""
        partly = dict(config)
        for each in self.attributes:
            value = config[each.name]
            if value is None or self.generator.random() < 0.6:
                continue
            if isinstance(value, dict) and value and each.nesting == "single":
                name = self.generator.choice([*value])
                partly[each.name] = value | ({name: UNKNOWN} if value[name] is not None else {})
            else:
                partly[each.name] = UNKNOWN
        assert partly == config or any(is_unknown(each) for each in _leaves(partly))
        return partly

    def _keep_rules(self, config: dict[str, Any]) -> None:
        """Choose values together that Adobe allows in combinations only."""
        if "file_type" in config:
            config["file_type"], config["compression"] = self.generator.choice(_FORMATS)
        if config.get("schedule"):
            mode, unit, interval = self.generator.choice(_SCHEDULES)
            config["schedule"] |= {"export_mode": mode, "time_unit": unit, "interval": interval}
            if interval == 0:
                config["schedule"]["end_time"] = None
        if config.get("encryption") and not self.export.destination.encryption:
            config["encryption"] = None
        if "flow_spec_id" in config and "destination" in config and self.type_name == "aep_flow":
            destination = self.export.destination
            config["destination"], config["flow_spec_id"] = self.generator.choice(
                (
                    (destination.name, None),
                    (None, destination.flow_spec),
                    (destination.name, destination.flow_spec),
                )
            )

    async def _value(self, attribute: SchemaAttribute) -> Any:
        if attribute.name in _EXPORTS and attribute.nesting == "single":
            return self._destination_block(attribute)
        if not attribute.required and (not attribute.optional or self.generator.random() < 0.5):
            return None
        if attribute.name == "datasets":
            return sorted(
                self.generator.sample(DATASETS, self.generator.choice((1, 2))), key=lambda each: each["id"]
            )
        if attribute.nesting:
            assert attribute.nesting == "single", attribute.name
            return {each.name: await self._value(each) for each in attribute.nested}
        return await self._primitive(attribute)

    def _destination_block(self, attribute: SchemaAttribute) -> dict[str, Any] | None:
        if attribute.name != self.export.destination.name:
            return None
        has_secrets = self.type_name == "aep_base_connection"
        given = self.export.credentials if has_secrets else self.export.location
        return dict.fromkeys(each.name for each in attribute.nested) | given

    async def _primitive(self, attribute: SchemaAttribute) -> Any:
        name = attribute.name
        if attribute.type == "bool":
            return self.generator.random() < 0.5
        if name.endswith("_id") and f"aep_{name.removesuffix('_id')}" in self.schema.resources:
            return await self.reference(f"aep_{name.removesuffix('_id')}", self.export.destination.name)
        if name in (
            "destination",
            "flow_spec_id",
            "file_type",
            "compression",
            "export_mode",
            "time_unit",
            "interval",
        ):
            return None  # chosen in `_keep_rules`
        values = (_NUMBERS if attribute.type == "number" else _TEXTS).get(name)
        assert values is not None, f"no example for the attribute {name}: add it to this module"
        return self.generator.choice(values)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    return [value]
