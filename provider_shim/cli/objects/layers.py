"""The layers of exports: which objects use which, and which belong to one export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from provider_shim.lifecycle.state import stored_object
from provider_shim.lifecycle.state.stored_object import StoredObject
from provider_shim.resources import CATALOGUE
from provider_shim.schema.block import Resource

KINDS: tuple[Resource, ...] = tuple(
    CATALOGUE.resources[name]
    for name in ("aep_flow", "aep_target_connection", "aep_source_connection", "aep_base_connection")
)
"""The resources with objects in Flow Service. An object is deleted before those that come later."""


def users_of(identifier: str, objects: Iterable[StoredObject]) -> list[StoredObject]:
    """Return the objects that use the one with this id, directly or through others; flows come first."""
    return sorted(stored_object.users_of([identifier], objects), key=_rank)


def by_export(objects: Iterable[StoredObject]) -> list[list[StoredObject]]:
    """Return the objects in groups, each of one export.

    A group begins with an object that no other one uses, usually a flow, and contains what it uses. A
    connection that several exports share is in the last group only. Therefore each object comes before all
    those that it uses, which is the order in which they can be deleted.
    """
    rest = {each.id: each for each in sorted(objects, key=_rank)}
    used = {reference for each in rest.values() for reference in each.references}
    roots = [identifier for identifier in rest if identifier not in used]
    groups = [sorted(_with_used(root, rest), key=_rank) for root in reversed(roots)]
    return groups[::-1] + [[each] for each in rest.values()]  # the rest uses itself, which is not documented


def _with_used(identifier: str, rest: dict[str, StoredObject]) -> Iterator[StoredObject]:
    """Take an object and all that it uses out of `rest`, and yield them."""
    found = rest.pop(identifier, None)
    if found is not None:
        yield found
        for reference in found.references:
            yield from _with_used(reference, rest)


def _rank(found: StoredObject) -> tuple[int, str, str]:
    return KINDS.index(found.resource), found.created_at or "", found.id


def titles(objects: Sequence[StoredObject]) -> str:
    """Return the titles of objects as a list in a sentence."""
    return ", ".join(each.title for each in objects)
