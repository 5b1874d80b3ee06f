"""The report of `flowbridge orphans`, as text and as JSON."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from provider_shim.cli.objects.comparison import Comparison
from provider_shim.cli.objects.layers import by_export, titles, users_of
from provider_shim.lifecycle.state.stored_object import StoredObject, import_block

_HEADER = ("KIND", "ID", "NAME", "CREATED", "USED BY")


def as_text(found: Comparison, stored: Sequence[StoredObject], client_id: str, sandbox_name: str) -> str:
    """Return the report for people: the orphans of each export, and how to import or delete them.

    `stored` are all objects of exports in the sandbox, among which are those that use orphans.
    """
    whose = f"the client {client_id} in the sandbox {sandbox_name}"
    if not found.orphans:
        return f"No orphans: all {found.checked} objects of {whose} are in a state.\n"
    verb = "is" if len(found.orphans) == 1 else "are"
    head = (
        f"{len(found.orphans)} of {found.checked} objects of {whose} {verb} in no state.\n"
        "If other workspaces or configurations use this client, give their states too, each with --state.\n"
    )
    return "\n".join([head, *(_export(group, found, stored) for group in by_export(found.orphans))])


def as_json(found: Comparison, stored: Sequence[StoredObject], client_id: str, sandbox_name: str) -> str:
    """Return the report for programs. `export` numbers the exports, as `as_text` groups them."""
    document = {
        "client_id": client_id,
        "sandbox_name": sandbox_name,
        "checked": found.checked,
        "orphans": [
            _json(each, number, found, stored)
            for number, group in enumerate(by_export(found.orphans), start=1)
            for each in group
        ],
    }
    return json.dumps(document, indent=2)


def delete_command(found: StoredObject) -> str:
    """Return the command that deletes an object."""
    return f"flowbridge delete {shlex.quote(found.id)}"


def _export(group: Sequence[StoredObject], found: Comparison, stored: Sequence[StoredObject]) -> str:
    rows = [_row(each, stored) for each in group]
    imports = "\n\n".join(import_block(each) for each in group)
    deletes = "\n".join(_delete_lines(group, found, stored))
    return (
        f"{_table(rows)}\n"
        "To manage them, set the address of each resource, and apply:\n\n"
        f"{_indented(imports)}\n\nTo delete them, in this order:\n\n{_indented(deletes)}\n"
    )


def _row(each: StoredObject, stored: Sequence[StoredObject]) -> tuple[str, ...]:
    users = ", ".join(f"{user.resource.title} {user.id}" for user in users_of(each.id, stored))
    return each.resource.title, each.id, each.name or "-", each.created_at or "-", users or "-"


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    lines = [_HEADER, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
    return "".join(f"{line}\n" for line in padded)


def _delete_lines(
    group: Sequence[StoredObject], found: Comparison, stored: Sequence[StoredObject]
) -> Iterator[str]:
    for each in group:
        kept = _kept_users(each, found, stored)
        yield f"# {each.title} is in use by {titles(kept)}" if kept else delete_command(each)


def _kept_users(each: StoredObject, found: Comparison, stored: Sequence[StoredObject]) -> list[StoredObject]:
    """Return the users of an orphan that are no orphans themselves and stay."""
    users = users_of(each.id, stored)
    return [user for user in users if user not in found.orphans and not user.is_being_deleted]


def _json(
    each: StoredObject, number: int, found: Comparison, stored: Sequence[StoredObject]
) -> dict[str, Any]:
    kept = _kept_users(each, found, stored)
    return {
        "export": number,
        "kind": each.resource.title,
        "resource_type": each.resource.type_name,
        "id": each.id,
        "name": each.name,
        "created_at": each.created_at,
        "state": each.state,
        "used_by": [
            {"kind": user.resource.title, "id": user.id, "name": user.name}
            for user in users_of(each.id, stored)
        ],
        "import": import_block(each),
        "delete": None if kept else delete_command(each),
    }


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.splitlines())
