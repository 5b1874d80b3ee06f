"""Internal errors become a diagnostic, never a gRPC status, and no state is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.plugin.handshake import PluginSettings
from provider_shim.protocol.plugin.listener import listen
from provider_shim.protocol.plugin.server import run
from provider_shim.protocol.rpc.provider_service import ProviderService
from provider_shim.schema.block import Function, ListResource
from provider_shim.schema.types import STRING
from tests.contract.plugin_client import TIMEOUT, packed, thing, unpacked
from tests.contract.toy_provider import make_toy_provider

NULL = packed(None)
FUNCTION = Function(name="f", summary="F.", description="F.", parameters=(), returns=STRING, example="f()")


def send(name: str, request: Any, service: ProviderService | None = None) -> Any:
    """Run the handler of an RPC with a fake stream."""
    handler = (service or ProviderService(make_toy_provider)).__mapping__()[f"/tfplugin6.Provider/{name}"]
    stream = FakeStream(request)
    asyncio.run(handler.func(stream))
    return stream.sent


class FakeStream:
    """A gRPC stream with one request and one response."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.sent: Any = None

    async def recv_message(self) -> Any:
        """The request."""
        return self.request

    async def send_message(self, message: Any) -> None:
        """The response."""
        self.sent = message


def internal_error_detail(response: Any) -> str:
    """The detail of the only diagnostic, which must be an internal error."""
    (diagnostic,) = response.diagnostics
    assert diagnostic.severity == pb.Diagnostic.Severity.ERROR
    assert diagnostic.summary == "Internal error in the provider (please report)"
    return str(diagnostic.detail)


def test_location_without_text() -> None:
    """The diagnostic has the exception's class and location, but neither its text nor a traceback."""
    state = packed(thing(name="fail-read", id="1"))
    request = pb.ReadResource.Request(type_name="toy_thing", current_state=state)

    detail = internal_error_detail(send("ReadResource", request))

    assert "ReadResource failed with RuntimeError at provider_shim.protocol.rpc.provider_service:" in detail
    assert "secret" not in detail
    assert "Traceback" not in detail


def test_read_keeps_the_state() -> None:
    """An internal error in a read keeps state and private data."""
    state = packed(thing(name="fail-read", id="1"))

    response = send(
        "ReadResource", pb.ReadResource.Request(type_name="toy_thing", current_state=state, private=b"p")
    )

    assert (response.new_state, response.private) == (state, b"p")


def test_plan_keeps_the_state() -> None:
    """An internal error in a plan plans no change."""
    prior, after = packed(thing(name="one", id="1")), packed(thing(name="fail-plan", id="1"))
    request = pb.PlanResourceChange.Request(
        type_name="toy_thing",
        prior_state=prior,
        proposed_new_state=after,
        config=after,
        prior_private=b"p",
    )

    response = send("PlanResourceChange", request)

    assert internal_error_detail(response)
    assert (response.planned_state, response.planned_private) == (prior, b"p")


def apply(prior: pb.DynamicValue, planned: pb.DynamicValue) -> Any:
    """Apply a change between two states."""
    request = pb.ApplyResourceChange.Request(
        type_name="toy_thing", prior_state=prior, planned_state=planned, config=planned, planned_private=b"p"
    )
    return send("ApplyResourceChange", request)


def test_update_keeps_the_prior_state() -> None:
    """An internal error in an update keeps the prior state."""
    prior = packed(thing(name="one", id="1"))

    response = apply(prior, packed(thing(name="fail-apply", id="1")))

    assert internal_error_detail(response)
    assert (response.new_state, response.private) == (prior, b"p")


def test_delete_keeps_the_prior_state() -> None:
    """An internal error in a delete keeps the prior state."""
    prior = packed(thing(name="fail-apply", id="1"))

    response = apply(prior, NULL)

    assert internal_error_detail(response)
    assert response.new_state == prior


def test_create_has_no_prior_state() -> None:
    """An internal error in a create returns a null state."""
    response = apply(NULL, packed(thing(name="fail-apply")))

    assert internal_error_detail(response)
    assert response.new_state == NULL


def test_error_with_a_state() -> None:
    """A state that is returned with errors is kept."""
    response = apply(NULL, packed(thing(name="fail-half")))

    assert unpacked(response.new_state)["id"] == "id-of-fail-half"
    assert [each.summary for each in response.diagnostics] == ["Half made"]


def test_mismatch_keeps_the_id() -> None:
    """In a new state with a value of a wrong type this value becomes null, and the id is kept."""
    response = apply(NULL, packed(thing(name="fail-mismatch")))

    assert unpacked(response.new_state) == thing(name="fail-mismatch", id="id-of-fail-mismatch")
    assert "secret" not in internal_error_detail(response)


def test_error_in_a_function() -> None:
    """An internal error in a function is the error of the call, without an argument."""
    toy = make_toy_provider()
    toy.catalogue = replace(toy.catalogue, functions={"f": FUNCTION})

    response = send("CallFunction", pb.CallFunction.Request(name="f"), ProviderService(lambda: toy))

    assert "Internal error in the provider (please report)" in response.error.text
    assert not response.error.HasField("function_argument")


def test_error_in_a_stream() -> None:
    """An internal error while resources are listed is an event, not a broken stream."""
    toy = make_toy_provider()
    things = ListResource(type_name="toy_thing", description="Things.", attributes=())
    toy.catalogue = replace(toy.catalogue, list_resources={"toy_thing": things})
    request = pb.ListResource.Request(type_name="toy_thing", config=packed({}))

    response = send("ListResource", request, ProviderService(lambda: toy))

    assert response.diagnostic[0].summary == "Internal error in the provider (please report)"


def test_provider_that_cannot_be_made() -> None:
    """If the provider can't be made, the response to the first RPC reports it."""

    def broken() -> Any:
        raise ImportError("secret text")

    response = send("GetProviderSchema", pb.GetProviderSchema.Request(), ProviderService(broken))

    assert "ImportError" in internal_error_detail(response)


def test_stop_that_fails() -> None:
    """A stop that fails is reported in the error text of its response."""

    async def rpcs() -> str:
        toy = make_toy_provider()
        toy.stop = None
        service = ProviderService(lambda: toy)
        await service.get_metadata(pb.GetMetadata.Request())
        return (await service.stop_provider(pb.StopProvider.Request())).Error

    assert "StopProvider failed with TypeError" in asyncio.run(rpcs())


def test_end_that_fails() -> None:
    """A provider that fails or hangs while it closes doesn't keep the process running."""

    async def hang() -> None:
        await asyncio.get_running_loop().create_future()

    async def rpcs(close: Any) -> None:
        toy = make_toy_provider()
        toy.close = close
        service, shutdown = ProviderService(lambda: toy), asyncio.Event()
        await service.get_metadata(pb.GetMetadata.Request())
        shutdown.set()
        with listen(PluginSettings()) as listener:
            await run(service, listener, None, shutdown=shutdown)

    asyncio.run(asyncio.wait_for(rpcs(hang), TIMEOUT))
    asyncio.run(asyncio.wait_for(rpcs(None), TIMEOUT))
