"""Messages about possible orphans: the ids, how they may have come about, and commands for each case."""

from __future__ import annotations

from collections.abc import Sequence

from provider_shim.lifecycle.session.existing_objects import ExistingObject
from provider_shim.schema import times
from provider_shim.schema.diagnostics import Diagnostic, error, warning
from provider_shim.schema.paths import path

_LISTED = 12
"""Largest number of objects in one message. `flowbridge orphans` lists all."""

_SHARED_ON_PURPOSE = (
    "Apply once with AEP_EXISTING_NAMES=ignore in the environment if this very apply replaces the object "
    "before it destroys it (create_before_destroy with -replace, taint or replace_triggered_by), and set "
    'existing_names = "ignore" in the provider block if your objects share names on purpose.'
)


def exists_already(
    found: ExistingObject, layers: Sequence[ExistingObject], *, is_reported: bool
) -> Diagnostic:
    """Return the error for an object of the planned name.

    `layers` are the other objects of its export. If another error of this process has the import block
    (`is_reported`), it is left out.
    """
    title = found.resource.title
    return error(
        f"A {title} of this name exists already",
        f"There is {_described(found)}, and the state is not known to have it. An interrupted apply may have "
        f"created it, or its state was lost. No second one was created.{_export(layers)}\n\n"
        f"{_remedies(found, layers, is_reported=is_reported)}",
        path("name"),
    )


def same_connections(found: ExistingObject) -> Diagnostic:
    """Return the error for a flow of another name between the planned connections."""
    return error(
        "A flow with these connections exists already",
        f"There is {_described(found)}, with the same source and target connection, and the state is not "
        "known to have it. A second one would export the same data twice, so it was not created.\n\n"
        f"{_remedies(found, (), is_reported=False)}",
        path("target_connection_id"),
    )


def same_target(found: ExistingObject) -> Diagnostic:
    """Return the warning for a flow of another name and source with the planned target connection."""
    return warning(
        "Another flow has this target connection",
        f"There is {_described(found)}, with the same target connection. {_if_unknown(found)}",
        path("target_connection_id"),
    )


def another_of_this_name(found: ExistingObject) -> Diagnostic:
    """Return the warning for a connection of the planned name that can't be updated to the planned one."""
    return warning(
        f"Another {found.resource.title} has this name",
        f"Beside the new one there is {_described(found)}, with values that can't be changed in place. If "
        f"this apply replaces it, Terraform deletes it next. {_if_unknown(found)}",
        path("name"),
    )


def described(found: ExistingObject) -> str:
    """Return the kind, name and id of an object."""
    return f'{found.resource.title} "{found.name}" ({found.id})'


def import_block(found: ExistingObject) -> str:
    """Return the import block for an object, with a comment that has its name."""
    comment = f"# {found.resource.title} {found.name!r}".replace("\n", " ")
    return f'  import {{ {comment}\n    to = {found.resource.type_name}.<name>\n    id = "{found.id}"\n  }}'


def created(found: ExistingObject) -> str:
    """Return the time at which Flow Service recorded the create, in RFC 3339."""
    try:
        return times.from_epoch((found.created_at or 0) // 1000) if found.created_at else "an unknown time"
    except ValueError:
        return "an unknown time"


def _described(found: ExistingObject) -> str:
    return f"a {described(found)}, created at {created(found)} by the same client"


def _if_unknown(found: ExistingObject) -> str:
    return (
        "Otherwise an earlier apply may have left it: if "
        f"`terraform state list -id={found.id}` prints nothing, import it or delete it with "
        f"`flowbridge delete {found.id}`."
    )


def _export(layers: Sequence[ExistingObject]) -> str:
    if not layers:
        return ""
    names = "\n".join(f"  {described(each)}" for each in layers[:_LISTED])
    more = len(layers) - _LISTED
    rest = f"\n  and {more} more, which `flowbridge orphans` lists" if more > 0 else ""
    return f"\n\nThe state is not known to have these objects of the same export either:\n\n{names}{rest}"


def _remedies(found: ExistingObject, layers: Sequence[ExistingObject], *, is_reported: bool) -> str:
    each = "each of them" if layers else "it"
    if is_reported:
        imports = "import it with the block that another error of this apply has"
    else:
        blocks = "\n\n".join(import_block(each) for each in (found, *layers[:_LISTED]))
        imports = f"import {each}:\n\n{blocks}\n"
    return (
        f"See whether the state has {each}:\n\n  terraform state list -id={found.id}\n\n"
        f"If that prints nothing, {imports}\n"
        f"or delete what nobody needs:\n\n  flowbridge delete {found.id}\n\n"
        "If it prints the address of another resource, that one has the object: give this one another name. "
        f"{_SHARED_ON_PURPOSE}"
    )
