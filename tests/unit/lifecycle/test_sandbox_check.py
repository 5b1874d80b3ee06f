"""The sandbox of an object: compared before a request, planned, recorded and completed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest

from flow_emulator import identity
from provider_shim.lifecycle.checks.sandbox_match import mismatch
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import MoveResourceStateRequest
from provider_shim.lifecycle.session.operation_errors import Operation
from provider_shim.lifecycle.state.private_state import PrivateState, decode
from provider_shim.lifecycle.state.sandbox import Sandbox, recorded
from provider_shim.resources import CATALOGUE
from provider_shim.schema.values import UNKNOWN, Value
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    created_response,
    entity_response,
    run_on_emulator,
    run_with_responses,
)

SOURCE = "aep_source_connection"
CONFIG = samples.source_config()
PROD = PrivateState(sandbox_name="prod", organization_id=identity.ORGANIZATION_ID)
STATE = samples.source_config(id=samples.SOURCE_ID, deletion_protection=False, sandbox_name="prod")
BODY: dict[str, Any] = {
    "id": samples.SOURCE_ID,
    "name": "orders",
    "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
}


def provider_config(**settings: Any) -> Value:
    """Return a provider block with these settings."""
    return dict.fromkeys(CATALOGUE.provider.type.attributes) | settings


Steps = Callable[[AepProvider], Coroutine[Any, Any, None]]
DEV = {"sandbox_name": "dev", "organization_id": "ACME@AdobeOrg", "client_id": "c", "access_token": "t"}


def requests_in_dev(steps: Steps) -> list[httpx.Request]:
    """Run the steps with a provider for the sandbox `dev`, and return its requests."""

    async def configured(provider: AepProvider) -> None:
        assert await provider.configure_provider("1.11.4", provider_config(**DEV)) == []
        await steps(provider)

    return run_with_responses(lambda _: entity_response(BODY), configured, sandbox_name="dev")


async def read(terraform: Terraform) -> Any:
    """Refresh."""
    return await terraform.refresh()


async def plan(terraform: Terraform) -> Any:
    """Plan no change."""
    return await terraform.provider.plan_resource_change(terraform.plan_request(CONFIG))


async def plan_destroy(terraform: Terraform) -> Any:
    """Plan to destroy."""
    return await terraform.provider.plan_resource_change(terraform.plan_request(None))


async def update(terraform: Terraform) -> Any:
    """Apply another name."""
    planned = STATE | {"name": "renamed"}
    return await terraform.provider.apply_resource_change(terraform.apply_request(planned, CONFIG))


async def delete(terraform: Terraform) -> Any:
    """Apply a destroy."""
    return await terraform.provider.apply_resource_change(terraform.apply_request(None, None))


@pytest.mark.parametrize("operation", [read, plan, plan_destroy, update, delete])
@pytest.mark.parametrize(
    ("state", "private"),
    [
        (STATE, PROD.encode()),
        (STATE | {"sandbox_name": None}, PROD.encode()),
        (STATE, b"not json"),
        (STATE | {"deletion_protection": True}, PROD.encode()),
    ],
)
def test_an_object_of_another_sandbox_is_an_error_without_a_request(
    operation: Callable[[Terraform], Any], state: Value, private: bytes
) -> None:
    """The sandbox in private data or state is named beside the configured one, and the state is kept."""

    async def steps(provider: AepProvider) -> None:
        response = await operation(Terraform(provider, SOURCE, state=state, private=private))

        (problem,) = response.diagnostics
        assert problem.summary.startswith("Another ")
        assert '"prod"' in problem.detail
        assert '"dev"' in problem.detail
        kept = response.planned_state if hasattr(response, "planned_state") else response.new_state
        assert kept == state

    assert requests_in_dev(steps) == []


def test_a_saved_plan_is_not_created_in_another_sandbox() -> None:
    """A plan for one sandbox that is applied with the settings of another creates nothing."""

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, SOURCE)
        await provider.configure_provider("1.11.4", provider_config(**DEV | {"sandbox_name": "prod"}))
        planned = await terraform.plan(CONFIG)
        await provider.configure_provider("1.11.4", provider_config(**DEV))

        response = await terraform.send(CONFIG, planned)

        (problem,) = response.diagnostics
        assert problem.summary == "Another sandbox"
        assert response.new_state is None

    assert requests_in_dev(steps) == []


def test_a_moved_state_keeps_its_sandbox_and_is_compared() -> None:
    """The state of the same resource under another address brings its sandbox with its private data."""

    async def steps(provider: AepProvider) -> None:
        moved = await provider.move_resource_state(
            MoveResourceStateRequest(
                source_provider_address="registry.acme.example/platform/aep",
                source_type_name=SOURCE,
                source_schema_version=0,
                source_state=STATE,
                target_type_name=SOURCE,
                source_private=PROD.encode(),
            )
        )
        terraform = Terraform(provider, SOURCE, state=moved.target_state, private=moved.target_private)
        response = await terraform.refresh()

        assert [each.summary for each in response.diagnostics] == ["Another organisation"]
        assert provider.identity(SOURCE, moved.target_state, moved.target_private) == {
            "id": samples.SOURCE_ID,
            "sandbox_name": "prod",
            "organization_id": identity.ORGANIZATION_ID,
        }

    assert requests_in_dev(steps) == []


def test_create_read_and_import_record_the_sandbox_and_an_update_keeps_it(tmp_path: Path) -> None:
    """State and private data have the sandbox after each operation, with the organisation of the emulator."""

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, SOURCE)
        operations: list[Callable[[], Any]] = [
            lambda: terraform.apply(CONFIG),
            terraform.refresh,
            lambda: terraform.apply(CONFIG | {"name": "renamed"}),
            lambda: terraform.import_object(terraform.state["id"]),
        ]
        for operation in operations:
            await operation()
            assert terraform.state["sandbox_name"] == "dev"
            found = decode(terraform.private)
            assert (found.sandbox_name, found.organization_id) == ("dev", identity.ORGANIZATION_ID)

    run_on_emulator(tmp_path, steps, AEP_SANDBOX_NAME="dev")


@pytest.mark.parametrize("private", [b"", b'{"etag": "e"}', b"not json", b'{"sandbox_name": 5}'])
def test_a_state_without_the_sandbox_is_completed_by_the_read_that_finds_the_object(private: bytes) -> None:
    """The plans before and after the read change nothing; the read adds the sandbox."""
    state = STATE | {"sandbox_name": None}

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, SOURCE, state=state, private=private)
        assert (await terraform.plan(CONFIG)).planned_state == state
        await terraform.refresh()
        assert terraform.state == state | {"sandbox_name": "dev"}
        assert (await terraform.plan(CONFIG)).planned_state == terraform.state
        assert recorded(decode(terraform.private), None) == Sandbox("dev", "ACME@AdobeOrg")

    assert len(requests_in_dev(steps)) == 1


def test_an_unknown_setting_makes_the_planned_sandbox_unknown() -> None:
    """The sandbox is planned unknown if the setting is, and is known after the apply; nothing is compared."""

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, SOURCE)
        await provider.configure_provider("1.11.4", provider_config(**DEV | {"sandbox_name": UNKNOWN}))
        planned = await terraform.plan(CONFIG)
        assert planned.planned_state["sandbox_name"] is UNKNOWN
        existing = Terraform(provider, SOURCE, state=STATE, private=PROD.encode())
        assert existing.state["sandbox_name"] == "prod"
        await provider.configure_provider("1.11.4", provider_config(**DEV))
        await terraform.send(CONFIG, planned)
        assert terraform.state["sandbox_name"] == "dev"

    run_with_responses(lambda _: created_response(samples.SOURCE_ID), steps, sandbox_name="dev")


def test_a_trigger_shows_the_sandbox_and_is_not_compared() -> None:
    """A run trigger plans the configured sandbox. It has no object, so that another sandbox is no error."""
    config = dict.fromkeys(CATALOGUE.resources["aep_flow_run_trigger"].type.attributes)
    config |= {"flow_id": samples.FLOW_ID}

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, "aep_flow_run_trigger")
        planned = await terraform.plan(config)
        assert planned.planned_state["sandbox_name"] == "dev"
        terraform.state = planned.planned_state | {"id": "a", "run_ids": ["a"], "sandbox_name": "prod"}
        assert (await terraform.plan(config)).planned_state == terraform.state
        assert (await terraform.refresh()).diagnostics == []

    assert requests_in_dev(steps) == []


async def planned_warnings(provider: AepProvider, settings: dict[str, Any]) -> list[str]:
    """Configure the provider, plan a replacement and two new objects, and return the warnings' summaries."""
    assert await provider.configure_provider("1.11.4", provider_config(**settings)) == []
    replacement = Terraform(provider, SOURCE, private=PrivateState(id=samples.SOURCE_ID).encode())
    assert (await replacement.plan(CONFIG)).diagnostics == []
    plans = [await Terraform(provider, SOURCE).plan(CONFIG) for _ in range(2)]
    return [each.summary for plan in plans for each in plan.diagnostics]


