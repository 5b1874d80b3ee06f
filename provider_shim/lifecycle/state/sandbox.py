"""The sandbox of an object: recorded with its state, and configured in the provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.schema.values import UNKNOWN, Value

SANDBOX_NAME = "sandbox_name"
"""Name of the computed attribute of every managed resource that has the sandbox's name."""


class HasSandbox(Protocol):
    """Settings, a client or private data. An empty text means "not known"."""

    @property
    def sandbox_name(self) -> str | None:
        """Name of the sandbox."""

    @property
    def organization_id(self) -> str | None:
        """Id of the organisation."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox of an organisation. A part that is not known is `None`."""

    name: str | None = None
    organization_id: str | None = None

    @staticmethod
    def of(source: HasSandbox) -> Sandbox:
        """Return the sandbox of settings or of a client."""
        return Sandbox(source.sandbox_name or None, source.organization_id or None)

    @property
    def planned_name(self) -> Value:
        """The value of `sandbox_name` in the plan of a new object."""
        return UNKNOWN if self.name is None else self.name


def recorded(private: PrivateState, state: Value, identity: Value = None) -> Sandbox:
    """Return the sandbox of an object, as far as its private data, state and identity have it.

    Version 0.1.0 recorded it in the identity only, which Terraform 1.12 and later stores.
    """
    return Sandbox(
        private.sandbox_name or _text(state, SANDBOX_NAME) or _text(identity, SANDBOX_NAME),
        private.organization_id or _text(identity, "organization_id"),
    )


def _text(value: Value, name: str) -> str | None:
    found: Any = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, str) and found else None
