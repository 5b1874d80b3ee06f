"""All RPCs of Terraform's plugin protocol, over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError

from provider_shim.protocol.messages import health_pb2, plugin_pb2
from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.plugin.handshake import PluginSettings
from provider_shim.protocol.plugin.listener import listen
from provider_shim.protocol.plugin.server import run
from provider_shim.protocol.rpc.provider_service import ProviderService
from tests.contract.grpc_stubs import BrokerStub, ControllerStub, HealthStub, ProviderStub, StdioStub
from tests.contract.plugin_client import UNKNOWN, open_channel, packed, thing, unpacked
from tests.contract.toy_provider import ToyProvider, make_toy_provider

NULL = packed(None)


@contextlib.asynccontextmanager
async def serving(toy: Any) -> AsyncIterator[str]:
    """Serve the toy provider, which lacks optional RPCs, in this process. Yields the socket's path."""
    shutdown = asyncio.Event()
    with listen(PluginSettings()) as listener:
        running = asyncio.create_task(run(ProviderService(lambda: toy), listener, None, shutdown=shutdown))
        try:
            yield listener.address.location
        finally:
            shutdown.set()
            await running


def with_toy_provider(rpcs: Callable[[ProviderStub], Awaitable[Any]], toy: ToyProvider | None = None) -> Any:
    """Run RPCs against the toy provider over a socket."""

    async def connect_and_run() -> Any:
        async with serving(toy or make_toy_provider()) as path, open_channel(path) as channel:
            return await rpcs(ProviderStub(channel))

    return asyncio.run(connect_and_run())


def test_schema() -> None:
    """GetProviderSchema returns all schemas and the capabilities."""
    response = with_toy_provider(lambda stub: stub.GetProviderSchema(pb.GetProviderSchema.Request()))

    assert set(response.resource_schemas) == {"toy_thing"}
    assert set(response.data_source_schemas) == {"toy_lookup"}
    assert response.resource_schemas["toy_thing"].version == 1
    assert response.provider.block.attributes[0].name == "greeting"
    assert response.server_capabilities == pb.ServerCapabilities(
        plan_destroy=True,
        get_provider_schema_optional=True,
        move_resource_state=True,
        generate_resource_config=True,
    )


def test_metadata() -> None:
    """GetMetadata returns all names."""
    response = with_toy_provider(lambda stub: stub.GetMetadata(pb.GetMetadata.Request()))

    assert [each.type_name for each in response.resources] == ["toy_thing"]
    assert [each.type_name for each in response.data_sources] == ["toy_lookup"]
    assert response.server_capabilities.plan_destroy


def test_without_functions_and_identities() -> None:
    """A provider without functions and identities returns empty responses."""

    async def rpcs(stub: ProviderStub) -> Any:
        functions = await stub.GetFunctions(pb.GetFunctions.Request())
        return functions, await stub.GetResourceIdentitySchemas(pb.GetResourceIdentitySchemas.Request())

    assert with_toy_provider(rpcs) == (pb.GetFunctions.Response(), pb.GetResourceIdentitySchemas.Response())


def test_configure() -> None:
    """ConfigureProvider passes Terraform's version and the configuration to the provider."""
    toy = make_toy_provider()
    request = pb.ConfigureProvider.Request(terraform_version="1.11.4", config=packed({"greeting": "hello"}))

    response = with_toy_provider(lambda stub: stub.ConfigureProvider(request), toy)

    assert response == pb.ConfigureProvider.Response()
    assert toy.configurations == [("1.11.4", {"greeting": "hello"})]


@pytest.mark.parametrize(
    ("rpc", "request_", "attribute"),
    [
        (
            "ValidateProviderConfig",
            pb.ValidateProviderConfig.Request(config=packed({"greeting": "bad"})),
            "greeting",
        ),
        (
            "ValidateResourceConfig",
            pb.ValidateResourceConfig.Request(type_name="toy_thing", config=packed(thing(name="bad"))),
            "name",
        ),
        (
            "ValidateDataResourceConfig",
            pb.ValidateDataResourceConfig.Request(
                type_name="toy_lookup", config=packed({"question": "bad", "answer": None})
            ),
            "question",
        ),
    ],
)
def test_validation(rpc: str, request_: Any, attribute: str) -> None:
    """The three kinds of validation return a diagnostic on the attribute."""
    (diagnostic,) = with_toy_provider(lambda stub: getattr(stub, rpc)(request_)).diagnostics

    assert diagnostic.severity == pb.Diagnostic.Severity.ERROR
    assert diagnostic.summary == "Bad value"
    assert list(diagnostic.attribute.steps) == [pb.AttributePath.Step(attribute_name=attribute)]


