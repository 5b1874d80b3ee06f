"""Resource identity: what Terraform 1.12 and later keeps beside a state to tell an object from all others."""

from __future__ import annotations

from typing import Any

from provider_shim.lifecycle.provider_api import UpgradeResourceIdentityResponse
from provider_shim.lifecycle.state.states import from_stored
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.rules import shorten
from provider_shim.schema.values import Value, is_wholly_known

VERSION = 0
"""The version of the identities' shape. It goes up when what is stored can't be read as it is any more."""


def of_state(resource: Resource, state: Value, sandbox_name: str) -> Value:
    """The identity of the object behind a state; null where there is none yet or no more."""
    if not resource.identity or state is None or not isinstance(state.get("id"), str):
        return None
    return {"id": state["id"], "sandbox_name": sandbox_name}


def import_problems(resource: Resource, identity: Value, sandbox_name: str) -> list[Diagnostic]:
    """What keeps an identity from being imported. The id itself is judged as that of any import."""
    if not is_wholly_known(identity):
        return [
            error(
                "The identity is not known yet",
                f"The identity of the {resource.title} to import must be known while Terraform plans.",
            )
        ]
    if identity["sandbox_name"] in (None, sandbox_name):
        return []
    return [
        error(
            "Another sandbox",
            f"The {resource.title} {identity['id']} is to be imported from the sandbox "
            f"{shorten(identity['sandbox_name'])}, but the provider's configuration is for the sandbox "
            f"{shorten(sandbox_name)}. Leave sandbox_name out of the identity, or choose the provider "
            "configuration of that sandbox with the import block's `provider`.",
        )
    ]


def upgrade(resource: Resource, version: int, stored: Any) -> UpgradeResourceIdentityResponse:
    """Fit a stored identity to today's shape."""
    if version > VERSION:
        detail = (
            f"The identity of this {resource.type_name} was written by a newer version of the provider. "
            "Upgrade it."
        )
        return UpgradeResourceIdentityResponse(
            upgraded_identity=None, diagnostics=[error("The identity is too new", detail)]
        )
    return UpgradeResourceIdentityResponse(upgraded_identity=from_stored(resource.identity_type, stored))
