"""What the requests to one process show: replacements, flows of one name, and warnings already shown.

The sequences of requests were recorded from Terraform 1.11.4.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
)
from provider_shim.main import make_provider
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Severity
from provider_shim.schema.values import UNKNOWN, Value
from tests.unit import samples

AGAIN = "The first run exports everything again"
NO_END = "The exports have no end that you chose"
SEVERAL = "Several flows of one name"
OPEN = samples.SCHEDULE | {"end_time": None}
FLOW = CATALOGUE.resources["aep_flow"]


def config(name: str = "orders", **given: Any) -> dict[str, Value]:
    """Return the configuration of a flow whose end Flow Service chooses."""
    return samples.flow_config(**({"name": name, "schedule": OPEN} | given))


def state(identifier: str, name: str = "orders", **given: Any) -> dict[str, Value]:
    """Return the state of a flow."""
    known = {
        "id": identifier,
        "flow_spec_id": "269ba276-16fc-47db-92b0-c1049a3c131f",
        "enabled": True,
        "deletion_protection": False,
        "schedule": samples.SCHEDULE,
    }
    return samples.flow_config(**(known | {"name": name} | given))


class Process:
    """The provider of one process, called as Terraform calls it."""

    def __init__(self, provider: AepProvider) -> None:
        self.provider = provider

    async def stored(self, *states: Value) -> None:
        """Upgrade the states of objects."""
        for each in states:
            await self.provider.upgrade_resource_state("aep_flow", FLOW.version, each)

    async def planned(
        self, prior: Value, configured: Value, private: bytes = b""
    ) -> PlanResourceChangeResponse:
        """Plan a flow."""
        request = PlanResourceChangeRequest(
            type_name="aep_flow",
            prior_state=prior,
            proposed_new_state=configured,
            config=configured,
            prior_private=private,
        )
        return await self.provider.plan_resource_change(request)

    async def plan(self, prior: Value, configured: Value, private: bytes = b"") -> list[str]:
        """Plan a flow, and return the summaries of errors and warnings."""
        response = await self.planned(prior, configured, private)
        return [each.summary for each in response.diagnostics]

    async def delete(self, prior: Value, private: bytes = b"") -> None:
        """Delete a flow. Flow Service can't be reached, which does not matter here."""
        request = ApplyResourceChangeRequest(
            type_name="aep_flow", prior_state=prior, planned_state=None, config=None, planned_private=private
        )
        await self.provider.apply_resource_change(request)


def run(steps: Callable[[Process], Coroutine[Any, Any, None]], **environment: str) -> None:
    """Run the steps with a provider without credentials."""

    async def run_steps() -> None:
        provider = make_provider({"AEP_SANDBOX_NAME": "prod"} | environment)
        assert await provider.configure_provider("1.11.4", None) == []
        await steps(Process(provider))
        await provider.close()

    asyncio.run(run_steps())


def test_two_new_flows_of_one_name() -> None:
    """The second of two new flows of one name is an error on `name`; a third one is another error."""

    async def steps(process: Process) -> None:
        assert SEVERAL not in await process.plan(None, config())
        assert SEVERAL not in await process.plan(None, config("returns"))
        second = await process.planned(None, config())
        (problem,) = [each for each in second.diagnostics if each.severity is Severity.ERROR]
        assert (problem.summary, str(problem.path)) == (SEVERAL, "name")
        assert SEVERAL in await process.plan(None, config())

    run(steps)


def test_the_setting_allows_flows_of_one_name() -> None:
    """With `existing_names = "ignore"` flows may share a name."""

    async def steps(process: Process) -> None:
        assert SEVERAL not in await process.plan(None, config())
        assert SEVERAL not in await process.plan(None, config())

    run(steps, AEP_EXISTING_NAMES="ignore")


def test_unknown_names_are_not_compared() -> None:
    """Two flows whose names are not known yet are no error."""

    async def steps(process: Process) -> None:
        assert SEVERAL not in await process.plan(None, config(UNKNOWN))  # type: ignore[arg-type]
        assert SEVERAL not in await process.plan(None, config(UNKNOWN))  # type: ignore[arg-type]

    run(steps)


@pytest.mark.parametrize("new_first", [True, False])
def test_a_new_flow_with_the_name_of_an_existing_one(new_first: bool) -> None:
    """A new flow with the name of an existing one is an error with its id, in any order of the plans."""

    async def steps(process: Process) -> None:
        await process.stored(state("a"))
        found = []
        for is_new in (new_first, not new_first):
            response = await process.planned(
                None if is_new else state("a"), config() if is_new else config(schedule=samples.SCHEDULE)
            )
            found.append([each.detail for each in response.diagnostics if each.summary == SEVERAL])
        assert found[0] == []
        assert "the existing flow a" in found[1][0]

    run(steps)


