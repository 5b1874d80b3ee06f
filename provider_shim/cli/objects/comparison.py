"""Comparison of a sandbox with states: objects that no state holds, and states of another sandbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from provider_shim.cli.objects.terraform_state import HeldObjects
from provider_shim.lifecycle.state.stored_object import StoredObject


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of a comparison.

    Attributes:
        orphans: Objects of the client that no state holds.
        checked: Number of the client's objects in the sandbox.
        foreign: States whose objects are all in another sandbox or organisation.
        reliable: False if every state that has objects is foreign: the orphans then say nothing about the
            states that the user meant.
    """

    orphans: tuple[StoredObject, ...]
    checked: int
    foreign: tuple[HeldObjects, ...] = ()
    reliable: bool = True


def compare(
    objects: Collection[StoredObject], states: Sequence[HeldObjects], client_id: str, sandbox_name: str
) -> Comparison:
    """Compare the objects of a sandbox, created by any client, with states.

    Objects that are being deleted are no orphans.
    """
    held = frozenset[str]().union(*(state.ids for state in states))
    own = [each for each in objects if each.created_client == client_id and not each.is_being_deleted]
    existing = frozenset(each.id for each in objects)
    with_objects = [state for state in states if state.ids]
    foreign = [state for state in with_objects if _is_foreign(state, existing, sandbox_name)]
    return Comparison(
        orphans=tuple(each for each in own if each.id not in held),
        checked=len(own),
        foreign=tuple(foreign),
        reliable=not foreign or len(foreign) < len(with_objects),
    )


def _is_foreign(state: HeldObjects, existing: frozenset[str], sandbox_name: str) -> bool:
    """Return True if a state has objects, and none of them is in the sandbox."""
    return bool(state.sandboxes and sandbox_name not in state.sandboxes) or not state.ids & existing
