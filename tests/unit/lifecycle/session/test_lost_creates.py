"""Creates whose response was lost, of objects that only this process can have made."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from provider_shim.lifecycle.provider import AepProvider
from provider_shim.schema.diagnostics import Severity
from tests.unit import samples
from tests.unit.lifecycle.fake_terraform import (
    Terraform,
    created_response,
    entity_response,
    not_found_response,
    request_json,
    run_with_responses,
)

FIRST, SECOND = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"


_ROUNDS = 500
"""Rounds of the event loop for which a create that will be lost is under way, so that all that does not wait
for it arrives in the meantime."""


class Service:
    """Flow Service with target connections of a new base connection.

    `lost` has, for each create of a target connection whose response is lost, True if it has an effect. The
    response to a later create waits until a search has followed the first lost one.
    """

    def __init__(self, *lost: bool) -> None:
        self.lost = list(lost)
        self.ids = iter([FIRST, SECOND])
        self.targets: list[dict[str, Any]] = []
        self.posts = 0
        self.failed = asyncio.Event()
        self.searched = asyncio.Event()

    async def respond(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a create or a read."""
        if request.method != "POST":
            wanted = request.url.path.rpartition("/")[2]
            found = [each for each in self.targets if each["id"] == wanted]
            return entity_response(found[0]) if found else not_found_response()
        if request.url.path.endswith("/connections"):
            return created_response(samples.BASE_ID)
        self.posts += 1
        if self.lost:
            if self.lost.pop(0):
                self._create(request)
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
            self.failed.set()
            raise httpx.ReadError("reset")
        identifier = self._create(request)
        await self.searched.wait()
        return created_response(identifier)

    def list(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a list."""
        is_targets = request.url.path.endswith("/targetConnections")
        if is_targets and self.failed.is_set():
            self.searched.set()
        return httpx.Response(200, json={"items": self.targets if is_targets else []})

    def _create(self, request: httpx.Request) -> str:
        identifier = next(self.ids)
        self.targets.append(request_json(request) | {"id": identifier, "createdClient": "c", "etag": '"1"'})
        return identifier


def created(service: Service, count: int) -> list[Terraform]:
    """Create a base connection, and at the same time `count` target connections of one name on it."""
    results: list[Terraform] = []

    async def steps(provider: AepProvider) -> None:
        base = Terraform(provider, "aep_base_connection")
        await base.apply(samples.base_config("data_landing_zone"))
        config = samples.target_config("data_landing_zone") | {"base_connection_id": base.state["id"]}
        results.extend(Terraform(provider, "aep_target_connection") for _ in range(count))
        plans = [await each.plan(config) for each in results]
        sent = [each.send(config, plan) for each, plan in zip(results, plans, strict=True)]
        await asyncio.wait_for(asyncio.gather(*sent), 20)

    run_with_responses(service.respond, steps, lists=service.list)
    return results


def test_what_only_this_process_can_have_made_is_adopted_with_a_warning() -> None:
    """A target connection of a base connection that this process has created can't be another process's."""
    service = Service(True)
    [target] = created(service, 1)

    assert target.state["id"] == FIRST
    assert service.posts == 1
    [warning] = target.diagnostics
    assert warning.severity is Severity.WARNING
    assert FIRST in warning.detail


def test_the_object_of_another_create_of_this_process_is_never_adopted() -> None:
    """Creates of one name wait for each other: a search never meets the object of one that is under way."""
    service = Service(False)
    lost, other = created(service, 2)

    assert lost.state is None
    assert "may have been created" in lost.diagnostics[0].detail
    assert other.state["id"] == FIRST
    assert service.posts == 2