def test_existing_flows_may_share_a_name() -> None:
    """Flows of one name that both exist are no error, also if both are replaced or tainted."""

    async def steps(process: Process) -> None:
        for identifier in ("a", "b", "c", "d"):
            await process.stored(state(identifier))
        assert SEVERAL not in await process.plan(state("a"), config())
        other = config(target_connection_id=samples.BASE_ID)
        first = await process.planned(state("b"), other)
        assert first.requires_replace
        assert SEVERAL not in await process.plan(None, other, first.planned_private)
        assert SEVERAL not in await process.plan(None, config())  # c, which is tainted
        assert SEVERAL not in await process.plan(None, config())  # d, which is tainted
        assert SEVERAL in await process.plan(None, config())

    run(steps)


def test_a_flow_moves_to_another_address() -> None:
    """A new flow with the name of one that is destroyed is no error; two of them are."""

    async def steps(process: Process) -> None:
        await process.stored(state("a"))
        assert SEVERAL not in await process.plan(None, config())
        assert SEVERAL not in await process.plan(state("a"), None)
        assert SEVERAL in await process.plan(None, config())

    run(steps)


def test_a_replacement_by_the_provider_is_announced_by_its_plan() -> None:
    """The plan that requires a replacement has the warnings of the new flow, and the apply does not."""

    async def plan(process: Process) -> None:
        await process.stored(state("a"))
        other = config(target_connection_id=samples.BASE_ID)
        first = await process.planned(state("a"), other)
        assert [each.summary for each in first.diagnostics] == [NO_END, AGAIN]
        second = await process.planned(None, other, first.planned_private)

        async def apply(process: Process) -> None:
            await process.stored(state("a"))
            await process.delete(state("a"), second.planned_private)
            assert await process.plan(None, other) == []

        provider = make_provider({"AEP_SANDBOX_NAME": "prod"})
        assert await provider.configure_provider("1.11.4", None) == []
        await apply(Process(provider))

    run(plan)


def test_a_tainted_flow_is_announced_by_its_plan() -> None:
    """The plan of a tainted flow has no prior state; the state that was upgraded shows what it replaces."""

    async def steps(process: Process) -> None:
        await process.stored(state("a"))
        planned = await process.planned(None, config())
        assert [each.summary for each in planned.diagnostics] == [NO_END, AGAIN]
        await process.provider.configure_provider("1.11.4", None)
        await process.stored(state("a"))
        await process.delete(state("a"), planned.planned_private)
        assert await process.plan(None, config()) == []

    run(steps)


def test_a_replacement_by_the_user_is_announced_by_its_apply() -> None:
    """Terraform does not show the warnings of the plan of `-replace`, so the apply has them."""

    async def steps(process: Process) -> None:
        await process.stored(state("a"))
        unchanged = config(schedule=samples.SCHEDULE)
        first = await process.planned(state("a"), unchanged)
        assert first.diagnostics == []
        second = await process.planned(None, unchanged, first.planned_private)
        await process.provider.configure_provider("1.11.4", None)
        await process.stored(state("a"))
        await process.delete(state("a"), second.planned_private)
        assert await process.plan(None, unchanged) == [AGAIN]
        assert await process.plan(None, config("returns")) == []

    run(steps)


def test_a_new_flow_warns_in_the_plan_only() -> None:
    """The warnings of a new flow are in the plan, and not in an apply that has created something before."""

    async def steps(process: Process) -> None:
        assert await process.plan(None, config(source_connection_id=UNKNOWN)) == [NO_END]
        await process.provider.configure_provider("1.11.4", None)
        await process.delete(state("another", "returns"))
        assert await process.plan(None, config()) == []

    run(steps)


def test_a_changed_flow_warns_in_the_plan_only() -> None:
    """The warnings of a changed flow are in the plan, which has planned an unchanged object before, and not
    in the apply, which plans nothing but changes.
    """
    prior = state("a")
    changed = config(schedule=samples.SCHEDULE | {"interval": 6, "end_time": None})

    async def steps(process: Process) -> None:
        await process.stored(prior, state("b", "returns"))
        assert await process.plan(state("b", "returns"), config("returns", schedule=samples.SCHEDULE)) == []
        assert NO_END in await process.plan(prior, changed)
        await process.provider.configure_provider("1.11.4", None)
        await process.stored(prior)
        assert await process.plan(prior, changed) == []

    run(steps)


def test_violations_of_disputed_rules_are_shown_once_as_well() -> None:
    """With `disputed_rules = "warning"` the apply does not repeat the plan's warnings."""
    disputed = config(schedule=samples.SCHEDULE | {"interval": 8})

    async def steps(process: Process) -> None:
        assert await process.plan(None, disputed | {"source_connection_id": UNKNOWN}) == ["Doubtful schedule"]
        await process.provider.configure_provider("1.11.4", None)
        await process.delete(state("another", "returns"))
        assert await process.plan(None, disputed) == []

    run(steps, AEP_DISPUTED_RULES="warning")
