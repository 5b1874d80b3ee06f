"""The layers of exports: which objects use which, and which belong to one export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from provider_shim.lifecycle.state import stored_object
from provider_shim.lifecycle.state.stored_object import StoredObject, in_deletion_order


def users_of(identifier: str, objects: Iterable[StoredObject]) -> list[StoredObject]:
    """Return the objects that use the one with this id, directly or through others; flows come first."""
    return in_deletion_order(stored_object.users_of([identifier], objects))


def by_export(objects: Iterable[StoredObject]) -> list[list[StoredObject]]:
    """Return the objects in groups, each of one export.

    A group begins with an object that no other one uses, usually a flow, and contains what it uses. A
    connection that several exports share is in the last group only. Therefore each object comes before all
    those that it uses, which is the order in which they can be deleted.
    """
    rest = {each.id: each for each in in_deletion_order(objects)}
    used = {reference for each in rest.values() for reference in each.references}
    roots = [identifier for identifier in rest if identifier not in used]
    groups = [in_deletion_order(_with_used(root, rest)) for root in reversed(roots)]
    return groups[::-1] + [[each] for each in rest.values()]  # the rest uses itself, which is not documented


def _with_used(identifier: str, rest: dict[str, StoredObject]) -> Iterator[StoredObject]:
    """Take an object and all that it uses out of `rest`, and yield them."""
    found = rest.pop(identifier, None)
    if found is not None:
        yield found
        for reference in found.references:
            yield from _with_used(reference, rest)


def titles(objects: Sequence[StoredObject]) -> str:
    """Return the titles of objects as a list in a sentence."""
    return ", ".join(each.title for each in objects)
