"""No object is silently created twice, and no created object is lost."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from provider_shim.client.entities import Collection
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.state.states import null_state
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Severity
from provider_shim.schema.paths import path
from provider_shim.schema.values import Value
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    created_response,
    error_response,
    other_client,
    run_on_emulator,
    run_with_responses,
)
from tests.unit.lifecycle.session.test_request_counts import create_export

SOURCE = CATALOGUE.resources["aep_source_connection"]
LONG_AGO = 1_600_000_000_000
"""A time in milliseconds since 1970 that is before any request of a test."""
CONFIG = null_state(SOURCE) | {
    "name": "orders",
    "datasets": [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}],
}
OURS: dict[str, object] = {
    "id": "11111111-0000-4000-8000-000000000001",
    "etag": '"1"',
    "name": "orders",
    "createdClient": "c",
    "connectionSpec": {"id": "23598e46-f560-407b-88d5-ea6207e49db0", "version": "1.0"},
    "params": {"datasets": [{"dataSetId": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]},
}


class Service:
    """Flow Service with source connections: `before` are the first ones, `after` those of a create.

    With `is_lost` the responses to creates are lost.
    """

    def __init__(
        self,
        before: list[dict[str, object]],
        after: list[dict[str, object]],
        *,
        is_lost: bool = True,
    ) -> None:
        self.held = list(before)
        self.after = after
        self.is_lost = is_lost
        self.creates = 0

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request."""
        if request.method == "POST":
            self.creates += 1
            self.held += self.after
            if self.is_lost:
                raise httpx.ReadError("reset")
            return created_response(str(self.after[0]["id"]))
        identifier = request.url.path.rpartition("/")[2]
        if identifier in set(Collection):
            items = self.held if identifier == "sourceConnections" else []
            return httpx.Response(200, json={"items": items})
        known = [body for body in self.held if body["id"] == identifier]
        return httpx.Response(200, json={"items": known}) if known else error_response(404, "FLOW-1439-404")


def created_with(service: Service, **settings: str) -> Terraform:
    """Create the source connection with this service."""
    ended: list[Terraform] = []

    async def steps(provider: AepProvider) -> None:
        await provider.configure_provider("1.11.4", null_state(CATALOGUE.provider) | settings)
        terraform = Terraform(provider, "aep_source_connection")
        await terraform.send(CONFIG, await terraform.plan(CONFIG))
        ended.append(terraform)

    run_with_responses(service.respond, steps, lists=service.respond)
    return ended[0]


def another(**changes: object) -> dict[str, object]:
    """Return an object that differs from the planned one."""
    return OURS | {"id": "22222222-0000-4000-8000-000000000002"} | changes


def test_what_a_lost_create_has_made_is_named_and_not_adopted() -> None:
    """Another process could have made the same source connection, so that the user decides with its id."""
    service = Service([], [OURS])
    terraform = created_with(service)

    assert terraform.state is None
    assert service.creates == 1
    [problem] = terraform.diagnostics
    assert problem.summary == "It is unclear which source connection was created"
    assert f"terraform import aep_source_connection.<name> {OURS['id']}" in problem.detail


@pytest.mark.parametrize(
    "foreign",
    [
        another(createdClient="other-client"),
        another(name="Orders"),
        another(params={"datasets": [{"dataSetId": "a" * 24, "name": "Others"}]}),
        another(createdAt=LONG_AGO),
    ],
)
def test_only_what_the_create_can_have_made_is_named(foreign: dict[str, object]) -> None:
    """Objects that another client or an earlier request made, or that are not as planned, are not named."""
    service = Service([], [foreign])
    terraform = created_with(service)

    assert terraform.state is None
    assert service.creates == 1
    assert "Apply again" in terraform.diagnostics[0].detail


def test_several_are_explained() -> None:
    """If several objects may be the created one, the error names them, with commands."""
    terraform = created_with(Service([], [OURS, another()]))

    assert terraform.state is None
    [problem] = terraform.diagnostics
    assert problem.summary == "It is unclear which source connection was created"
    assert f"terraform import aep_source_connection.<name> {OURS['id']}" in problem.detail
    assert "22222222-0000-4000-8000-000000000002" in problem.detail


def test_an_orphan_stops_the_next_create() -> None:
    """An object of the same name, created by this client, is an error with an import block."""
    service = Service([OURS], [])
    terraform = created_with(service)

    assert terraform.state is None
    assert service.creates == 0
    assert terraform.diagnostics[0].path == path("name")
    assert f'id = "{OURS["id"]}"' in terraform.diagnostics[0].detail


def test_what_another_client_made_is_no_orphan() -> None:
    """An object of the same name that another client has created does not stop a create."""
    service = Service([OURS | {"createdClient": "other-client"}], [another()], is_lost=False)
    terraform = created_with(service)

    assert terraform.state["id"] == "22222222-0000-4000-8000-000000000002"
    assert service.creates == 1


