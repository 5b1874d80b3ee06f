"""States of older versions, and states after an apply."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.lifecycle.state.states import fill_unknowns, from_stored, unknowns_to_null
from provider_shim.resources import CATALOGUE
from provider_shim.schema.types import NUMBER, STRING, List, Map, Object, Tuple
from provider_shim.schema.values import UNKNOWN
from tests.unit import samples


def upgraded(version: int, stored: Any) -> Any:
    """Return the response to an upgrade of a source connection's state."""

    def connect(_: Any, __: Any) -> Any:
        raise AssertionError("an upgrade must not connect")

    async def run() -> Any:
        provider = AepProvider(connect, {}, 0.0, lambda: datetime(2026, 11, 23, tzinfo=UTC))
        return await provider.upgrade_resource_state("aep_source_connection", version, stored)

    return asyncio.run(run())


def test_todays_state() -> None:
    """A state of the current schema is unchanged."""
    state = samples.source_config(id=samples.SOURCE_ID, deletion_protection=False)

    assert upgraded(0, state).upgraded_state == state


def test_older_state() -> None:
    """Removed attributes are dropped, also nested ones, and new ones are null."""
    stored = {
        "id": samples.SOURCE_ID,
        "name": "orders",
        "colour": "red",
        "datasets": [{"id": "b", "name": "B", "size": Decimal("1.5")}, {"id": "a"}],
    }

    response = upgraded(0, stored)

    assert response.diagnostics == []
    assert response.upgraded_state == samples.source_config(
        id=samples.SOURCE_ID, name="orders", datasets=[{"id": "a"}, {"id": "b", "name": "B"}]
    )


def test_newer_state() -> None:
    """A state from a newer version is an error."""
    (problem,) = upgraded(CATALOGUE.resources["aep_source_connection"].version + 1, {}).diagnostics

    assert "newer" in problem.detail


def test_every_kind() -> None:
    """Lists, maps and tuples are converted too."""
    kind = Object(
        {"l": List(Object({"a": STRING})), "m": Map(NUMBER), "t": Tuple((STRING, NUMBER)), "n": STRING}
    )
    stored = {"l": [{"a": "x", "b": 1}], "m": {"k": 2}, "t": ["x", 3]}

    assert from_stored(kind, stored) == {"l": [{"a": "x"}], "m": {"k": 2}, "t": ["x", 3], "n": None}


def test_completed() -> None:
    """Planned values are kept, unknown ones are filled in, and none is unknown afterwards."""
    planned = {"a": 1, "b": UNKNOWN, "c": {"d": UNKNOWN, "e": 2}, "f": {"g": UNKNOWN}}
    actual = {"a": 9, "b": 8, "c": {"d": 7, "e": 9}, "f": None}

    assert fill_unknowns(planned, actual) == {"a": 1, "b": 8, "c": {"d": 7, "e": 2}, "f": {"g": None}}
    assert unknowns_to_null([{"a": UNKNOWN}]) == [{"a": None}]


def test_private_data() -> None:
    """Private data can be encoded and decoded; unknown keys of other versions are ignored."""
    private = PrivateState(etag='"1"', method="Access Key", imported=True)

    assert decode(private.encode()) == private
    assert decode(b"") == PrivateState()
    assert decode(b'{"etag": "e", "colour": "red"}') == PrivateState(etag="e")
    assert decode(private.after_apply().encode()).imported is False


def test_a_plan_of_version_0_1_0_keeps_the_replaced_object() -> None:
    """The id of the replaced object is read under its former key from a plan that version 0.1.0 saved."""
    assert decode(b'{"replaces": "11111111-1111-4111-8111-111111111111"}').id == (
        "11111111-1111-4111-8111-111111111111"
    )


@pytest.mark.parametrize("data", [b"not json", b"[1]", b"null", b'"text"', b"\xff", b"{", b"[" * 100_000])
def test_damaged_private_data_are_absent(data: bytes) -> None:
    """Private data that are not a JSON object are read as if there were none."""
    assert decode(data) == PrivateState()


def test_damaged_private_values_are_absent() -> None:
    """A value of another type or format is absent; the others are kept."""
    damaged = {
        "etag": "\u20ac\n",
        "method": 5,
        "salt": "xyz",
        "fingerprint": "\u20ac",
        "imported": "yes",
        "id": ["a"],
    }
    kept = PrivateState(
        etag='"1"', method="Access Key", salt="0a", fingerprint="0b0b0", imported=True, id="a"
    )

    assert decode(json.dumps(damaged).encode()) == PrivateState()
    for name, value in damaged.items():
        stored = json.loads(kept.encode())
        without: dict[str, Any] = {key: each for key, each in stored.items() if key != name}
        assert decode(json.dumps(stored | {name: value}).encode()) == PrivateState(**without)
