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


async def requests(file: Path) -> Counter[str]:
    """Return the requests to the emulator without those for tokens, and clear its log."""
    transport = httpx.ASGITransport(create_app(str(file)))
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator.invalid") as client:
        entries = (await client.get("/_emulator/requests")).json()["items"]
        await client.delete("/_emulator/requests")
    paths = [(entry["method"], entry["path"].split("/")) for entry in entries]
    return Counter(
        f"{'LIST' if method == 'GET' and len(parts) == 5 else method} {parts[4]}"
        for method, parts in paths
        if parts[1] == "data"
    )


async def imported(provider: AepProvider, everything: list[Stored]) -> list[Stored]:
    """Import all objects by their ids, ten at a time as Terraform does."""
    gate = asyncio.Semaphore(10)

    async def one(type_name: str, identifier: str) -> Stored:
        async with gate:
            respond = await provider.import_resource_state(type_name, identifier)
        assert respond.diagnostics == []
        (found,) = respond.imported_resources
        return type_name, found.state, found.private

    return await asyncio.gather(*(one(type_name, state["id"]) for type_name, state, _ in everything))


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
def test_an_import_costs_pages_and_not_objects(file: Path) -> None:
    """The import of 400 objects and their refresh cost two requests for each collection."""

    async def steps() -> None:
        provider = await configured(file)
        everything = [stored for number in range(100) for stored in await create_export(provider, number)]
        await requests(file)
        provider = await configured(file)

        await refresh(provider, await imported(provider, everything))

        assert await requests(file) == ONE_LISTING | {f"GET {name}": 1 for name in COLLECTIONS}

    asyncio.run(steps())


def test_a_single_import_is_one_request(file: Path) -> None:
    """The refresh after the import of one object takes what the import has read."""

    async def steps() -> None:
        source, *_ = await create_export(await configured(file), 1)
        await requests(file)
        provider = await configured(file)

        await refresh(provider, await imported(provider, [source]))

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
