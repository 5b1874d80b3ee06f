"""Messages about creates whose outcome is unknown."""

from __future__ import annotations

from collections.abc import Sequence

from provider_shim.lifecycle.session import orphan_messages
from provider_shim.lifecycle.session.existing_objects import ExistingObject
from provider_shim.lifecycle.session.lost_creates import Candidates, LostCreate
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error, warning
from provider_shim.schema.paths import path


def adopted(resource: Resource, found: ExistingObject, problem: Diagnostic) -> Diagnostic:
    """Return the warning for an object that was found after a create without a usable response."""
    return warning(
        f"The {resource.title} was found after a lost response",
        f"{problem.detail}\n\n"
        f"A search found {orphan_messages.described(found)}, created at {orphan_messages.created(found)}: "
        "the only new object of this credential that is as planned. It is in the state now. If another "
        "workspace creates objects of the same names with the same credential at the same moment, make sure "
        "that only one of the two has it.",
        path("name"),
    )


def unclear(lost: LostCreate, candidates: Candidates, problem: Diagnostic) -> Diagnostic:
    """Return the error for a create whose object can't be distinguished from those of other creates."""
    resource = lost.resource
    detail = (
        f"{problem.detail}\n\nA search found what this create has probably made. But another process with "
        "the same credential could have made it, so it is not in the state:\n\n" + _lines(candidates.found)
    )
    if candidates.others:
        detail += "\n\nAnother process creates these at the same time:\n\n" + _lines(candidates.others)
    if candidates.held:
        detail += "\n\nThis state already has, so do not import:\n\n" + _lines(candidates.held)
    first = candidates.found[0]
    detail += (
        "\n\nSee in every workspace which of them its state has, for example with\n\n"
        f"  terraform state list -id={first.id}\n\n"
        f"Import the one that no state has, for example with\n\n"
        f"  terraform import {resource.type_name}.<name> {first.id}\n\n"
        f"or delete it with\n\n  flowbridge delete {first.id}\n\nand apply again."
    )
    return error(f"It is unclear which {resource.title} was created", detail, path("name"))


def advice(lost: LostCreate, seen: Sequence[ExistingObject]) -> str:
    """Return what to do after a create whose object was not found, or not with certainty (`seen`)."""
    if seen:
        return (
            f"A search has found {orphan_messages.described(seen[0])}, which this create has probably made. "
            f"Apply again: the error shows how to import it."
        )
    return (
        f'The {lost.resource.title} "{lost.planned["name"]}" may have been created, but a search did not '
        "find it. Apply again: if it has appeared by then, the error shows its id and how to import it."
    )


def _lines(objects: Sequence[ExistingObject]) -> str:
    return "\n".join(
        f"  {orphan_messages.described(each)}, created at {orphan_messages.created(each)}" for each in objects
    )
