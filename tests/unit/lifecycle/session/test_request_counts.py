"""Numbers of requests of operations. Times are not asserted, because they depend on the machine."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from flow_emulator import create_app
from provider_shim.lifecycle.provider import AepProvider
from provider_shim.lifecycle.provider_api import (
    ApplyResourceChangeRequest,
    PlanResourceChangeRequest,
    ReadResourceRequest,
)
from provider_shim.lifecycle.state.states import null_state
from provider_shim.main import make_provider
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import has_errors
from tests.unit import samples

DATASETS = [{"id": "5ef3e3259ad2a1191ab7dd7d", "name": "Orders"}]
SCHEDULE = samples.SCHEDULE | {"folder_name_template": None}

Stored = tuple[str, Any, bytes]
"""A resource's type, state and private data, as Terraform keeps them between two processes."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of the emulator's file."""
    return tmp_path / "flow-service.sqlite"


def a_provider(file: Path) -> AepProvider:
    """Return the provider of a new process."""
    return make_provider({"AEP_ENDPOINT": f"emulator:{file}", "FLOWBRIDGE_POLL_INTERVAL": "0"})


async def configured(file: Path) -> AepProvider:
    """Return the provider of a new process, configured."""
    provider = a_provider(file)
    assert await provider.configure_provider("1.11.4", null_state(CATALOGUE.provider)) == []
    return provider


async def create(provider: AepProvider, type_name: str, **given: Any) -> Stored:
    """Plan and apply a new object."""
    config = null_state(CATALOGUE.resources[type_name]) | given
    planned = await provider.plan_resource_change(
        PlanResourceChangeRequest(
            type_name=type_name, prior_state=None, proposed_new_state=config, config=config
        )
    )
    assert not has_errors(planned.diagnostics)
    applied = await provider.apply_resource_change(
        ApplyResourceChangeRequest(
            type_name=type_name,
            prior_state=None,
            planned_state=planned.planned_state,
            config=config,
            planned_private=planned.planned_private,
        )
    )
    assert not has_errors(applied.diagnostics)
    return type_name, applied.new_state, applied.private


async def create_export(provider: AepProvider, number: int) -> list[Stored]:
    """Create the four objects of one export."""
    source = await create(provider, "aep_source_connection", name=f"source {number}", datasets=DATASETS)
    base = await create(provider, "aep_base_connection", name=f"base {number}", data_landing_zone={})
    target = await create(
        provider,
        "aep_target_connection",
        name=f"target {number}",
        base_connection_id=base[1]["id"],
        data_landing_zone={"path": "exports"},
        file_type="PARQUET",
        compression="GZIP",
    )
    flow = await create(
        provider,
        "aep_flow",
        name=f"flow {number}",
        destination="data_landing_zone",
        source_connection_id=source[1]["id"],
        target_connection_id=target[1]["id"],
        schedule=SCHEDULE,
    )
    return [source, base, target, flow]


async def all_requests(file: Path) -> list[tuple[str, list[str]]]:
    """Return the methods and path segments of all requests to the emulator, and clear its log."""
    transport = httpx.ASGITransport(create_app(str(file)))
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator.invalid") as client:
        entries = (await client.get("/_emulator/requests")).json()["items"]
        await client.delete("/_emulator/requests")
    return [(entry["method"], entry["path"].split("/")) for entry in entries]


async def requests(file: Path) -> Counter[str]:
    """Return the requests to the emulator without those for tokens, and clear its log."""
    return Counter(
        f"{'LIST' if method == 'GET' and len(parts) == 5 else method} {parts[4]}"
        for method, parts in await all_requests(file)
        if parts[1] == "data"
    )


async def refresh(provider: AepProvider, everything: list[Stored]) -> None:
    """Read all objects, ten at a time as Terraform does, and assert that none has changed."""
    gate = asyncio.Semaphore(10)

    async def read(stored: Stored) -> None:
        type_name, state, private = stored
        async with gate:
            respond = await provider.read_resource(
                ReadResourceRequest(type_name=type_name, current_state=state, private=private)
            )
        assert respond.diagnostics == []
        assert respond.new_state == state

    await asyncio.gather(*(read(stored) for stored in everything))


async def import_all(provider: AepProvider, everything: list[Stored]) -> list[Stored]:
    """Import all objects, ten at a time as Terraform does, and read each afterwards."""
    gate = asyncio.Semaphore(10)

    async def import_one(stored: Stored) -> Stored:
        async with gate:
            response = await provider.import_resource_state(stored[0], stored[1]["id"])
            assert response.diagnostics == []
            (found,) = response.imported_resources
            read = await provider.read_resource(
                ReadResourceRequest(type_name=stored[0], current_state=found.state, private=found.private)
            )
            assert read.diagnostics == []
            return stored[0], read.new_state, read.private

    return await asyncio.gather(*(import_one(stored) for stored in everything))


async def assert_empty_plans(provider: AepProvider, imported: list[Stored]) -> None:
    """Plan the configuration that each state came from, and assert that nothing changes."""
    for type_name, state, private in imported:
        plan = await provider.plan_resource_change(
            PlanResourceChangeRequest(
                type_name=type_name,
                prior_state=state,
                proposed_new_state=state,
                config=state | dict.fromkeys(("id", "sandbox_name")),
                prior_private=private,
            )
        )
        assert not has_errors(plan.diagnostics), plan.diagnostics
        assert plan.planned_state == state


COLLECTIONS = ("sourceConnections", "connections", "targetConnections", "flows")
ONE_LISTING = {f"LIST {name}": 1 for name in COLLECTIONS}
"""Before its first create in a collection, a process lists it."""


def test_an_export_is_created_with_five_requests(file: Path) -> None:
    """One enabled export costs three POSTs for the connections, and a POST and a GET for the flow. The
    process lists each collection and the exportable datasets once, however many exports it creates.
    """

    async def steps() -> None:
        provider = await configured(file)
        await create_export(provider, 1)
        await create_export(provider, 2)

        assert await requests(file) == ONE_LISTING | {
            "GET connectionSpecs": 1,
            "POST sourceConnections": 2,
            "POST connections": 2,
            "POST targetConnections": 2,
            "POST flows": 2,
            "GET flows": 2,
        }

    asyncio.run(steps())


@pytest.mark.thorough
def test_a_refresh_costs_pages_and_not_objects(file: Path) -> None:
    """The refresh of forty exports, 160 objects, costs two requests for each of the four collections: one
    object by id, and one page for all the others.
    """

    async def steps() -> None:
        provider = await configured(file)
        everything = [stored for number in range(40) for stored in await create_export(provider, number)]
        await requests(file)

        await refresh(await configured(file), everything)

        assert await requests(file) == ONE_LISTING | {f"GET {name}": 1 for name in COLLECTIONS}

    asyncio.run(steps())


@pytest.mark.thorough
def test_an_import_of_400_objects_costs_at_most_12_requests(file: Path) -> None:
    """Import, refresh and plan of a hundred exports cost two requests for each collection, as a refresh
    does, and one for a token.
    """

    async def steps() -> None:
        creator = await configured(file)
        everything = [stored for number in range(100) for stored in await create_export(creator, number)]
        assert len(everything) == 400
        await requests(file)

        provider = await configured(file)
        imported = await import_all(provider, everything)
        await assert_empty_plans(provider, imported)

        assert [state["id"] for _, state, _ in imported] == [state["id"] for _, state, _ in everything]
        assert len(await all_requests(file)) <= 12

    asyncio.run(steps())


def test_an_import_of_one_object_is_one_request(file: Path) -> None:
    """The refresh that follows an import takes the object from it, and nothing is listed."""

    async def steps() -> None:
        source, *_ = await create_export(await configured(file), 1)
        await requests(file)

        await import_all(await configured(file), [source])

        assert await requests(file) == {"GET sourceConnections": 1}

    asyncio.run(steps())


def test_a_single_read_is_by_id(file: Path) -> None:
    """If only one object of a kind is read, the collection is not listed."""

    async def steps() -> None:
        source, *_ = await create_export(await configured(file), 1)
        await requests(file)

        await refresh(await configured(file), [source])

        assert await requests(file) == {"GET sourceConnections": 1}

    asyncio.run(steps())


def test_what_was_written_is_read_afresh(file: Path) -> None:
    """An object that this process has written is never read from a list."""

    async def steps() -> None:
        provider = await configured(file)
        first, *_ = await create_export(provider, 1)
        second, *_ = await create_export(provider, 2)
        await requests(file)

        await refresh(provider, [first, second, first])

        assert await requests(file) == {"GET sourceConnections": 3}

    asyncio.run(steps())
