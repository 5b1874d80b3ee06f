"""The parameters that hold the location of files, derived from a connection spec."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, Final

# Parameters of every destination, which hold the format of files.
_FORMAT_PARAMS: Final = frozenset(
    {"mode", "includeFileManifest", "fileType", "datasetFileType", "csvOptions", "compression"}
)
_PATH: Final = re.compile(r"path|\w+Path")


@dataclass(frozen=True, slots=True)
class LocationParams:
    """The names of the parameters, in the order in which the spec lists them.

    ``path`` is the target connection's parameter that holds the folder. ``target`` are its others, such as
    a bucket or a container. ``account`` are those of the base connection that are no secrets, such as an
    address.
    """

    path: tuple[str, ...]
    target: tuple[str, ...]
    account: tuple[str, ...]

    @classmethod
    def of(cls, spec: Mapping[str, Any], shown: Set[str]) -> LocationParams:
        """Derive them from a connection spec, whose parameters that are no secrets are ``shown``."""
        properties = spec.get("targetSpec", {}).get("spec", {}).get("properties", {})
        names = [name for name in properties if name not in _FORMAT_PARAMS]
        auth_schemas = (each["spec"] for each in spec.get("authSpec", []))
        listed = dict.fromkeys(name for schema in auth_schemas for name in schema.get("properties", {}))
        return cls(
            tuple(name for name in names if _PATH.fullmatch(name)),
            tuple(name for name in names if not _PATH.fullmatch(name)),
            tuple(name for name in listed if name in shown),
        )

    def path_in(self, params: Mapping[str, Any]) -> str:
        """Return the path in the parameters of a target connection, or an empty text."""
        return str(next((params[name] for name in self.path if name in params), ""))

    def storage_in(self, params: Mapping[str, Any]) -> str | None:
        """Return the bucket or container in the parameters of a target connection, or None."""
        return next((str(params[name]) for name in self.target if params.get(name)), None)

    def address_in(self, account: Mapping[str, Any]) -> str | None:
        """Return the address in the parameters of a base connection, or None."""
        return next((str(account[name]) for name in self.account if account.get(name)), None)
