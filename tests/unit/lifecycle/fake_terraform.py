"""A small Terraform, which calls a provider and checks every response by Terraform's rules."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from flow_emulator import create_app, identity
from provider_shim.client.entities import Collection
from provider_shim.client.flow_service import FlowService
from provider_shim.client.settings import ClientSettings
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    ApplyResourceChangeResponse,
    PlanResourceChangeRequest,
    PlanResourceChangeResponse,
    ReadResourceRequest,
    ReadResourceResponse,
)
from provider_shim.main import make_provider
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic, Severity, has_errors
from provider_shim.schema.values import Value
from tests.unit.lifecycle.terraform_rules import check_apply, check_plan


@dataclass
class Terraform:
    """One resource with its state, and its provider."""

    provider: AepProvider
    type_name: str
    state: Value = None
    private: bytes = b""
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def plan_request(self, config: Value) -> PlanResourceChangeRequest:
        """Return the request for a plan of this configuration, or of a destroy if it is null."""
        return PlanResourceChangeRequest(
            type_name=self.type_name,
            prior_state=self.state,
            proposed_new_state=config,
            config=config,
            prior_private=self.private,
        )

    def apply_request(
        self, planned: Value, config: Value, private: bytes | None = None
    ) -> ApplyResourceChangeRequest:
        """Return the request for an apply, with the private data of the plan or else of the state."""
        return ApplyResourceChangeRequest(
            type_name=self.type_name,
            prior_state=self.state,
            planned_state=planned,
            config=config,
            planned_private=self.private if private is None else private,
        )

    async def validate(self, config: Value) -> list[Diagnostic]:
        """Return the diagnostics of `terraform validate`."""
        return await self.provider.validate_resource_config(self.type_name, config)

    async def plan(self, config: Value) -> PlanResourceChangeResponse:
        """Plan, and check the plan. A null configuration plans a destroy."""
        response = await self.provider.plan_resource_change(self.plan_request(config))
        if config is not None:
            attributes = CATALOGUE.resources[self.type_name].attributes
            check_plan(attributes, self.state, config, response.planned_state)
        return response

    async def apply(self, config: Value) -> ApplyResourceChangeResponse:
        """Validate, plan and apply, or replace if the plan requires it. A null configuration destroys."""
        if config is not None:
            problems = await self.validate(config)
            assert not has_errors(problems), problems
        plan = await self.plan(config)
        assert not has_errors(plan.diagnostics), plan.diagnostics
        if plan.requires_replace:
            await self.apply(None)
            plan = await self.plan(config)
        return await self.send(config, plan)

    async def send(self, config: Value, plan: PlanResourceChangeResponse) -> ApplyResourceChangeResponse:
        """Apply a plan."""
        request = self.apply_request(plan.planned_state, config, plan.planned_private)
        response = await self.provider.apply_resource_change(request)
        if not has_errors(response.diagnostics):
            check_apply(plan.planned_state, response.new_state)
        self.state, self.private, self.diagnostics = (
            response.new_state,
            response.private,
            response.diagnostics,
        )
        return response

    async def refresh(self) -> ReadResourceResponse:
        """Read the object, as a new command does."""
        response = await self.provider.read_resource(
            ReadResourceRequest(type_name=self.type_name, current_state=self.state, private=self.private)
        )
        self.state, self.private, self.diagnostics = (
            response.new_state,
            response.private,
            response.diagnostics,
        )
        return response

    async def assert_empty_plan(self, config: Value) -> None:
        """Refresh, and assert that nothing is planned."""
        await self.provider.configure_provider("1.11.4", None)
        await self.refresh()
        plan = await self.plan(config)
        assert not has_errors(plan.diagnostics), plan.diagnostics
        assert plan.planned_state == self.state
        assert plan.requires_replace == []

    async def import_object(self, identifier: str) -> None:
        """Import an object, and read it as Terraform does afterwards."""
        response = await self.provider.import_resource_state(self.type_name, identifier)
        assert not has_errors(response.diagnostics), response.diagnostics
        (found,) = response.imported_resources
        self.state, self.private = found.state, found.private
        await self.refresh()


def run_on_emulator(
    folder: Path, steps: Callable[[AepProvider], Coroutine[Any, Any, None]], **environment: str
) -> None:
    """Run the steps with a provider that uses an emulator in a file."""

    async def run() -> None:
        given = {"AEP_ENDPOINT": f"emulator:{folder}/x.sqlite", "FLOWBRIDGE_POLL_INTERVAL": "0"}
        provider = make_provider(environment=given | environment)
        try:
            assert await provider.configure_provider("1.11.4", None) == []
            await steps(provider)
        finally:
            await provider.close()

    asyncio.run(run())


def other_client(folder: Path) -> FlowService:
    """Another client of the same emulator, as if it were Adobe's web page."""
    host = "http://emulator.invalid"
    settings = ClientSettings(
        endpoint=host,
        auth_endpoint=host,
        organization_id=identity.ORGANIZATION_ID,
        client_id=identity.CLIENT_ID,
        client_secret=identity.CLIENT_SECRET,
    )
    return FlowService(settings, transport=httpx.ASGITransport(create_app(f"{folder}/x.sqlite")))


