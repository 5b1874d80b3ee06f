"""A short run of the emulator's fuzzer, and proofs that it finds what it looks for."""

from __future__ import annotations

import json
import random

import pytest

from tests.fuzz.emulator import bodies, campaign, judge, requests
from tests.fuzz.emulator.requests import Request
from tests.fuzz.emulator.wire import Answer, Message
from tests.fuzz.emulator.world import World

JSON = {"content-type": "application/json"}
PROBLEM = {"type": "/x", "status": 400, "title": "x", "detail": "x"}


@pytest.mark.slow
@pytest.mark.thorough
def test_a_thousand_requests_find_nothing() -> None:
    """The process lives, answers are documented and in time, the store stays whole, no secret comes out."""
    counts = campaign.run(7, range(1000))
    assert counts.findings == [], counts.table()
    assert counts.sent == 1000
    done = sum(counter["2xx"] for counter in counts.by_route.values())
    assert 250 < done < 750, counts.table()


def asked(route: str = "GET flows", target: bytes = b"/data/foundation/flowservice/flows") -> Request:
    """A request of the fuzzer's."""
    return Request(route, Message(b"GET", target, []))


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(500, JSON, b"{}", 0.1), "status 500"),
        (Answer(503, JSON, json.dumps(PROBLEM).encode(), 0.1), "status 503"),
        (Answer(200, JSON, b"{}", 6), "took 6.0 s"),
        (Answer(-1, {}, b"", 30), "no answer"),
        (Answer(0, {}, b"", 0.1), "closed without an answer"),
        (Answer(200, JSON, b"{}", 0.1, truncated=True), "cut off"),
        (Answer(200, JSON, b'{"a": NaN}', 0.1), "not JSON"),
        (Answer(404, {"content-type": "text/plain"}, b"Not Found", 0.1), "not JSON"),
        (Answer(400, JSON, b'{"oops": 1}', 0.1), "undocumented form"),
        (Answer(400, JSON, b"", 0.1), "without a body"),
        (Answer(200, JSON, json.dumps({"a": bodies.CANARY}).encode(), 0.1), "a secret came out"),
    ],
)
def test_a_wrong_answer_is_a_finding(answer: Answer, problem: str) -> None:
    """Each rule has an answer that breaks it."""
    assert any(problem in found for found in judge.problems(asked(), answer, World()))


def test_right_answers_are_none() -> None:
    """Success, a documented error, 501, and what an injected fault was asked to do are no findings."""
    error = json.dumps(PROBLEM).encode()
    for answer in (
        Answer(200, JSON, b'{"items": []}', 0.1),
        Answer(400, JSON, error, 0.1),
        Answer(501, JSON, error, 0.1),
    ):
        assert judge.problems(asked(), answer, World()) == []
    world = World(faults=[{"kind": "status", "status": 503}, {"kind": "reset"}])
    assert judge.problems(asked(), Answer(503, {"content-type": "text/html"}, b"<p>", 0.1), world) == []
    assert judge.problems(asked(), Answer(0, {}, b"", 0.1), world) == []
    assert judge.problems(asked(target=b"/_emulator/state"), Answer(503, JSON, error, 0.1), world) != []


def test_requests_follow_from_the_seed() -> None:
    """The same seed gives the same requests, another one others, and every kind of route is among them."""

    def made(seed: str) -> list[bytes]:
        choice, world = random.Random(seed), World()
        return [requests.build(choice, world, b"127.0.0.1").message.encoded() for _ in range(300)]

    assert made("1/0") == made("1/0")
    assert made("1/0") != made("1/1")
    choice, world = random.Random("routes"), World()
    routes = {requests.build(choice, world, b"127.0.0.1").route for _ in range(3000)}
    assert {"PUT /_emulator/snapshot", "POST flows", "PATCH connections/id", "malformed", "GET /"} <= routes


def test_raw_values_are_written_as_they_are() -> None:
    """Numbers that JSON does not have reach the emulator."""
    text = bodies.encode({"a": "<raw>1e999<raw>", "b": ["<raw>NaN<raw>"], "c": "plain"})
    assert text == b'{"a": 1e999, "b": [NaN], "c": "plain"}'
