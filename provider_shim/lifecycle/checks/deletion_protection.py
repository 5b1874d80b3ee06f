"""Protection of objects from being destroyed or replaced."""

from __future__ import annotations

from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import path
from provider_shim.schema.values import Value


def check(resource: Resource, prior: Value, verb: str, *, hint: str = "") -> list[Diagnostic]:
    """Return an error if the object is protected.

    `verb` is "destroy" or "replace"; `hint` is further advice.
    """
    if not prior["deletion_protection"]:
        return []
    return [
        error(
            f"The {resource.title} is protected",
            f'Terraform is about to {verb} the {resource.title} "{prior["name"]}" ({prior["id"]}), whose '
            "deletion_protection is true. To allow it, set deletion_protection to false and apply that "
            f"first. If the object is tainted, `terraform untaint` with its address keeps it.{hint}",
            path("deletion_protection"),
        )
    ]