def test_shared_names_can_be_allowed() -> None:
    """With existing_names = "ignore" an object of the same name does not stop a create."""
    service = Service([OURS], [another()], is_lost=False)
    terraform = created_with(service, existing_names="ignore")

    assert terraform.state["id"] == "22222222-0000-4000-8000-000000000002"


def test_a_gone_orphan_is_no_obstacle(tmp_path: Path) -> None:
    """An object that was replaced or deleted since the listing does not stop a create."""

    async def steps(provider: AepProvider) -> None:
        first = Terraform(provider, "aep_source_connection")
        await first.apply(CONFIG)
        await first.apply(None)
        second = Terraform(provider, "aep_source_connection")
        await second.apply(CONFIG)
        assert second.state is not None

    run_on_emulator(tmp_path, steps)


async def replaced_first(terraform: Terraform, config: Value) -> None:
    """Apply as Terraform does with `create_before_destroy`: it plans again, as if nothing were there."""
    await terraform.provider.configure_provider("1.11.4", None)
    terraform.state, terraform.private = None, b""
    await terraform.send(config, await terraform.plan(config))


def test_a_replacement_creates_the_new_object_first(tmp_path: Path) -> None:
    """With create_before_destroy the object to replace has the planned name. That it differs in a value that
    can't be changed in place shows the replacement; as it may still be an orphan, a warning names it.
    """

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, "aep_source_connection")
        await terraform.apply(CONFIG)
        old = terraform.state["id"]

        await replaced_first(
            terraform, CONFIG | {"datasets": [{"id": "64b7e8acdd522e6190ac9567", "name": "Orders"}]}
        )

        assert terraform.state["id"] != old
        assert [each.severity for each in terraform.diagnostics] == [Severity.WARNING]
        assert old in terraform.diagnostics[0].detail

    run_on_emulator(tmp_path, steps)


def test_a_forced_replacement_is_explained(tmp_path: Path) -> None:
    """With -replace and create_before_destroy the old object equals the new one and can't be distinguished
    from an orphan. The error states the setting for that case.
    """

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, "aep_source_connection")
        await terraform.apply(CONFIG)

        await replaced_first(terraform, CONFIG)

        assert terraform.state is None
        assert "AEP_EXISTING_NAMES=ignore" in terraform.diagnostics[0].detail

    run_on_emulator(tmp_path, steps)


@pytest.mark.parametrize("flow_is_in_state", [True, False])
def test_only_a_flow_in_the_state_excuses_its_connections(tmp_path: Path, flow_is_in_state: bool) -> None:
    """A connection of the planned name is no obstacle if a flow in the state uses it, but it is one if the
    state is not known to have the flow.
    """

    async def steps(provider: AepProvider) -> None:
        export = await create_export(provider, 1)
        source, flow = export[0], export[-1]
        await provider.configure_provider("1.11.4", None)
        if flow_is_in_state:
            known = Terraform(provider, *flow)
            await known.refresh()
        again = {name: value for name, value in source[1].items() if name in ("name", "datasets")}

        terraform = Terraform(provider, "aep_source_connection")
        await terraform.apply(null_state(SOURCE) | again)

        assert (terraform.state is not None) is flow_is_in_state

    run_on_emulator(tmp_path, steps)


def test_one_error_names_all_layers_of_a_lost_export(tmp_path: Path) -> None:
    """If the state of a whole export was lost, the first create names every object of it.

    For each of them there is an import block, and a command that deletes it, in an order that works.
    """

    async def steps(provider: AepProvider) -> None:
        export = await create_export(provider, 1)
        source, *others = export
        await provider.configure_provider("1.11.4", None)
        again = {name: value for name, value in source[1].items() if name in ("name", "datasets")}

        terraform = Terraform(provider, "aep_source_connection")
        await terraform.apply(null_state(SOURCE) | again)

        [problem] = terraform.diagnostics
        assert len(others) == 3
        for type_name, state, _ in export:
            assert f'to = {type_name}.<name>\n    id = "{state["id"]}"' in problem.detail
        ids = {type_name: state["id"] for type_name, state, _ in export}
        order = ("aep_flow", "aep_target_connection", "aep_source_connection", "aep_base_connection")
        assert "\n".join(f"  flowbridge delete {ids[each]}" for each in order) in problem.detail

    run_on_emulator(tmp_path, steps)


def test_an_interrupted_apply(tmp_path: Path) -> None:
    """An object that a killed process created without recording it is reported by the next process."""

    async def steps(provider: AepProvider) -> None:
        forgotten = Terraform(provider, "aep_source_connection")
        await forgotten.apply(CONFIG)
        await provider.configure_provider("1.11.4", None)  # what a new process begins with

        terraform = Terraform(provider, "aep_source_connection")
        await terraform.apply(CONFIG)

        assert terraform.state is None
        assert forgotten.state["id"] in terraform.diagnostics[0].detail
        service = other_client(tmp_path)
        assert len([body async for body in service.list(Collection.SOURCE_CONNECTIONS)]) == 1
        await service.aclose()

    run_on_emulator(tmp_path, steps)
