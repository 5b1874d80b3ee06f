"""What becomes of faults of our own: a diagnostic, never a gRPC status, and no state is lost."""

from __future__ import annotations

import asyncio
from typing import Any

from provider_shim.protocol.messages import tfplugin6_pb2 as pb
from provider_shim.protocol.plugin.handshake import PluginSettings
from provider_shim.protocol.plugin.listener import listen
from provider_shim.protocol.plugin.server import run
from provider_shim.protocol.rpc.provider_service import ProviderService
from tests.contract.plugin_client import TIMEOUT, packed, thing, unpacked
from tests.contract.toy_provider import make_toy_provider

NULL = packed(None)


def send(name: str, request: Any, service: ProviderService | None = None) -> Any:
    """Let the edge handle one call as it does on the socket, with a stream that is none."""
    handler = (service or ProviderService(make_toy_provider)).__mapping__()[f"/tfplugin6.Provider/{name}"]
    stream = FakeStream(request)
    asyncio.run(handler.func(stream))
    return stream.sent


class FakeStream:
    """What a handler sees of a gRPC stream."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.sent: Any = None

    async def recv_message(self) -> Any:
        """The one request."""
        return self.request

    async def send_message(self, message: Any) -> None:
        """The one answer."""
        self.sent = message


def internal_error_detail(response: Any) -> str:
    """The text of the only diagnostic, which must be the one about a fault."""
    (diagnostic,) = response.diagnostics
    assert diagnostic.severity == pb.Diagnostic.Severity.ERROR
    assert diagnostic.summary == "Internal error in the provider (please report)"
    return str(diagnostic.detail)


def test_place_without_text() -> None:
    """The user reads class and place of an exception, and neither its text nor a traceback."""
    state = packed(thing(name="fail-read", id="1"))
    request = pb.ReadResource.Request(type_name="toy_thing", current_state=state)

    detail = internal_error_detail(send("ReadResource", request))

    assert "ReadResource failed with RuntimeError at provider_shim.protocol.rpc.provider_service:" in detail
    assert "secret" not in detail
    assert "Traceback" not in detail


def test_read_keeps_the_state() -> None:
    """A fault in a read leaves state and private data as they were."""
    state = packed(thing(name="fail-read", id="1"))

    response = send(
        "ReadResource", pb.ReadResource.Request(type_name="toy_thing", current_state=state, private=b"p")
    )

    assert (response.new_state, response.private) == (state, b"p")


def test_plan_keeps_the_state() -> None:
    """A fault in a plan plans nothing."""
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
    """An apply between two states."""
    request = pb.ApplyResourceChange.Request(
        type_name="toy_thing", prior_state=prior, planned_state=planned, config=planned, planned_private=b"p"
    )
    return send("ApplyResourceChange", request)


def test_update_keeps_the_prior_state() -> None:
    """A fault in an update answers with what existed before."""
    prior = packed(thing(name="one", id="1"))

    response = apply(prior, packed(thing(name="fail-apply", id="1")))

    assert internal_error_detail(response)
    assert (response.new_state, response.private) == (prior, b"p")


def test_delete_keeps_the_prior_state() -> None:
    """A fault in a delete answers with what existed before."""
    prior = packed(thing(name="fail-apply", id="1"))

    response = apply(prior, NULL)

    assert internal_error_detail(response)
    assert response.new_state == prior


def test_create_has_no_prior_state() -> None:
    """A fault in a create answers that nothing exists."""
    response = apply(NULL, packed(thing(name="fail-apply")))

    assert internal_error_detail(response)
    assert response.new_state == NULL


def test_error_beside_a_state() -> None:
    """A state that comes with errors is handed on."""
    response = apply(NULL, packed(thing(name="fail-half")))

    assert unpacked(response.new_state)["id"] == "id-of-fail-half"
    assert [each.summary for each in response.diagnostics] == ["Half made"]


def test_misfit_keeps_the_id() -> None:
    """A new state with one part of a wrong type loses that part, not the id."""
    response = apply(NULL, packed(thing(name="fail-misfit")))

    assert unpacked(response.new_state) == thing(name="fail-misfit", id="id-of-fail-misfit")
    assert "secret" not in internal_error_detail(response)


def test_strange_type() -> None:
    """A type that is not in the catalogue is told like any other fault."""
    response = send("ValidateResourceConfig", pb.ValidateResourceConfig.Request(type_name="toy_ghost"))

    assert "KeyError" in internal_error_detail(response)


def test_strange_value() -> None:
    """A value that does not fit its schema is told without the value."""
    config = packed(thing(name="one") | {"size": "secret"})
    request = pb.ValidateResourceConfig.Request(type_name="toy_thing", config=config)

    detail = internal_error_detail(send("ValidateResourceConfig", request))

    assert "CodecError" in detail
    assert "secret" not in detail


def test_provider_that_cannot_be_made() -> None:
    """A provider whose making fails says so in the answer to the first call."""

    def broken() -> Any:
        raise ImportError("secret text")

    response = send("GetProviderSchema", pb.GetProviderSchema.Request(), ProviderService(broken))

    assert "ImportError" in internal_error_detail(response)


def test_stop_that_fails() -> None:
    """A stop that fails is told in the sentence that its answer has room for."""

    async def rpcs() -> str:
        toy = make_toy_provider()
        toy.stop = None
        service = ProviderService(lambda: toy)
        await service.get_metadata(pb.GetMetadata.Request())
        return (await service.stop_provider(pb.StopProvider.Request())).Error

    assert "StopProvider failed with TypeError" in asyncio.run(rpcs())


def test_end_that_fails() -> None:
    """A provider that fails or hangs while it closes doesn't keep the process."""

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