def test_create() -> None:
    """A create is planned with an unknown id; its apply returns state, private data and diagnostics."""
    config = thing(name="one", size="0.1", tags=["b", "a"], login={"user": "me", "password": "pw"})

    async def rpcs(stub: ProviderStub) -> Any:
        proposed = packed(config | {"id": None})
        planned = await stub.PlanResourceChange(
            pb.PlanResourceChange.Request(
                type_name="toy_thing", prior_state=NULL, proposed_new_state=proposed, config=packed(config)
            )
        )
        applied = await stub.ApplyResourceChange(
            pb.ApplyResourceChange.Request(
                type_name="toy_thing",
                prior_state=NULL,
                planned_state=planned.planned_state,
                config=packed(config),
                planned_private=planned.planned_private,
            )
        )
        return planned, applied

    planned, applied = with_toy_provider(rpcs)

    stored = config | {"on": True, "tags": ["a", "b"], "login": {"user": "me", "password": None}}
    assert unpacked(planned.planned_state) == stored | {"id": UNKNOWN}
    assert unpacked(applied.new_state) == stored | {"id": "id-of-one"}
    assert applied.private == b"pa"
    assert [each.severity for each in applied.diagnostics] == [pb.Diagnostic.Severity.WARNING]


def test_replacement() -> None:
    """A plan returns the paths that require replacement."""
    prior = packed(thing(id="id-of-one", name="one", on=True))
    after = packed(thing(id="id-of-one", name="two", on=True))
    request = pb.PlanResourceChange.Request(
        type_name="toy_thing",
        prior_state=prior,
        proposed_new_state=after,
        config=packed(thing(name="two")),
        prior_private=b"x",
    )

    response = with_toy_provider(lambda stub: stub.PlanResourceChange(request))

    assert [list(each.steps) for each in response.requires_replace] == [
        [pb.AttributePath.Step(attribute_name="name")]
    ]
    assert response.planned_private == b"xp"


def test_delete() -> None:
    """A destroy is planned and applied as null."""
    prior = packed(thing(id="id-of-one", name="one"))

    async def rpcs(stub: ProviderStub) -> Any:
        planned = await stub.PlanResourceChange(
            pb.PlanResourceChange.Request(
                type_name="toy_thing", prior_state=prior, proposed_new_state=NULL, config=NULL
            )
        )
        applied = await stub.ApplyResourceChange(
            pb.ApplyResourceChange.Request(
                type_name="toy_thing", prior_state=prior, planned_state=NULL, config=NULL
            )
        )
        return planned.planned_state, applied.new_state

    assert with_toy_provider(rpcs) == (NULL, NULL)


def test_read() -> None:
    """A read passes state and private data to the provider and returns them."""
    state = packed(thing(id="id-of-one", name="one", size=3, labels={"k": "v"}, parts=[{"key": "a"}]))
    request = pb.ReadResource.Request(type_name="toy_thing", current_state=state, private=b"p")

    response = with_toy_provider(lambda stub: stub.ReadResource(request))

    assert unpacked(response.new_state) == unpacked(state)
    assert response.private == b"pr"


def test_import() -> None:
    """An import returns type, state and private data."""
    request = pb.ImportResourceState.Request(type_name="toy_thing", id="id-of-one")

    (imported,) = with_toy_provider(lambda stub: stub.ImportResourceState(request)).imported_resources

    assert imported.type_name == "toy_thing"
    assert unpacked(imported.state) == thing(id="id-of-one", name="one", on=True)
    assert imported.private == b"i"


def test_upgrade() -> None:
    """An upgraded state keeps all digits of numbers and has null for missing attributes."""
    stored = b'{"id":"id-of-one","name":"one","size":0.12345678901234567890123,"gone":1}'
    request = pb.UpgradeResourceState.Request(
        type_name="toy_thing", version=0, raw_state=pb.RawState(json=stored)
    )

    response = with_toy_provider(lambda stub: stub.UpgradeResourceState(request))

    assert unpacked(response.upgraded_state) == thing(
        id="id-of-one", name="one", size="0.12345678901234567890123"
    )