def test_a_plan_warns_once_if_nothing_sets_the_sandbox() -> None:
    """The first new object has the warning, and no other; a set sandbox and an emulator give none."""
    unset = {name: value for name, value in DEV.items() if name != "sandbox_name"}

    async def steps(provider: AepProvider) -> None:
        assert await planned_warnings(provider, unset) == ["The sandbox is not set"]
        assert await planned_warnings(provider, unset) == ["The sandbox is not set"]
        assert await planned_warnings(provider, unset | {"sandbox_name": "prod"}) == []
        assert await planned_warnings(provider, unset | {"sandbox_name": UNKNOWN}) == []
        assert await planned_warnings(provider, unset | {"endpoint": "emulator:x.sqlite"}) == []

    run_with_responses(lambda _: entity_response(BODY), steps)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Sandbox("prod", "A@AdobeOrg"), Sandbox("prod", "A@AdobeOrg"), []),
        (Sandbox("prod", "A@AdobeOrg"), Sandbox("prod", "a@adobeorg"), []),
        (Sandbox(None, None), Sandbox("prod", "A@AdobeOrg"), []),
        (Sandbox("prod", "A@AdobeOrg"), Sandbox(None, None), []),
        (Sandbox("prod", None), Sandbox("dev", "A@AdobeOrg"), ["Another sandbox"]),
        (Sandbox("prod", "A@AdobeOrg"), Sandbox("dev", None), ["Another sandbox"]),
        (Sandbox("prod", "A@AdobeOrg"), Sandbox("dev", "B@AdobeOrg"), ["Another organisation"]),
        (Sandbox(None, "A@AdobeOrg"), Sandbox("dev", "B@AdobeOrg"), ["Another organisation"]),
    ],
)
def test_only_known_parts_are_compared(one: Sandbox, other: Sandbox, expected: list[str]) -> None:
    """Known names and organisations must be equal; the case of letters has no meaning."""
    found = mismatch(Operation("read", "the flow"), one, other, is_default=False)

    assert [each.summary for each in found] == expected


def test_the_default_sandbox_is_explained() -> None:
    """If nothing sets the sandbox, the error explains where the configured one comes from."""
    (problem,) = mismatch(Operation("read", "the flow"), Sandbox("dev"), Sandbox("prod"), is_default=True)

    assert '"prod" by default, because nothing sets sandbox_name' in problem.detail
