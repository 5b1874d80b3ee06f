"""The construct of a run on request."""

from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformOutput, TerraformStack

from constructs_lib import AepProvider, ConstructError, FlowRunTrigger, FlowRunTriggerTimeouts
from constructs_lib.testing import synthesize

pytestmark = pytest.mark.slow

FLOW_ID = "eb54b3b3-3949-4f12-89c8-64eafaba858f"


def synthesized(add: Any) -> dict[str, Any]:
    """The stack that has the provider and what `add` puts into it."""

    def build(stack: TerraformStack) -> None:
        AepProvider(stack, "aep")
        add(stack)

    return synthesize(build)


def test_trigger() -> None:
    """A trigger has its map, its set and its time as Terraform wants them, and refers to its runs."""

    def add(stack: TerraformStack) -> None:
        trigger = FlowRunTrigger(
            stack,
            "now",
            flow_id=FLOW_ID,
            dataset_ids=["5ef3e3259ad2a1191ab7dd7d"],
            triggers={"day": "1"},
            wait_for_completion=True,
            timeouts=FlowRunTriggerTimeouts(create="45m"),
        )
        TerraformOutput(stack, "runs", value=trigger.run_ids)

    document = synthesized(add)

    assert document["resource"]["aep_flow_run_trigger"]["now"] == {
        "dataset_ids": ["5ef3e3259ad2a1191ab7dd7d"],
        "flow_id": FLOW_ID,
        "timeouts": {"create": "45m"},
        "triggers": {"day": "1"},
        "wait_for_completion": True,
    }
    assert document["output"]["runs"] == {"value": "${aep_flow_run_trigger.now.run_ids}"}


def test_mistakes_are_found_when_the_construct_is_made() -> None:
    """A malformed time and a missing dataset are refused at once, each at its argument."""

    def add(stack: TerraformStack) -> None:
        FlowRunTrigger(
            stack,
            "now",
            flow_id="orders",
            dataset_ids=[],
            timeouts=FlowRunTriggerTimeouts(create="soon"),
        )

    with pytest.raises(ConstructError) as caught:
        synthesized(add)

    assert sorted(problem.argument for problem in caught.value.problems) == [
        "dataset_ids",
        "flow_id",
        "timeouts.create",
    ]
