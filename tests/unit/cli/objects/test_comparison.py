"""Which objects are orphans of which states."""

from __future__ import annotations

from dataclasses import replace

from provider_shim.cli.objects.comparison import compare
from provider_shim.cli.objects.terraform_state import HeldObjects
from provider_shim.lifecycle.state.stored_object import KINDS, StoredObject

OURS = StoredObject(KINDS[0], "ours", created_client="c")
HELD = replace(OURS, id="held")
OTHER = replace(OURS, id="other", created_client="web page")
UNKNOWN = replace(OURS, id="unknown", created_client=None)
GOING = replace(OURS, id="going", state="delete-finalizing")
SANDBOX = [OURS, HELD, OTHER, UNKNOWN, GOING]
STATE = HeldObjects("one", frozenset({"held"}))


def test_orphans_are_of_this_client_and_in_no_state() -> None:
    """Objects of other clients, of unknown clients, and objects that are being deleted are no orphans."""
    found = compare(SANDBOX, [STATE], "c", "prod")

    assert (found.orphans, found.checked, found.foreign, found.reliable) == ((OURS,), 2, (), True)


def test_several_states_hold_objects() -> None:
    """An object is held if any of the states has it."""
    found = compare(SANDBOX, [STATE, HeldObjects("two", frozenset({"ours"}))], "c", "prod")

    assert found.orphans == ()


def test_a_state_without_objects() -> None:
    """A state without objects of this provider, or no state at all, makes all objects orphans."""
    for states in ([], [HeldObjects("new")]):
        found = compare(SANDBOX, states, "c", "prod")
        assert (found.orphans, found.reliable) == ((OURS, HELD), True)


def test_a_state_of_another_sandbox() -> None:
    """A state is foreign if it records another sandbox, or if none of its objects exists here."""
    recorded = HeldObjects("dev", frozenset({"held"}), frozenset({"dev"}))
    elsewhere = HeldObjects("elsewhere", frozenset({"a", "b"}))
    both = HeldObjects("both", frozenset({"held", "a"}), frozenset({"dev", "prod"}))

    assert not compare(SANDBOX, [recorded], "c", "prod").reliable
    assert not compare(SANDBOX, [elsewhere, HeldObjects("new")], "c", "prod").reliable
    mixed = compare(SANDBOX, [elsewhere, STATE], "c", "prod")
    assert (mixed.foreign, mixed.reliable) == ((elsewhere,), True)
    assert compare(SANDBOX, [both], "c", "prod").foreign == ()


def test_a_state_of_objects_of_other_clients_is_not_foreign() -> None:
    """A state with imported objects of another client belongs to the sandbox."""
    assert compare(SANDBOX, [HeldObjects("imported", frozenset({"other"}))], "c", "prod").reliable
