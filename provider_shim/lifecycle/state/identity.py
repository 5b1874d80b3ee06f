"""Resource identity: the attributes with which Terraform 1.12 and later identifies an object."""

from __future__ import annotations

from typing import Any

from provider_shim.lifecycle.provider_api import UpgradeResourceIdentityResponse
from provider_shim.lifecycle.state.sandbox import Sandbox
from provider_shim.lifecycle.state.states import from_stored
from provider_shim.resources.common import UUID
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.rules import shorten
from provider_shim.schema.values import Value, is_text, is_wholly_known

VERSION = 0
"""Version of the identity schema. It is increased when stored identities need a conversion."""


def of_state(resource: Resource, state: Value, sandbox: Sandbox) -> Value:
    """Return the identity of the object of a state in its sandbox; null if there is no object."""
    if not resource.identity or state is None or not isinstance(state.get("id"), str):
        return None
    return {"id": state["id"], "sandbox_name": sandbox.name, "organization_id": sandbox.organization_id}


def import_problems(resource: Resource, identity: Value, configured: Sandbox) -> list[Diagnostic]:
    """Return the errors in an identity to import. The id itself is checked as in any import."""
    if not is_wholly_known(identity):
        parts = identity if isinstance(identity, dict) else {"id": identity}
        names = ", ".join(name for name, value in parts.items() if not is_wholly_known(value))
        return [
            error(
                "The identity is not known yet",
                f"The identity of the {resource.title} to import must be known at plan, and {names} is not.",
            )
        ]
    if identity is None or identity["id"] is None:
        return [
            error(
                "The identity has no id",
                f"The id in the identity of the {resource.title} to import is null. Set it to the id of the "
                f"object in Flow Service, such as {UUID.example}.",
            )
        ]
    settings = [
        ("sandbox_name", "sandbox", configured.name),
        ("organization_id", "organisation", configured.organization_id),
    ]
    return [
        error(
            "Another sandbox" if name == "sandbox_name" else "Another organisation",
            f"The identity of the {resource.title} {identity['id']} has the {noun} "
            f"{shorten(identity[name])}, but the provider's configuration is for the {noun} {shorten(here)}. "
            f"Leave {name} out of the identity, or select the provider configuration of that {noun} with the "
            "import block's `provider`.",
        )
        for name, noun, here in settings
        if identity[name] is not None and here is not None and identity[name] != here
    ]


def upgrade(resource: Resource, version: int, stored: Any) -> UpgradeResourceIdentityResponse:
    """Convert a stored identity to the current schema. A newer version gives an error.

    A value that is not a text, in a state that was edited by hand, is null, and the next read completes it.
    """
    if version > VERSION:
        detail = (
            f"The identity of this {resource.type_name} was written by a newer version of the provider. "
            "Upgrade it."
        )
        return UpgradeResourceIdentityResponse(
            upgraded_identity=None, diagnostics=[error("The identity is too new", detail)]
        )
    found = stored if isinstance(stored, dict) else {}
    texts = {name: value for name, value in found.items() if is_text(value)}
    return UpgradeResourceIdentityResponse(upgraded_identity=from_stored(resource.identity_type, texts))
