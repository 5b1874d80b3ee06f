"""Resource identity: the attributes with which Terraform 1.12 and later identifies an object."""

from __future__ import annotations

from typing import Any

from provider_shim.lifecycle.provider_api import UpgradeResourceIdentityResponse
from provider_shim.lifecycle.state.states import from_stored
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.rules import shorten
from provider_shim.schema.values import Value, is_wholly_known

VERSION = 0
"""Version of the identity schema. It is increased when stored identities need a conversion."""


def of_state(resource: Resource, state: Value, sandbox_name: str) -> Value:
    """Return the identity of the object of a state; null if there is no object."""
    if not resource.identity or state is None or not isinstance(state.get("id"), str):
        return None
    return {"id": state["id"], "sandbox_name": sandbox_name}


def import_problems(resource: Resource, identity: Value, sandbox_name: str) -> list[Diagnostic]:
    """Return the errors in an identity to import. The id itself is checked as in any import."""
    if not is_wholly_known(identity):
        return [
            error(
                "The identity is not known yet",
                f"The identity of the {resource.title} to import must be known at plan.",
            )
        ]
    if identity["sandbox_name"] in (None, sandbox_name):
        return []
    return [
        error(
            "Another sandbox",
            f"The identity of the {resource.title} {identity['id']} has the sandbox "
            f"{shorten(identity['sandbox_name'])}, but the provider's configuration is for the sandbox "
            f"{shorten(sandbox_name)}. Leave sandbox_name out of the identity, or select the provider "
            "configuration of that sandbox with the import block's `provider`.",
        )
    ]


def upgrade(resource: Resource, version: int, stored: Any) -> UpgradeResourceIdentityResponse:
    """Convert a stored identity to the current schema. A newer version gives an error."""
    if version > VERSION:
        detail = (
            f"The identity of this {resource.type_name} was written by a newer version of the provider. "
            "Upgrade it."
        )
        return UpgradeResourceIdentityResponse(
            upgraded_identity=None, diagnostics=[error("The identity is too new", detail)]
        )
    return UpgradeResourceIdentityResponse(upgraded_identity=from_stored(resource.identity_type, stored))
