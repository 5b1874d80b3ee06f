"""Any input to the control paths is accepted or rejected, and never an unexpected error."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow_emulator.faults import rules
from tests.unit.flow_emulator.session import Session, base_body, flow_body, source_body, target_body

pytestmark = pytest.mark.thorough

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
OPTIONS = sorted({*rules._COMMON, *(name for kind in rules.KINDS.values() for name in kind.options)})
FAULTS = st.fixed_dictionaries(
    {
        "operation": st.sampled_from(["*", "createFlow", "list*", "[", "nothing"]),
        "kind": JSON | st.sampled_from([*rules.KINDS]),
    },
    optional={
        name: JSON | st.sampled_from(["1", "after", "date", "bare", "html", 2, [1, 2]]) for name in OPTIONS
    },
)
BODIES = st.sampled_from(
    [base_body(), source_body(), target_body("$connections.a"), flow_body("$sourceConnections.a", "$flows.a")]
)
SEEDS = st.dictionaries(
    st.sampled_from(["connections", "sourceConnections", "targetConnections", "flows", "sandbox", "clock"]),
    JSON | st.dictionaries(st.sampled_from(["a", "b", ""]), JSON | BODIES, max_size=3),
)


@settings(max_examples=300, deadline=None)
@given(FAULTS)
def test_a_fault_is_read_or_rejected(written: dict[str, Any]) -> None:
    """Every object is a fault that survives being written again, or a ValueError."""
    try:
        fault = rules.from_json(written)
    except ValueError:
        return
    assert rules.from_json(json.loads(json.dumps(fault.as_json()))) == fault
    assert rules.from_text(fault.as_text()) == fault


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["*", "reset", "nth=1", "'", "=", "times=x"])).map(" ".join)
)
def test_a_text_is_read_or_rejected(text: str) -> None:
    """Every text is a fault, or a ValueError; so is every file."""
    for read in (rules.from_text, rules.from_toml):
        with contextlib.suppress(ValueError):
            assert read(text)


@pytest.mark.parametrize(
    ("method", "path", "bodies"),
    [
        ("POST", "/_emulator/faults", JSON | FAULTS | st.lists(FAULTS).map(lambda items: {"items": items})),
        ("POST", "/_emulator/seed", JSON | SEEDS),
        ("PUT", "/_emulator/snapshot", JSON),
    ],
)
def test_garbage_is_never_an_internal_error(method: str, path: str, bodies: st.SearchStrategy[Any]) -> None:
    """The answer is never a 500, and afterwards the emulator still shows its state."""
    with asyncio.Runner() as runner:
        session = Session(runner=runner)

        @settings(max_examples=80, deadline=None)
        @given(bodies)
        def send(body: Any) -> None:
            response = session.raw(method, path, content=json.dumps(body))
            assert response.status_code < 500, response.text
            assert session.raw("GET", "/_emulator/state").status_code == 200
            session.raw("POST", "/_emulator/reset")

        send()
        session.store.close()
