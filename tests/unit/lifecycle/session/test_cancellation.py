"""Ctrl-C ends an operation at once, but never cancels a write."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from provider_shim.client.flow_service import FlowService
from provider_shim.client.settings import ClientSettings
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.session.cancellation import Cancelled, cancellable
from provider_shim.lifecycle.state.states import null_state
from provider_shim.resources import CATALOGUE
from tests.unit.lifecycle.fake_terraform import NOW, Terraform, created_response, run_with_responses

SOURCE = CATALOGUE.resources["aep_source_connection"]
CONFIG = null_state(SOURCE) | {
    "name": "orders",
    "datasets": [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}],
}
STATE = CONFIG | {"id": "11111111-0000-4000-8000-000000000001", "deletion_protection": False}


def test_a_hanging_read_ends() -> None:
    """A read without a response ends, and keeps the state."""

    async def steps(provider: AepProvider) -> None:
        terraform = Terraform(provider, "aep_source_connection", STATE)
        reading = asyncio.ensure_future(terraform.refresh())
        await asyncio.sleep(0)
        await provider.stop()
        await reading

        assert terraform.state == STATE
        assert [diagnostics.summary for diagnostics in terraform.diagnostics] == ["Interrupted"]

    run_with_responses(lambda _: asyncio.Event().wait(), steps)


def test_a_backoff_ends() -> None:
    """Waiting for a throttled service ends, and nothing was created."""

    async def run() -> None:
        throttled = httpx.Response(429, headers={"Retry-After": "100"}, json={})

        def connect(_: Any, sleep: Any) -> FlowService:
            settings = ClientSettings(organization_id="ACME@AdobeOrg", client_id="c", access_token="t")
            return FlowService(settings, transport=httpx.MockTransport(lambda _: throttled), sleep=sleep)

        provider = AepProvider(connect, {}, 0.0, lambda: NOW)
        terraform = Terraform(provider, "aep_source_connection")
        applying = asyncio.ensure_future(terraform.send(CONFIG, await terraform.plan(CONFIG)))
        for _ in range(20):
            await asyncio.sleep(0)
        await provider.stop()
        await asyncio.wait_for(applying, 10)

        assert terraform.state is None
        assert [diagnostics.summary for diagnostics in terraform.diagnostics] == ["Interrupted"]

    asyncio.run(run())


def test_a_create_is_waited_for() -> None:
    """A create in progress is completed first, so that its id is not lost."""
    identifier = "11111111-0000-4000-8000-000000000001"

    async def steps(provider: AepProvider) -> None:
        async def respond() -> httpx.Response:
            await provider.stop()
            for _ in range(20):
                await asyncio.sleep(0)
            return created_response(identifier)

        responses.append(respond)
        terraform = Terraform(provider, "aep_source_connection")
        await terraform.send(CONFIG, await terraform.plan(CONFIG))

        assert terraform.state["id"] == identifier

    responses: list[Any] = []
    run_with_responses(lambda _: responses[0](), steps)


def test_results_of_cancellable_work() -> None:
    """Work that has ended returns its result, also when cancelled; other work is cancelled."""

    async def run() -> None:
        stopped = asyncio.Event()
        assert await cancellable(stopped, asyncio.sleep(0, "done")) == "done"
        stopped.set()
        with pytest.raises(Cancelled):
            await cancellable(stopped, asyncio.Event().wait())

    asyncio.run(run())
