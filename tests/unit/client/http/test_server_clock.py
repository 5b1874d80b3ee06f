"""The server's clock: what the Date headers of responses show of it."""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.http.server_clock import ServerClock

OWN_TIME = 1_800_000_000.0


class Clocks:
    """This machine's clock, and a server's clock that differs by `difference` seconds."""

    def __init__(self, difference: float) -> None:
        self.own = OWN_TIME
        self.difference = difference
        self.estimate = ServerClock(lambda: self.own)

    @property
    def server(self) -> float:
        """The server's time."""
        return self.own + self.difference

    def respond(self, *, there: float = 0.0, back: float = 0.0) -> None:
        """Receive a response after the times that the request and the response take."""
        sent = self.own
        self.own += there
        date = formatdate(int(self.server), usegmt=True)
        self.own += back
        self.estimate.learn({"date": date}, sent=sent)


def test_this_machine_s_time_is_used_until_a_response_has_a_date() -> None:
    """Nothing is known at first, nor after a response without a date, with a wrong one or from a cache."""
    clock = ServerClock(lambda: OWN_TIME)
    cached = {"date": formatdate(0, usegmt=True), "age": "30"}
    for headers in ({}, {"date": "soon"}, cached):
        clock.learn(headers, sent=OWN_TIME)
        assert not clock.known
        assert clock.now() == OWN_TIME

    clock.learn({"date": formatdate(OWN_TIME + 100, usegmt=True)}, sent=OWN_TIME)
    assert clock.known
    assert clock.now() == OWN_TIME + 100


@given(
    difference=st.floats(-100_000, 100_000),
    delays=st.lists(st.tuples(*[st.floats(0, 20)] * 3), min_size=1, max_size=8),
    passes=st.floats(0, 10_000),
)
def test_the_estimate_is_never_late(
    difference: float, delays: list[tuple[float, float, float]], passes: float
) -> None:
    """It is at most a second and the quickest response's time early, however often responses arrive."""
    clocks = Clocks(difference)
    for there, back, pause in delays:
        clocks.respond(there=there, back=back)
        clocks.own += pause
    clocks.own += passes

    quickest = min(back for _, back, _ in delays)
    rounding = 1e-3
    assert clocks.server - 1 - quickest - rounding <= clocks.estimate.now() <= clocks.server + rounding


@pytest.mark.parametrize("difference", [-3600.0, -2.0, 2.0, 3600.0])
def test_a_clock_that_is_set_is_found_with_the_next_response(difference: float) -> None:
    """A response that contradicts the estimate replaces it, in both directions."""
    clocks = Clocks(0.5)
    clocks.respond()
    clocks.difference = difference
    clocks.respond()

    assert clocks.server - 1 <= clocks.estimate.now() <= clocks.server


@pytest.mark.parametrize("status", [200, 404, 500])
def test_every_response_shows_the_service_s_time(server: Any, status: int) -> None:
    """A client knows the service's time from successes and errors alike."""
    date = formatdate(server.time + 600, usegmt=True)
    server.responses = [httpx.Response(status, json={"items": [{"id": "x"}]}, headers={"Date": date})]
    client = server.client(max_retries=0)
    assert client.server_time() == server.time
    try:
        asyncio.run(client.read(Collection.FLOWS, "x"))
    except errors.FlowServiceError:
        assert status != 200

    assert client.server_time() == server.time + 600
    server.time += 30
    assert client.server_time() == server.time + 600