NOW = datetime(2026, 11, 23, tzinfo=UTC)
Respond = Callable[[httpx.Request], Any]


def run_with_responses(
    respond: Respond,
    steps: Callable[[AepProvider], Coroutine[Any, Any, None]],
    *,
    lists: Respond = lambda _: httpx.Response(200, json={"items": []}),
    runner: Callable[[Coroutine[Any, Any, None]], None] = asyncio.run,
    **settings: Any,
) -> list[httpx.Request]:
    """Run the steps with a provider whose requests get the responses of a function. Returns the requests.

    Lists of whole collections get the responses of `lists`, by default empty lists. `runner` runs the event
    loop.
    """
    requests: list[httpx.Request] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        listing = request.method == "GET" and request.url.path.rpartition("/")[2] in set(Collection)
        found = lists(request) if listing else respond(request)
        response = await found if asyncio.iscoroutine(found) else found
        assert isinstance(response, httpx.Response)
        return response

    async def no_sleep(seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)

    def connect(_: Any, sleep: Any) -> FlowService:
        del sleep
        known = {"organization_id": "ACME@AdobeOrg", "client_id": "c", "access_token": "t"}
        return FlowService(
            ClientSettings(**(known | settings)), transport=httpx.MockTransport(handle), sleep=no_sleep
        )

    async def run() -> None:
        provider = AepProvider(connect, {}, 0.0, lambda: NOW)
        try:
            await steps(provider)
        finally:
            await provider.close()

    runner(run())
    return requests


def created_response(identifier: str, etag: str = '"1"') -> httpx.Response:
    """Return the response to a create."""
    return httpx.Response(201, json={"id": identifier, "etag": etag})


def entity_response(body: dict[str, Any]) -> httpx.Response:
    """Return the response to a read."""
    return httpx.Response(200, json={"items": [{"etag": '"1"'} | body]})


def not_found_response() -> httpx.Response:
    """Return the response to a read of an object that does not exist."""
    return error_response(404, "FLOW-1439-404")


def error_response(status: int, code: str, text: str = "no") -> httpx.Response:
    """Return an error response in Flow Service's current format."""
    body = {
        "type": f"https://ns.adobe.com/aep/errors/{code}",
        "title": text,
        "status": status,
        "report": {"detailed-message": text, "request-id": "r-1"},
    }
    return httpx.Response(status, json=body)


def request_json(request: httpx.Request) -> Any:
    """Return the JSON of a request."""
    return json.loads(request.content)


def error_paths(diagnostics: list[Diagnostic]) -> list[str]:
    """Return the attribute paths of the errors among diagnostics."""
    return [str(each.path) for each in diagnostics if each.severity is Severity.ERROR]