def test_data_source() -> None:
    """A data source returns a state."""
    request = pb.ReadDataSource.Request(
        type_name="toy_lookup", config=packed({"question": "?", "answer": None})
    )

    response = with_toy_provider(lambda stub: stub.ReadDataSource(request))

    assert unpacked(response.state) == {"question": "?", "answer": "0.12345678901234567890123"}


def test_stop() -> None:
    """StopProvider reaches the provider, and the end of the server closes it."""
    toy = make_toy_provider()

    async def rpcs(stub: ProviderStub) -> Any:
        await stub.GetProviderSchema(pb.GetProviderSchema.Request())
        return await stub.StopProvider(pb.StopProvider.Request())

    response = with_toy_provider(rpcs, toy)

    assert response == pb.StopProvider.Response()
    assert toy.closing_calls == ["stop", "close"]


UNIMPLEMENTED = {
    "ConfigureStateStore": pb.ConfigureStateStore,
    "DeleteState": pb.DeleteState,
    "GetStates": pb.GetStates,
    "LockState": pb.LockState,
    "ReadStateBytes": pb.ReadStateBytes,
    "UnlockState": pb.UnlockState,
    "ValidateStateStoreConfig": pb.ValidateStateStoreConfig,
    "WriteStateBytes": pb.WriteStateBytes,
}


def test_every_rpc_is_served_or_listed() -> None:
    """Every RPC of the protocol is either implemented or in the list of those that aren't."""
    declared = {method.name for method in pb.DESCRIPTOR.services_by_name["Provider"].methods}
    served = {path.rpartition("/")[2] for path in ProviderService(make_toy_provider).handlers()}

    assert served.isdisjoint(UNIMPLEMENTED)
    assert served | set(UNIMPLEMENTED) == declared


@pytest.mark.parametrize("name", sorted(UNIMPLEMENTED))
def test_unimplemented(name: str) -> None:
    """An RPC for a feature that this provider lacks fails with UNIMPLEMENTED."""
    messages: Any = UNIMPLEMENTED[name]
    request = messages.RequestChunk() if name == "WriteStateBytes" else messages.Request()

    async def rpcs(stub: ProviderStub) -> Any:
        rpc = getattr(stub, name)
        await rpc([request] if name == "WriteStateBytes" else request)

    with pytest.raises(GRPCError) as caught:
        with_toy_provider(rpcs)

    assert caught.value.status is Status.UNIMPLEMENTED


def test_large_message() -> None:
    """A state of many megabytes is received and sent."""
    lines = [f"{number:064}" for number in range(300_000)]
    state = packed(thing(id="id-of-one", name="one", lines=lines))
    request = pb.ReadResource.Request(type_name="toy_thing", current_state=state)

    response = with_toy_provider(lambda stub: stub.ReadResource(request))

    assert len(state.msgpack) > 18_000_000
    assert response.new_state == state


def test_health() -> None:
    """The health check serves the process and the service `plugin`, and no other."""

    async def rpcs() -> Any:
        async with serving(make_toy_provider()) as path, open_channel(path) as channel:
            stub = HealthStub(channel)
            for name in ("", "plugin"):
                response = await stub.Check(health_pb2.HealthCheckRequest(service=name))
                assert response.status == health_pb2.HealthCheckResponse.SERVING
            async with stub.Watch.open() as stream:
                await stream.send_message(health_pb2.HealthCheckRequest(service="other"), end=True)
                status = await stream.recv_message()
                assert status is not None
                assert status.status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
                await stream.cancel()
            with pytest.raises(GRPCError) as caught:
                await stub.Check(health_pb2.HealthCheckRequest(service="other"))
            return caught.value.status

    assert asyncio.run(rpcs()) is Status.NOT_FOUND


def test_streams_of_the_plugin_services() -> None:
    """The stdio and broker streams are accepted and stay open until the process ends."""

    async def rpcs() -> None:
        async with serving(make_toy_provider()) as path, open_channel(path) as channel:
            async with (
                StdioStub(channel).StreamStdio.open() as stdio,
                BrokerStub(channel).StartStream.open() as broker,
            ):
                await stdio.send_request()
                await broker.send_request()
                await broker.recv_initial_metadata()
                await stdio.cancel()
                await broker.cancel()
            await ControllerStub(channel).Shutdown(plugin_pb2.Empty())

    asyncio.run(rpcs())
