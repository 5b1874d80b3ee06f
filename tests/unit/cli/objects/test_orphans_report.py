"""The report of `flowbridge orphans`."""

from __future__ import annotations

import json
from dataclasses import replace

from provider_shim.cli.objects.comparison import Comparison
from provider_shim.cli.objects.report import as_json, as_text, delete_command
from provider_shim.lifecycle.state.stored_object import KINDS, StoredObject

FLOW = StoredObject(KINDS[0], "flow", name="orders", references=("source",))
SOURCE = StoredObject(KINDS[2], "source")


def test_an_orphan_in_use_has_no_delete_command() -> None:
    """A connection that a flow in a state uses can't be deleted; one whose flow is being deleted can."""
    for state, deletable in (("enabled", False), ("delete-finalizing", True)):
        stored = [replace(FLOW, state=state), SOURCE]
        found = Comparison(orphans=(SOURCE,), checked=2)
        text = as_text(found, stored, "c", "prod")
        assert (delete_command(SOURCE) in text) == deletable
        assert ('is in use by the flow "orders" (flow)' in text) != deletable
        [printed] = json.loads(as_json(found, stored, "c", "prod"))["orphans"]
        assert printed["delete"] == (delete_command(SOURCE) if deletable else None)
        assert printed["used_by"] == [{"kind": "flow", "id": "flow", "name": "orders"}]


def test_the_report_mentions_other_states() -> None:
    """Objects of other configurations with this client are listed too, so the report mentions `--state`."""
    text = as_text(Comparison(orphans=(FLOW,), checked=1), [FLOW], "c", "prod")

    assert text.startswith("1 of 1 objects of the client c in the sandbox prod is in no state.\n")
    assert "give their states too, each with --state" in text
