"""The real provider, served over a socket in this process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from provider_shim.main import make_provider
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.plugin.handshake import PluginSettings
from provider_shim.protocol.plugin.listener import listen
from provider_shim.protocol.plugin.server import run
from provider_shim.protocol.rpc.provider_service import ProviderService
from provider_shim.resources import CATALOGUE
from tests.contract.grpc_stubs import ProviderStub
from tests.contract.plugin_client import open_channel, packed

T = TypeVar("T")


@contextlib.asynccontextmanager
async def serve_provider(provider: Any) -> AsyncIterator[ProviderStub]:
    """Serve a provider on a socket, and connect a stub to it."""
    shutdown = asyncio.Event()
    with listen(PluginSettings()) as listener:
        running = asyncio.create_task(
            run(ProviderService(lambda: provider), listener, None, shutdown=shutdown)
        )
        try:
            async with open_channel(listener.address.location) as channel:
                yield ProviderStub(channel)
        finally:
            shutdown.set()
            await running


def with_emulated_provider(folder: Path, rpcs: Callable[[ProviderStub], Awaitable[T]], **settings: Any) -> T:
    """Run RPCs against a configured provider whose emulator has its state in this folder."""

    async def connect_and_run() -> T:
        environment = {
            "AEP_ENDPOINT": f"emulator:{folder}/x.sqlite",
            "FLOWBRIDGE_POLL_INTERVAL": "0",
            "FLOWBRIDGE_SELF_CHECK": "1",
        }
        async with serve_provider(make_provider(environment)) as stub:
            config = packed(dict.fromkeys(CATALOGUE.provider.type.attributes) | settings)
            response = await stub.ConfigureProvider(pb.ConfigureProvider.Request(config=config))
            assert list(response.diagnostics) == []
            return await rpcs(stub)

    return asyncio.run(connect_and_run())


async def create_resource(stub: ProviderStub, type_name: str, config: dict[str, Any]) -> Any:
    """Plan and apply a new resource, like Terraform. Returns the response to the apply."""
    null = packed(None)
    planned = await stub.PlanResourceChange(
        pb.PlanResourceChange.Request(
            type_name=type_name, prior_state=null, proposed_new_state=packed(config), config=packed(config)
        )
    )
    assert errors(planned) == []
    applied = await stub.ApplyResourceChange(
        pb.ApplyResourceChange.Request(
            type_name=type_name,
            prior_state=null,
            planned_state=planned.planned_state,
            config=packed(config),
            planned_private=planned.planned_private,
        )
    )
    assert errors(applied) == []
    return applied


def errors(response: Any) -> list[str]:
    """The texts of the errors in a response."""
    return [
        f"{each.summary}: {each.detail}"
        for each in response.diagnostics
        if each.severity == pb.Diagnostic.Severity.ERROR
    ]
