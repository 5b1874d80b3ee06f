"""Every call of Terraform's plugin protocol, over a real socket."""

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
from tests.contract.plugin_client import UNKNOWN, connected, packed, thing, unpacked
from tests.contract.toy_provider import Toy, make_toy

NULL = packed(None)


@contextlib.asynccontextmanager
async def serving(toy: Any) -> AsyncIterator[str]:
    """The toy, which has no later calls, behind the edge in this process; gives the socket's path."""
    shutdown = asyncio.Event()
    with listen(PluginSettings()) as listener:
        running = asyncio.create_task(run(ProviderService(lambda: toy), listener, None, shutdown=shutdown))
        try:
            yield listener.address.location
        finally:
            shutdown.set()
            await running


def ask(conversation: Callable[[ProviderStub], Awaitable[Any]], toy: Toy | None = None) -> Any:
    """Have a conversation with the toy over a socket."""

    async def talk() -> Any:
        async with serving(toy or make_toy()) as path, connected(path) as channel:
            return await conversation(ProviderStub(channel))

    return asyncio.run(talk())


def test_schema() -> None:
    """GetProviderSchema gives every schema and the capabilities."""
    answer = ask(lambda stub: stub.GetProviderSchema(pb.GetProviderSchema.Request()))

    assert set(answer.resource_schemas) == {"toy_thing"}
    assert set(answer.data_source_schemas) == {"toy_look"}
    assert answer.resource_schemas["toy_thing"].version == 1
    assert answer.provider.block.attributes[0].name == "greeting"
    assert answer.server_capabilities == pb.ServerCapabilities(
        plan_destroy=True,
        get_provider_schema_optional=True,
        move_resource_state=True,
        generate_resource_config=True,
    )


def test_metadata() -> None:
    """GetMetadata gives the names of everything."""
    answer = ask(lambda stub: stub.GetMetadata(pb.GetMetadata.Request()))

    assert [each.type_name for each in answer.resources] == ["toy_thing"]
    assert [each.type_name for each in answer.data_sources] == ["toy_look"]
    assert answer.server_capabilities.plan_destroy


def test_nothing_to_offer() -> None:
    """Functions and identities are asked for by Terraform and answered with none."""

    async def talk(stub: ProviderStub) -> Any:
        functions = await stub.GetFunctions(pb.GetFunctions.Request())
        return functions, await stub.GetResourceIdentitySchemas(pb.GetResourceIdentitySchemas.Request())

    assert ask(talk) == (pb.GetFunctions.Response(), pb.GetResourceIdentitySchemas.Response())


def test_configure() -> None:
    """ConfigureProvider hands Terraform's version and the configuration on."""
    toy = make_toy()
    request = pb.ConfigureProvider.Request(terraform_version="1.11.4", config=packed({"greeting": "hello"}))

    answer = ask(lambda stub: stub.ConfigureProvider(request), toy)

    assert answer == pb.ConfigureProvider.Response()
    assert toy.heard == [("1.11.4", {"greeting": "hello"})]


@pytest.mark.parametrize(
    ("call", "request_", "attribute"),
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
                type_name="toy_look", config=packed({"asked": "bad", "answer": None})
            ),
            "asked",
        ),
    ],
)
def test_validation(call: str, request_: Any, attribute: str) -> None:
    """The three kinds of validation answer with a diagnostic on the attribute."""
    (diagnostic,) = ask(lambda stub: getattr(stub, call)(request_)).diagnostics

    assert diagnostic.severity == pb.Diagnostic.Severity.ERROR
    assert diagnostic.summary == "Bad word"
    assert list(diagnostic.attribute.steps) == [pb.AttributePath.Step(attribute_name=attribute)]


def test_create() -> None:
    """A create is planned with an unknown id, and its apply gives state, private data and diagnostics."""
    config = thing(name="one", size="0.1", tags=["b", "a"], login={"user": "me", "password": "pw"})

    async def talk(stub: ProviderStub) -> Any:
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

    planned, applied = ask(talk)

    stored = config | {"on": True, "tags": ["a", "b"], "login": {"user": "me", "password": None}}
    assert unpacked(planned.planned_state) == stored | {"id": UNKNOWN}
    assert unpacked(applied.new_state) == stored | {"id": "id-of-one"}
    assert applied.private == b"pa"
    assert [each.severity for each in applied.diagnostics] == [pb.Diagnostic.Severity.WARNING]


def test_replacement() -> None:
    """A plan names the places that force a replacement."""
    prior = packed(thing(id="id-of-one", name="one", on=True))
    after = packed(thing(id="id-of-one", name="two", on=True))
    request = pb.PlanResourceChange.Request(
        type_name="toy_thing",
        prior_state=prior,
        proposed_new_state=after,
        config=packed(thing(name="two")),
        prior_private=b"x",
    )

    answer = ask(lambda stub: stub.PlanResourceChange(request))

    assert [list(each.steps) for each in answer.requires_replace] == [
        [pb.AttributePath.Step(attribute_name="name")]
    ]
    assert answer.planned_private == b"xp"


def test_delete() -> None:
    """A destroy is planned and applied as null."""
    prior = packed(thing(id="id-of-one", name="one"))

    async def talk(stub: ProviderStub) -> Any:
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

    assert ask(talk) == (NULL, NULL)


