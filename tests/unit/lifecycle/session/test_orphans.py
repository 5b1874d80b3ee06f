"""No object is silently created twice, and no created object is lost."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from provider_shim.client.entities import Collection
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.state.states import null_state
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import has_errors
from provider_shim.schema.paths import path
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    error_response,
    other_client,
    run_on_emulator,
    run_with_responses,
)
from tests.unit.lifecycle.session.test_request_counts import create_export

SOURCE = CATALOGUE.resources["aep_source_connection"]
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
    """Flow Service with one collection: `before` are its first objects, `after` those of a create."""

    def __init__(self, before: list[dict[str, object]], after: list[dict[str, object]]) -> None:
        self.held = list(before)
        self.after = after
        self.creates = 0

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request. Creates take effect, but their responses are lost."""
        if request.method == "POST":
            self.creates += 1
            self.held += self.after
            raise httpx.ReadError("reset")
        identifier = request.url.path.rpartition("/")[2]
        if identifier == "sourceConnections":
            return httpx.Response(200, json={"items": self.held})
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


def test_a_lost_create_is_recovered() -> None:
    """The object of a create whose response was lost is found, and the request is not repeated."""
    service = Service([], [OURS])
    terraform = created_with(service)

    assert terraform.state["id"] == OURS["id"]
    assert service.creates == 1
    assert not has_errors(terraform.diagnostics)


@pytest.mark.parametrize(
    "foreign",
    [
        another(createdClient="other-client"),
        another(name="Orders"),
        another(params={"datasets": [{"dataSetId": "a" * 24, "name": "Others"}]}),
    ],
)
def test_only_our_own_is_adopted(foreign: dict[str, object]) -> None:
    """Objects of other clients, or that are not as planned, are not taken for the created one."""
    service = Service([], [foreign])
    terraform = created_with(service)

    assert terraform.state is None
    assert service.creates == 1
    assert "Apply again" in terraform.diagnostics[0].detail


def test_several_are_explained() -> None:
    """If several objects may be the created one, the error has an import command for each."""
    terraform = created_with(Service([], [OURS, another()]))

    assert terraform.state is None
    assert f"terraform import aep_source_connection.<name> {OURS['id']}" in terraform.diagnostics[0].detail
    assert "22222222-0000-4000-8000-000000000002" in terraform.diagnostics[0].detail


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
    service = Service([OURS | {"createdClient": "other-client"}], [another()])
    terraform = created_with(service)

    assert terraform.state["id"] == "22222222-0000-4000-8000-000000000002"
    assert service.creates == 1


def test_shared_names_can_be_allowed() -> None:
    """With existing_names = "ignore" an object of the same name does not stop a create."""
    service = Service([OURS], [another()])
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


def test_a_replacement_is_no_obstacle(tmp_path: Path) -> None:
    """With create_before_destroy the new object may have the name of the one that it replaces."""

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, "aep_source_connection")
        await terraform.apply(CONFIG)
        await provider.configure_provider("1.11.4", None)
        await terraform.refresh()
        old = terraform.state["id"]
        other = CONFIG | {"datasets": [{"id": "a" * 24, "name": "Others"}]}
        update = await terraform.plan(other)
        assert update.requires_replace == [path("datasets")]

        terraform.state, terraform.private = None, b""  # an apply plans again, as if nothing were there
        await terraform.send(other, await terraform.plan(other))

        assert terraform.state["id"] != old

    run_on_emulator(tmp_path, steps)


def test_what_a_flow_uses_is_no_obstacle(tmp_path: Path) -> None:
    """With -replace and create_before_destroy the old object equals the new one; that a flow refers to
    it tells that it is not a forgotten one.
    """

    async def steps(provider: AepProvider) -> None:
        source, *_ = await create_export(provider, 1)
        await provider.configure_provider("1.11.4", None)
        again = {name: value for name, value in source[1].items() if name in ("name", "datasets")}

        terraform = Terraform(provider, "aep_source_connection")
        await terraform.apply(null_state(SOURCE) | again)

        assert terraform.state["id"] != source[1]["id"]

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
