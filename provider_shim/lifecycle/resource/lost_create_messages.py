"""Messages about creates whose outcome is unknown."""

from __future__ import annotations

from collections.abc import Sequence

from provider_shim.lifecycle.session import orphan_messages
from provider_shim.lifecycle.session.lost_creates import Candidates, LostCreate
from provider_shim.lifecycle.session.operation_errors import ExpectedError
from provider_shim.lifecycle.state.stored_object import StoredObject
from provider_shim.schema.block import Resource
from provider_shim.schema.diagnostics import Diagnostic, error, warning
from provider_shim.schema.paths import path


def adopted(resource: Resource, found: StoredObject, problem: ExpectedError) -> Diagnostic:
    """Return the warning for an object that was found after a create without a usable response."""
    return warning(
        f"The {resource.title} was found after a lost response",
        f"The create had no usable response: {_reason(problem)}. A search found its object, the "
        f"{_line(found)}. It is in the state now, and there is nothing to do.",
        path("name"),
    )


def unclear(lost: LostCreate, candidates: Candidates, problem: ExpectedError) -> Diagnostic:
    """Return the error for a create whose object can't be distinguished from those of other creates."""
    resource = lost.resource
    one = len(candidates.found) == 1
    detail = (
        f"The create had no usable response: {_reason(problem)}. A search found "
        f"{'an object' if one else 'objects'} that it has probably made. But another process with the same "
        f"credential could have made {'it' if one else 'them'} at the same moment, so nothing was taken into "
        f"the state:\n\n{_lines(candidates.found)}"
    )
    if candidates.held:
        detail += f"\n\nThis state already has, so do not import:\n\n{_lines(candidates.held)}"
    detail += (
        "\n\nIf another workspace uses these names, see there whether its state has "
        f"{'it' if one else 'one of them'}:\n\n{orphan_messages.state_commands(candidates.found)}\n\n"
        "Import the one that no state has, and apply again:\n\n"
        + "\n".join(f"  terraform import {resource.type_name}.<name> {each.id}" for each in candidates.found)
        + "\n\nor delete what is not needed:\n\n"
        + "\n".join(f"  flowbridge delete {each.id}" for each in candidates.found)
    )
    return error(f"It is unclear which {resource.title} was created", detail, path("name"))


def advice(lost: LostCreate) -> str:
    """Return what to do after a create whose object was not found."""
    return (
        f'The {lost.resource.title} "{lost.planned["name"]}" may have been created, but a search did not '
        "find it. Apply again: if it has appeared by then, the error shows its id and how to import it."
    )


def _reason(problem: ExpectedError) -> str:
    return str(problem).removesuffix(".") or "it took longer than `timeouts` allows"


def _line(found: StoredObject) -> str:
    return f"{orphan_messages.described(found)}, created at {orphan_messages.created(found)}"


def _lines(objects: Sequence[StoredObject]) -> str:
    return "\n".join(f"  {_line(each)}" for each in objects)
