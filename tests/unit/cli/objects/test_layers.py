"""Which objects use which, and which belong to one export."""

from __future__ import annotations

from provider_shim.cli.objects.layers import by_export, users_of
from provider_shim.lifecycle.state.stored_object import KINDS, StoredObject, from_json

FLOW, TARGET, SOURCE, BASE = KINDS
FIRST = StoredObject(FLOW, "flow 1", created_at="2031-01-01T00:00:00Z", references=("target 1", "source 1"))
SECOND = StoredObject(FLOW, "flow 2", created_at="2031-01-02T00:00:00Z", references=("target 2", "source 1"))
TARGET_1 = StoredObject(TARGET, "target 1", references=("base",))
TARGET_2 = StoredObject(TARGET, "target 2", references=("base",))
SOURCE_1 = StoredObject(SOURCE, "source 1", references=("data lake",))
SHARED = StoredObject(BASE, "base")
EVERYTHING = [SHARED, SOURCE_1, TARGET_2, TARGET_1, SECOND, FIRST]


def test_exports_in_the_order_of_deletion() -> None:
    """Objects of one export are together, and each comes before those that it uses."""
    groups = by_export(EVERYTHING)

    assert groups == [[FIRST, TARGET_1], [SECOND, TARGET_2, SOURCE_1, SHARED]]


def test_connections_without_a_flow() -> None:
    """A half-made export, which lacks its flow, is listed as a whole."""
    assert by_export([SHARED, SOURCE_1, TARGET_1]) == [[TARGET_1, SHARED], [SOURCE_1]]


def test_no_object_is_lost_in_a_circle() -> None:
    """Objects that refer to each other are listed, although Flow Service has no such objects."""
    one, other = StoredObject(TARGET, "a", references=("b",)), StoredObject(BASE, "b", references=("a",))

    assert by_export([one, other]) == [[one], [other]]
    assert users_of("a", [one, other]) == [one, other]


def test_users_are_direct_and_indirect() -> None:
    """A base connection is used by target connections, and by the flows that use these."""
    assert users_of("base", EVERYTHING) == [FIRST, SECOND, TARGET_1, TARGET_2]
    assert users_of("source 1", EVERYTHING) == [FIRST, SECOND]
    assert users_of("flow 1", EVERYTHING) == []


def test_an_object_from_json() -> None:
    """Values of another form are unknown, and a name has no characters that control a terminal."""
    body = {
        "id": "t",
        "name": "orders\x1b[2J",
        "createdAt": 1924992000123,
        "createdClient": "c",
        "state": "enabled",
        "baseConnectionId": "b",
        "connectionSpec": {"id": "4fce964d-3f37-408f-9778-e597338a21ee"},
    }
    found = from_json(TARGET, body)

    assert (found.name, found.created_at) == ("orders\N{REPLACEMENT CHARACTER}[2J", "2031-01-01T00:00:00Z")
    assert (found.created_client, found.state, found.references) == ("c", "enabled", ("b",))
    assert found.is_export
    assert from_json(TARGET, {"id": "t", "createdAt": "x", "name": None}) == StoredObject(
        TARGET, "t", is_export=False
    )
