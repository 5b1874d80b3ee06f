"""The configurations of a campaign: a few small exports, which can be changed and rendered as HCL."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from tests.campaign.canaries import Canary, canary

DATASETS = (
    ("64b7e8acdd522e6190ac9567", "Orders"),
    ("64d02b9b46f1eaa2c3c9ef4c", "Order Lines"),
    ("6416dcaa923f16b449fb2089", "Returns"),
    ("64aabe76f1f4ec532b6a9928", "Customers"),
)
"""Datasets that the emulator lists as exportable."""

PARTS = ("source", "base", "target", "flow")
TYPES = {
    "source": "aep_source_connection",
    "base": "aep_base_connection",
    "target": "aep_target_connection",
    "flow": "aep_flow",
}
COLLECTIONS = {
    "source": "sourceConnections",
    "base": "connections",
    "target": "targetConnections",
    "flow": "flows",
}
SPECS = {
    "amazon_s3": "4fce964d-3f37-408f-9778-e597338a21ee",
    "sftp": "36965a81-b1c6-401b-99f8-22508f1e6a26",
    "data_landing_zone": "",
}
DESTINATIONS = tuple(SPECS)

_SECRETS = {
    "amazon_s3": {"s3_access_key": "s3AccessKey", "s3_secret_key": "s3SecretKey"},
    "sftp": {"password": "password"},
    "data_landing_zone": {},
}
_LOCATIONS = {
    "amazon_s3": ('bucket_name = "campaign-bucket", path = "exports/{path}"', "path", "exports/{path}"),
    "sftp": ('remote_path = "/exports/{path}"', "remotePath", "/exports/{path}"),
    "data_landing_zone": ('path = "exports/{path}"', "path", "exports/{path}"),
}


@dataclass(frozen=True, slots=True)
class Export:
    """One export, or a part of one. The attributes are what a campaign changes.

    Attributes:
        key: The label of its resources, such as `e0`.
        parts: Those of `PARTS` that are configured.
        label: What its names contain; two exports with one label have objects of the same names.
        datasets: Indexes into `DATASETS`.
        secret_version: Raised when the credentials are rotated.
        path: The last part of the path in the destination.
        create_before_destroy: Of the source connection.
        protected: Whether the flow has `deletion_protection`.
    """

    key: str
    parts: tuple[str, ...] = PARTS
    label: str = ""
    datasets: tuple[int, ...] = (0,)
    destination: str = "data_landing_zone"
    secret_version: int = 0
    path: int = 0
    interval: int = 3
    enabled: bool = True
    description: str = ""
    create_before_destroy: bool = True
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """All exports of one workspace.

    Attributes:
        prefix: The beginning of all names: the workspace's own, or one that two workspaces share.
        exports: The exports.
        secret_seed: What the secrets are made from.
        backend: The type of a state backend, or "".
    """

    prefix: str
    exports: tuple[Export, ...]
    secret_seed: str
    backend: str = ""
    imports: tuple[tuple[str, str], ...] = field(default=())

    def part_names(self) -> dict[str, str]:
        """Return the name of each object, by its address."""
        return {
            f"{TYPES[part]}.{export.key}": self.name(export, part)
            for export in self.exports
            for part in export.parts
        }

    def name(self, export: Export, part: str) -> str:
        """Return the name of an object. Flows have names of their own, also where exports share a label."""
        label = export.key if part == "flow" else export.label or export.key
        return f"{self.prefix} {label} {part}"

    def find(self, address: str) -> tuple[Export, str] | None:
        """Return the export and the part that an address belongs to."""
        kind, _, key = address.partition(".")
        for export in self.exports:
            for part in export.parts:
                if (TYPES[part], export.key) == (kind, key):
                    return export, part
        return None

    def with_export(self, changed: Export) -> Configuration:
        """Return the configuration with one export changed."""
        exports = tuple(changed if each.key == changed.key else each for each in self.exports)
        return replace(self, exports=exports)

    def with_all(self, **changes: Any) -> Configuration:
        """Return the configuration with all exports changed in the same way."""
        return replace(self, exports=tuple(replace(each, **changes) for each in self.exports))

    def canaries(self, export: Export) -> dict[str, Canary]:
        """Return the secrets of an export's base connection, by their attributes."""
        if "base" not in export.parts:
            return {}
        return {
            attribute: canary(attribute, f"{self.secret_seed}/{export.key}/{export.secret_version}")
            for attribute in _SECRETS[export.destination]
        }

    def variables(self) -> dict[str, str]:
        """Return the values of the ephemeral variables."""
        return {
            f"{export.key}_{attribute}": each.value
            for export in self.exports
            for attribute, each in self.canaries(export).items()
        }

    def sent_secrets(self, export: Export) -> dict[str, str]:
        """Return the secrets as Flow Service must hold them, under its names."""
        keys = _SECRETS[export.destination]
        return {keys[attribute]: each.value for attribute, each in self.canaries(export).items()}

    def wrong_secrets(self, address: str, sent: dict[str, Any]) -> list[str]:
        """Return which secrets of a base connection Flow Service does not hold as configured, in words."""
        export, part = self.find(address) or (None, "")
        expected = self.sent_secrets(export) if export is not None and part == "base" else {}
        return [
            f"{key} is not the configured one" for key, value in expected.items() if sent.get(key) != value
        ]

    def hcl(self) -> str:
        """Return the configuration as HCL."""
        backend = f'  backend "{self.backend}" {{}}\n' if self.backend else ""
        blocks = [_HEADER.replace("@backend@", backend)]
        blocks += [
            f'variable "{name}" {{\n  type = string\n  ephemeral = true\n}}' for name in self.variables()
        ]
        blocks += [self._resource(export, part) for export in self.exports for part in export.parts]
        blocks += [f'import {{\n  to = {address}\n  id = "{each}"\n}}' for address, each in self.imports]
        return "\n\n".join(blocks) + "\n"

    def _resource(self, export: Export, part: str) -> str:
        lines = [f"name = {json.dumps(self.name(export, part))}"]
        if export.description:
            lines.append(f"description = {json.dumps(export.description)}")
        lines += _LINES[part](export)
        body = "\n".join(f"  {line}" for line in lines)
        return f'resource "{TYPES[part]}" "{export.key}" {{\n{body}\n}}'

    def differences(
        self, address: str, document: dict[str, Any], state: str, ids: dict[str, str]
    ) -> list[str]:
        """Return how an object of Flow Service differs from the configuration, in words.

        `document` is its JSON, `state` its state, `ids` the ids in Terraform's state by address.
        """
        found = self.find(address)
        if found is None:
            return ["it is not configured"]
        export, part = found
        expected: dict[str, Any] = {
            "name": self.name(export, part),
            "description": export.description or None,
        }
        actual: dict[str, Any] = {
            "name": document.get("name"),
            "description": document.get("description") or None,
        }
        params = document.get("params") or {}
        if part == "source":
            expected["datasets"] = sorted(DATASETS[each][0] for each in export.datasets)
            actual["datasets"] = sorted(each["dataSetId"] for each in params.get("datasets", []))
        if part == "target":
            _, key, value = _LOCATIONS[export.destination]
            expected |= {
                "path": value.format(path=export.path),
                "base": ids.get(f"{TYPES['base']}.{export.key}"),
            }
            actual |= {"path": params.get(key), "base": document.get("baseConnectionId")}
        if part == "flow":
            expected |= {
                "state": "enabled" if export.enabled else "disabled",
                "interval": export.interval,
                "source": [ids.get(f"{TYPES['source']}.{export.key}")],
                "target": [ids.get(f"{TYPES['target']}.{export.key}")],
            }
            actual |= {
                "state": _GOALS.get(state, state),
                "interval": (document.get("scheduleParams") or {}).get("interval"),
                "source": document.get("sourceConnectionIds"),
                "target": document.get("targetConnectionIds"),
            }
        return [
            f"{name} is {actual[name]!r}, not {value!r}"
            for name, value in expected.items()
            if actual[name] != value
        ]


