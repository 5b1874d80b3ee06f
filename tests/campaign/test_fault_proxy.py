"""Each fault of the campaign's proxy does what its name says, on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.campaign.fault_proxy import STATE_PORT, Caller, FaultProxy
from tests.campaign.faults import EFFECTS, LOCK, STATE, TOKEN, WRITE, Fault, Moment, Respond, Signal
from tests.campaign.loopback import Loopback, read_body, serve
from tests.campaign.state_backend import StateBackend

ONE = "11111111-1111-4111-8111-111111111111"
FLOWS = "/data/foundation/flowservice/flows"
ELSEWHERE = ("state update lost", "reset after another create")
CREATES = [kind for kind in EFFECTS if kind not in ELSEWHERE]


class Upstream:
    """A Flow Service that counts requests, and gives every new object the same id."""

    def __init__(self) -> None:
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        await read_body(receive)
        self.requests += 1
        await JSONResponse({"id": ONE}, 201)(scope, receive, send)


@contextmanager
def proxied(*faults: Fault) -> Iterator[tuple[FaultProxy, Upstream, Loopback, list[str]]]:
    """Serve a proxy with these faults for the workspace "a"; the list collects the signals."""
    upstream = Upstream()
    proxy = FaultProxy(upstream, StateBackend())
    signals: list[str] = []
    proxy.callers["a"] = Caller(7, list(faults), signals.append)
    with serve(["a", "b", f"{STATE_PORT}a"], proxy.handle) as server:
        yield proxy, upstream, server, signals


def create(server: Loopback) -> httpx.Response | None:
    """Send a create, and return the response, or None if none has arrived."""
    try:
        return httpx.post(
            f"{server.addresses['a']}{FLOWS}", json={"name": "orders"}, timeout=0.5, trust_env=False
        )
    except httpx.TransportError:
        return None


@pytest.mark.parametrize("kind", CREATES)
def test_a_fault_does_what_its_name_says(kind: str) -> None:
    """The request reaches Flow Service or not, as the name says; the response is another one or none."""
    moment, effect = EFFECTS[kind]
    with proxied(Fault(kind, "POST", "flows", name="orders")) as (proxy, upstream, server, signals):
        response = create(server)
        second = create(server)

        assert second is not None
        assert second.status_code == 201, "only one request is hit"
        assert upstream.requests == (2 if moment is Moment.AFTER else 1)
        assert proxy.ledger.injected == {kind: 1}
    assert signals == ([effect.target] if isinstance(effect, Signal) else [])
    if isinstance(effect, Respond):
        assert response is not None
        assert (response.status_code, response.content) == (effect.status, effect.body)
    else:
        assert response is None


def test_the_ledger_knows_who_made_what() -> None:
    """A create is recorded with its workspace, its command, and whether its response was sent."""
    with proxied(Fault("reset after", "POST", "flows")) as (proxy, _, server, _):
        assert create(server) is None
        made = proxy.ledger.made[ONE]
        assert (made.workspace, made.command, made.name, made.answered) == ("a", 7, "orders", False)

        assert create(server) is not None
        assert proxy.ledger.made[ONE].answered is True


def test_a_held_response_is_sent_after_further_requests() -> None:
    """A response that is held arrives as soon as the workspace has sent enough other requests."""
    with proxied(Fault("held after", "POST", "flows")) as (proxy, _, server, _):
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(httpx.post, server.addresses["a"] + FLOWS, json={"name": "orders"}, timeout=30)
            while not held.done():
                httpx.get(server.addresses["a"] + FLOWS)  # each iteration is one more request
        assert held.result().status_code == 201
        assert proxy.ledger.made[ONE].answered is True


def test_a_reset_waits_for_the_create_of_another_workspace() -> None:
    """A create is lost in the moment in which another workspace creates an object that looks the same."""
    lost = Fault("reset after another create", "POST", "flows")
    with proxied(lost) as (_, upstream, server, _), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(httpx.post, server.addresses["a"] + FLOWS, json={"name": "orders"}, timeout=30)
        assert lost.happened.wait(timeout=30)
        assert httpx.post(server.addresses["b"] + FLOWS, json={"name": "orders"}).status_code == 201
        with pytest.raises(httpx.TransportError):
            waiting.result()
        assert upstream.requests == 1


def test_only_matching_requests_are_hit() -> None:
    """Method, collection, name, and one object or a list decide; `skip` requests pass before."""
    fault = Fault("500 before", "GET", "flows", one=True, skip=1, times=2)
    misses = [("POST", "flows", True), ("GET", "connections", True), ("GET", "flows", False)]

    assert not any(fault.hits(method, collection, None, one=one) for method, collection, one in misses)
    assert [fault.hits("GET", "flows", None, one=True) for _ in range(4)] == [False, True, True, False]


def test_a_fault_of_any_write_hits_flow_service_only() -> None:
    """Reads, access tokens, states and their locks are not writes to Flow Service."""
    fault = Fault("hang before", WRITE, "*", times=9)
    misses = [("GET", "flows"), ("POST", TOKEN), ("POST", STATE), ("LOCK", LOCK)]

    assert not any(fault.hits(method, collection, None, one=False) for method, collection in misses)
    assert all(
        fault.hits(method, "flows", None, one=True) for method in ("POST", "PATCH", "ACTION", "DELETE")
    )


def test_the_state_backend_stores_locks_and_loses() -> None:
    """States are stored and locked as Terraform expects; an update can be lost, on its way or later."""
    lost = Fault("state update lost", "POST", STATE, skip=2)
    with proxied(lost) as (proxy, _, server, _):
        backend = proxy._state_backend
        assert isinstance(backend, StateBackend)
        address = f"{server.addresses[STATE_PORT + 'a']}/a"
        with httpx.Client(trust_env=False) as client:
            assert client.get(address).status_code == 404
            assert client.request("LOCK", f"{address}/lock", content=b"me").status_code == 200
            assert client.request("LOCK", f"{address}/lock", content=b"you").status_code == 423
            assert client.request("UNLOCK", f"{address}/lock").status_code == 200
            for serial in (1, 2, 3):
                assert client.post(address, json={"serial": serial}).status_code == 200
            assert client.get(address).json() == {"serial": 2}
            backend.lose("a", 1)
            assert client.get(address).json() == {"serial": 1}
            backend.lose("a", 99)
            assert client.get(address).status_code == 404
        assert len(backend.versions["a"]) == 4, "every version is kept for the search"
