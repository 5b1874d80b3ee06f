"""Protection of objects from being destroyed or replaced."""

from __future__ import annotations

from collections.abc import Sequence

from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.paths import AttributeName, Path, path
from provider_shim.schema.values import UNKNOWN, Value


def check_destroy(resource: Resource, prior: Value, *, hint: str = "") -> list[Diagnostic]:
    """Return an error if the object, which would be destroyed, is protected. `hint` is further advice."""
    keep = f"If the {resource.title} is tainted, `terraform untaint` with its address keeps it.{hint}"
    return _protected(resource, prior, "destroy", "", keep)


def check_replace(
    resource: Resource, prior: Value, planned: Value, changed: Sequence[Path]
) -> list[Diagnostic]:
    """Return an error if the object, which would be replaced, is protected.

    `changed` are the paths whose change replaces it. One whose planned value is unknown most often refers to
    an object that is replaced as well, for example because it is tainted.
    """
    names = ", ".join(dict.fromkeys(str(each) for each in changed))
    unknown = [name for name in dict.fromkeys(map(_attribute, changed)) if planned[name] is UNKNOWN]
    keep = (
        f"The new value of {', '.join(unknown)} is known only after the apply, usually because the object "
        "that it refers to is replaced too. If that object is tainted, `terraform untaint` with its address "
        "keeps both."
        if unknown
        else ""
    )
    return _protected(resource, prior, "replace", f" The change of {names} replaces it.", keep)


def _attribute(changed: Path) -> str:
    """Return the name of the attribute of the resource in which a path begins."""
    first = changed.steps[0]
    assert isinstance(first, AttributeName)  # noqa: S101 - a resource is an object
    return first.name


def _protected(resource: Resource, prior: Value, verb: str, cause: str, keep: str) -> list[Diagnostic]:
    if not prior["deletion_protection"]:
        return []
    return [
        error(
            f"The {resource.title} is protected",
            f'Terraform is about to {verb} the {resource.title} "{prior["name"]}" ({prior["id"]}), whose '
            f"deletion_protection is true.{cause} To allow it, set deletion_protection to false and apply "
            f"that first. {keep}".rstrip(),
            path("deletion_protection"),
        )
    ]
