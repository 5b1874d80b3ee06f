"""Messages about possible orphans: the ids, how they may have come about, and commands for each case."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent

from provider_shim.lifecycle.state.stored_object import StoredObject, import_block, in_deletion_order
from provider_shim.schema.diagnostics import Diagnostic, error, warning
from provider_shim.schema.paths import path

_LISTED = 12
"""Largest number of objects in one message. `flowbridge orphans` lists all."""

_CREATED_FIRST = (
    "If this apply replaces the object and creates the new one first (create_before_destroy), the provider "
    "can't see that. Apply once with AEP_EXISTING_NAMES=ignore in the environment, or with existing_names = "
    '"ignore" in the provider block if the block sets it. That setting is also for objects that share names '
    "on purpose."
)
_PROTECTED = (
    "If this apply replaces the object and creates the new one first (create_before_destroy), its "
    "deletion_protection stops that too: set it to false and apply that before."
)


def exists_already(
    found: StoredObject, layers: Sequence[StoredObject], *, is_reported: bool, is_protected: bool
) -> Diagnostic:
    """Return the error for an object of the planned name.

    `layers` are the other objects of its export. If another error of this process has the import block of
    `found` (`is_reported`), it is left out.
    """
    blocks = [
        indent(import_block(each), "  ") for each in ([] if is_reported else [found]) + [*layers[:_LISTED]]
    ]
    elsewhere = " The import block of this object is in another error of this apply." if is_reported else ""
    imports = "\n\nImport what it does not have:\n\n" + "\n\n".join(blocks) if blocks else ""
    return error(
        f"A {found.resource.title} of this name exists already",
        f"There is {_described(found)}, and the state is not known to have it. An interrupted apply may have "
        f"created it, or its state was lost. No second one was created.{_export(layers)}\n\n"
        f"See whether the state has {'them' if layers else 'it'}; a command that prints nothing means no:\n\n"
        f"{state_commands([found, *layers[:_LISTED]])}{imports}{elsewhere}\n\n"
        f"Or delete what is not needed{', in this order' if layers else ''}:\n\n"
        f"{_delete_commands([found, *layers[:_LISTED]])}\n\n"
        "If a command prints the address of another resource, that one has the object: give this one another "
        "name, or add a `moved` block if the resource was renamed. "
        f"{_PROTECTED if is_protected else _CREATED_FIRST}",
        path("name"),
    )


def same_connections(found: StoredObject) -> Diagnostic:
    """Return the error for a flow of another name between the planned connections, with the same schedule."""
    return error(
        "A flow with these connections exists already",
        f"There is {_described(found)}, with the same source connection, target connection and schedule, and "
        "the state is not known to have it. A second one would export the same data twice, so it was not "
        f"created. See whether the state has it:\n\n{state_commands([found])}\n\n"
        f"If that prints nothing, import it:\n\n{indent(import_block(found), '  ')}\n\n"
        f"or delete it:\n\n  flowbridge delete {found.id}\n\n"
        "If both flows are wanted, give them different schedules or target connections, or apply once with "
        "AEP_EXISTING_NAMES=ignore in the environment.",
        path("target_connection_id"),
    )


def same_target(found: StoredObject) -> Diagnostic:
    """Return the warning for a flow of another name that differs, with the planned target connection."""
    return warning(
        "Another flow has this target connection",
        f"There is {_described(found)}, with the same target connection. {_if_unknown(found)}",
        path("target_connection_id"),
    )


def another_of_this_name(found: StoredObject) -> Diagnostic:
    """Return the warning for an object of the planned name that may be the one that is replaced."""
    return warning(
        f"Another {found.resource.title} has this name",
        f"Beside the new one there is {_described(found)}. If this apply replaces it, or another resource "
        f"has it, there is nothing to do. {_if_unknown(found)}",
        path("name"),
    )


def state_commands(objects: Sequence[StoredObject]) -> str:
    """Return the commands that print the addresses of objects in the state, one in each line."""
    return "\n".join(f"  terraform state list -id={each.id}" for each in objects)


def _delete_commands(objects: Sequence[StoredObject]) -> str:
    return "\n".join(f"  flowbridge delete {each.id}" for each in in_deletion_order(objects))


def described(found: StoredObject) -> str:
    """Return the kind, name and id of an object."""
    return found.title.removeprefix("the ")


def created(found: StoredObject) -> str:
    """Return the time at which Flow Service recorded the create, in RFC 3339."""
    return found.created_at or "an unknown time"


def _described(found: StoredObject) -> str:
    return f"a {described(found)}, created at {created(found)} by the same client"


def _if_unknown(found: StoredObject) -> str:
    return (
        "If no resource of yours has it, an earlier apply left it: when "
        f"`terraform state list -id={found.id}` prints nothing, import it or delete it with "
        f"`flowbridge delete {found.id}`."
    )


def _export(layers: Sequence[StoredObject]) -> str:
    if not layers:
        return ""
    names = "\n".join(f"  {described(each)}" for each in layers[:_LISTED])
    more = len(layers) - _LISTED
    rest = f"\n  and {more} more, which `flowbridge orphans` lists" if more > 0 else ""
    return f"\n\nThe state is not known to have these objects of the same export either:\n\n{names}{rest}"
