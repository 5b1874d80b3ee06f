"""The fault proxy: it passes requests to the emulator or the state backend, breaks some, and records all."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from flow_emulator.faults.broken_connections import ResetResponse, TruncatedResponse
from tests.campaign.faults import (
    LOCK,
    STATE,
    TOKEN,
    Cut,
    Fault,
    Hang,
    Hold,
    Moment,
    Reset,
    ResetLater,
    Respond,
    Signal,
)
from tests.campaign.ledger import Ledger, Made, Write
from tests.campaign.loopback import Collected, call, read_body, until_disconnected

_PATH = re.compile(r"/data/foundation/flowservice/(\w+)(?:/([0-9a-f-]{36}))?(/action)?/?")
_TOKEN_PATH = "/ims/token/"
STATE_PORT = "state:"
"""The names of ports for the state backend begin with it, followed by the workspace's name."""


@dataclass(slots=True)
class Caller:
    """The command of a workspace that is running now. `signal` sends a signal; see `faults.Signal`.

    `handled` counts its requests; `holds` has the responses that wait for so many requests.
    """

    command: int = 0
    faults: list[Fault] = field(default_factory=list)
    signal: Callable[[str], None] = lambda _target: None
    handled: int = 0
    holds: list[tuple[int, asyncio.Event]] = field(default_factory=list)

    def count_request(self) -> None:
        """Count a request, and release the responses that are held until there are so many."""
        self.handled += 1
        for goal, reached in self.holds:
            if self.handled >= goal:
                reached.set()


@dataclass(frozen=True, slots=True)
class Call:
    """One request, taken apart."""

    method: str
    collection: str
    id: str | None
    is_action: bool
    body: Any

    @property
    def name(self) -> str | None:
        """The name of the object in a create."""
        return self.body.get("name") if self.method == "POST" and isinstance(self.body, dict) else None


@dataclass(slots=True)
class Exchange:
    """One request that a fault hits, with the real response and the new object, if there are any."""

    caller: Caller
    scope: Scope
    receive: Receive
    send: Send
    response: Collected | None
    made: Made | None


class FaultProxy:
    """The applications behind the faults. Each port belongs to one workspace, or to a person ("outside")."""

    def __init__(self, flow_service: ASGIApp, state_backend: ASGIApp, clock_skew: float = 0.0) -> None:
        self.ledger = Ledger()
        self.callers: dict[str, Caller] = {}
        self._flow_service = flow_service
        self._state_backend = state_backend
        self._clock_skew = clock_skew
        self._waiting: list[tuple[Caller, asyncio.Event]] = []

    async def handle(self, port: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request to a port."""
        workspace = port.removeprefix(STATE_PORT)
        caller = self.callers.setdefault(workspace, Caller())
        body = await read_body(receive)
        is_state = port.startswith(STATE_PORT)
        request = _parse(scope, body, is_state=is_state)
        caller.count_request()
        fault = _first_hit(caller.faults, request)
        response, made = None, None
        if fault is None or fault.moment is Moment.AFTER:
            response = await call(self._state_backend if is_state else self._flow_service, scope, body)
            response.headers.append((b"date", self._date()))
            if not is_state:
                made = self._record(request, response, workspace, caller.command, answered=fault is None)
        if fault is not None:
            self.ledger.injected[fault.kind] += 1
            await self._break(fault, Exchange(caller, scope, receive, send, response, made))
        elif response is not None:
            await response.send(send)

    async def _break(self, fault: Fault, exchange: Exchange) -> None:
        scope, receive, send = exchange.scope, exchange.receive, exchange.send
        match fault.effect:
            case Reset():
                await ResetResponse()(scope, receive, send)
            case ResetLater():
                waiting = asyncio.Event()
                self._waiting.append((exchange.caller, waiting))
                await _first_of(waiting.wait(), until_disconnected(receive))
                await ResetResponse()(scope, receive, send)
            case Cut():
                await _cut(exchange)
            case Hang():
                await until_disconnected(receive)
            case Hold(requests):
                await _hold(exchange, exchange.caller.handled + requests)
            case Respond() as other:
                pairs = (("content-type", other.content_type), *other.headers)
                headers = [(name.encode(), value.encode()) for name, value in pairs]
                headers.append((b"date", self._date()))
                await Collected(other.status, headers, other.body).send(send)
            case Signal("interrupt"):
                exchange.caller.signal("interrupt")
                await until_disconnected(receive)
            case Signal(target):
                exchange.caller.signal(target)
                await ResetResponse()(scope, receive, send)

    def _date(self) -> bytes:
        return formatdate(time.time() + self._clock_skew, usegmt=True).encode()

    def _record(
        self, request: Call, response: Collected, workspace: str, command: int, *, answered: bool
    ) -> Made | None:
        ledger = self.ledger
        if not 200 <= response.status < 300 or request.method == "GET":
            return None
        if request.collection == TOKEN:
            ledger.tokens.add(json.loads(response.body)["access_token"])
        elif request.id is not None:
            operation = "ACTION" if request.is_action else request.method
            ledger.changed(Write(operation, request.collection, request.id, workspace, command), request.body)
        elif request.method == "POST" and isinstance(request.body, dict):
            identifier = json.loads(response.body)["id"]
            made = Made(identifier, request.collection, workspace, command, request.body, answered)
            ledger.created(made)
            for caller, waiting in self._waiting:
                if caller is not self.callers[workspace]:
                    waiting.set()
            return made
        return None


async def _cut(exchange: Exchange) -> None:
    """Send the first half of the response's body, and close the connection."""
    assert exchange.response is not None
    body, headers = exchange.response.body, exchange.response.headers
    texts = {name.decode(): value.decode() for name, value in headers}
    cut = TruncatedResponse(body, exchange.response.status, texts, len(body) // 2)
    await cut(exchange.scope, exchange.receive, exchange.send)


async def _hold(exchange: Exchange, goal: int) -> None:
    """Send the response when the workspace has sent so many requests, unless the client gives up before."""
    assert exchange.response is not None
    reached = asyncio.Event()
    exchange.caller.holds.append((goal, reached))
    await _first_of(reached.wait(), until_disconnected(exchange.receive))
    if reached.is_set():
        await exchange.response.send(exchange.send)
        if exchange.made is not None:
            exchange.made.answered = True


async def _first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    """Wait for the first of several, and cancel the others."""
    tasks = [asyncio.ensure_future(each) for each in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for each in tasks:
        each.cancel()


def _parse(scope: Scope, body: bytes, *, is_state: bool) -> Call:
    method = scope["method"]
    if is_state:
        return Call(method, LOCK if scope["path"].endswith("/lock") else STATE, None, False, None)
    if scope["path"].startswith(_TOKEN_PATH):
        return Call(method, TOKEN, None, False, None)
    found = _PATH.fullmatch(scope["path"])
    try:
        parsed = json.loads(body) if body else None
    except ValueError:
        parsed = None
    if found is None:
        return Call(method, scope["path"], None, False, parsed)
    return Call(method, found[1], found[2], found[3] is not None, parsed)


def _first_hit(faults: list[Fault], request: Call) -> Fault | None:
    method = "ACTION" if request.is_action else request.method
    for fault in faults:
        if fault.hits(method, request.collection, request.name, one=request.id is not None):
            return fault
    return None