def test_read() -> None:
    """A read sends state and private data there and back."""
    state = packed(thing(id="id-of-one", name="one", size=3, labels={"k": "v"}, parts=[{"key": "a"}]))
    request = pb.ReadResource.Request(type_name="toy_thing", current_state=state, private=b"p")

    answer = ask(lambda stub: stub.ReadResource(request))

    assert unpacked(answer.new_state) == unpacked(state)
    assert answer.private == b"pr"


def test_import() -> None:
    """An import gives type, state and private data."""
    request = pb.ImportResourceState.Request(type_name="toy_thing", id="id-of-one")

    (imported,) = ask(lambda stub: stub.ImportResourceState(request)).imported_resources

    assert imported.type_name == "toy_thing"
    assert unpacked(imported.state) == thing(id="id-of-one", name="one", on=True)
    assert imported.private == b"i"


def test_upgrade() -> None:
    """A stored state keeps all digits and gets what is missing."""
    stored = b'{"id":"id-of-one","name":"one","size":0.12345678901234567890123,"gone":1}'
    request = pb.UpgradeResourceState.Request(
        type_name="toy_thing", version=0, raw_state=pb.RawState(json=stored)
    )

    answer = ask(lambda stub: stub.UpgradeResourceState(request))

    assert unpacked(answer.upgraded_state) == thing(
        id="id-of-one", name="one", size="0.12345678901234567890123"
    )


def test_data_source() -> None:
    """A data source answers with a state."""
    request = pb.ReadDataSource.Request(type_name="toy_look", config=packed({"asked": "?", "answer": None}))

    answer = ask(lambda stub: stub.ReadDataSource(request))

    assert unpacked(answer.state) == {"asked": "?", "answer": "0.12345678901234567890123"}


def test_stop() -> None:
    """StopProvider reaches the provider, and the end of the server closes it."""
    toy = make_toy()

    async def talk(stub: ProviderStub) -> Any:
        await stub.GetProviderSchema(pb.GetProviderSchema.Request())
        return await stub.StopProvider(pb.StopProvider.Request())

    answer = ask(talk, toy)

    assert answer == pb.StopProvider.Response()
    assert toy.ended == ["stop", "close"]


UNSERVED = {
    "ConfigureStateStore": pb.ConfigureStateStore,
    "DeleteState": pb.DeleteState,
    "GetStates": pb.GetStates,
    "LockState": pb.LockState,
    "ReadStateBytes": pb.ReadStateBytes,
    "UnlockState": pb.UnlockState,
    "ValidateStateStoreConfig": pb.ValidateStateStoreConfig,
    "WriteStateBytes": pb.WriteStateBytes,
}


def test_every_call_is_served_or_listed() -> None:
    """Every call of the protocol is either served or known not to be."""
    declared = {method.name for method in pb.DESCRIPTOR.services_by_name["Provider"].methods}
    served = {path.rpartition("/")[2] for path in ProviderService(make_toy).handlers()}

    assert served.isdisjoint(UNSERVED)
    assert served | set(UNSERVED) == declared


@pytest.mark.parametrize("name", sorted(UNSERVED))
def test_unserved(name: str) -> None:
    """A call for something that this provider hasn't is answered with UNIMPLEMENTED."""
    messages: Any = UNSERVED[name]
    request = messages.RequestChunk() if name == "WriteStateBytes" else messages.Request()

    async def talk(stub: ProviderStub) -> Any:
        call = getattr(stub, name)
        await call([request] if name == "WriteStateBytes" else request)

    with pytest.raises(GRPCError) as refusal:
        ask(talk)

    assert refusal.value.status is Status.UNIMPLEMENTED


def test_large_message() -> None:
    """A state of many megabytes goes there and back."""
    lines = [f"{number:064}" for number in range(300_000)]
    state = packed(thing(id="id-of-one", name="one", lines=lines))
    request = pb.ReadResource.Request(type_name="toy_thing", current_state=state)

    answer = ask(lambda stub: stub.ReadResource(request))

    assert len(state.msgpack) > 18_000_000
    assert answer.new_state == state


def test_health() -> None:
    """The process says that it serves, as itself and as `plugin`, and knows no other service."""

    async def talk() -> Any:
        async with serving(make_toy()) as path, connected(path) as channel:
            stub = HealthStub(channel)
            for name in ("", "plugin"):
                answer = await stub.Check(health_pb2.HealthCheckRequest(service=name))
                assert answer.status == health_pb2.HealthCheckResponse.SERVING
            async with stub.Watch.open() as stream:
                await stream.send_message(health_pb2.HealthCheckRequest(service="other"), end=True)
                seen = await stream.recv_message()
                assert seen is not None
                assert seen.status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
                await stream.cancel()
            with pytest.raises(GRPCError) as refusal:
                await stub.Check(health_pb2.HealthCheckRequest(service="other"))
            return refusal.value.status

    assert asyncio.run(talk()) is Status.NOT_FOUND


def test_companion_streams() -> None:
    """The stdio and broker streams are accepted and stay open until the process ends."""

    async def talk() -> None:
        async with serving(make_toy()) as path, connected(path) as channel:
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

    asyncio.run(talk())