_GOALS = {"enabling": "enabled", "disabling": "disabled"}
"""The states that a flow is on its way to: in the emulator, a number of reads later."""


def _source(export: Export) -> list[str]:
    listed = ", ".join(f'{{ id = "{DATASETS[n][0]}", name = "{DATASETS[n][1]}" }}' for n in export.datasets)
    lifecycle = ["lifecycle {", "  create_before_destroy = true", "}"] if export.create_before_destroy else []
    return [f"datasets = [{listed}]", *lifecycle]


def _base(export: Export) -> list[str]:
    arguments = [f"{each} = var.{export.key}_{each}" for each in _SECRETS[export.destination]]
    if export.destination == "sftp":
        arguments += ['domain = "sftp.example.org"', 'username = "campaign"']
    return [f"{export.destination} = {{ {', '.join(arguments)} }}"]


def _target(export: Export) -> list[str]:
    location = _LOCATIONS[export.destination][0].format(path=export.path)
    return [
        f"base_connection_id = aep_base_connection.{export.key}.id",
        f"{export.destination} = {{ {location} }}",
        'file_type = "PARQUET"',
        'compression = "GZIP"',
    ]


def _flow(export: Export) -> list[str]:
    return [
        f"destination = aep_target_connection.{export.key}.destination",
        f"source_connection_id = aep_source_connection.{export.key}.id",
        f"target_connection_id = aep_target_connection.{export.key}.id",
        "schedule = {",
        '  export_mode = "FIRST_FULL_THEN_INCREMENTAL"',
        '  time_unit = "hour"',
        f"  interval = {export.interval}",
        '  start_time = "2031-12-01T00:00:00Z"',
        '  end_time = "2032-12-01T00:00:00Z"',
        "}",
        *([] if export.enabled else ["enabled = false"]),
        *(["deletion_protection = true"] if export.protected else []),
    ]


_LINES = {"source": _source, "base": _base, "target": _target, "flow": _flow}

_HEADER = """\
terraform {
@backend@  required_providers {
    aep = {
      source  = "terraform.local/flowbridge/aep"
      version = "~> 0.1"
    }
  }
}

provider "aep" {}"""
