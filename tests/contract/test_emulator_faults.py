"""Faults as the provider's client meets them: on a real socket, and on the emulator inside its process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from flow_emulator import clock, create_app
from flow_emulator.emulator_file import faults
from flow_emulator.faults import fault_store, rules
from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID
from flow_emulator.store import Store
from flow_emulator.testing import running_emulator
from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.flow_service import FlowService
from provider_shim.client.settings import ClientSettings
from provider_shim.embedded import EmbeddedTransport
from provider_shim.lifecycle.configuration import ProviderSettings
from provider_shim.main import connect
from tests.unit.flow_emulator.session import base_body, flow_body, source_body, target_body

Work = Callable[[FlowService], Awaitable[Any]]
Exchange = Callable[[httpx.AsyncClient], Awaitable[Any]]


@dataclass
class Ground:
    """An emulator, the way to it, and the pauses that the client made."""

    url: str
    store: Store
    transport: Callable[[], httpx.AsyncBaseTransport]
    sleeps: list[float] = field(default_factory=list)

    def fault(self, text: str) -> None:
        """Set a fault."""
        with self.store.transaction() as tx:
            fault_store.add(tx, rules.from_text(text))

    def client(self, work: Work, **settings: Any) -> Any:
        """Let the real client do something; no pause takes time."""

        async def sleep(seconds: float) -> None:
            self.sleeps.append(seconds)

        async def scene() -> Any:
            given = {
                "endpoint": self.url,
                "auth_endpoint": self.url,
                "organization_id": ORGANIZATION_ID,
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "max_retries": 3,
                **settings,
            }
            service = FlowService(
                ClientSettings(**given), transport=self.transport(), sleep=sleep, jitter=lambda: 1.0
            )
            try:
                return await work(service)
            finally:
                await service.aclose()

        return asyncio.run(scene())

    def exchange(self, work: Exchange) -> Any:
        """Let a bare HTTP client do something."""

        async def scene() -> Any:
            async with httpx.AsyncClient(transport=self.transport(), base_url=self.url) as client:
                return await work(client)

        return asyncio.run(scene())

    def made(self, collection: str = "connections") -> int:
        """How many objects of a collection there are."""
        with self.store.transaction() as tx:
            return len([entity for entity in tx.entities.everything() if entity.collection == collection])

    def statuses(self, operation_path: str) -> list[int]:
        """The statuses in the request log of the requests whose path ends so."""
        with self.store.transaction() as tx:
            return [each["status"] for each in tx.requests.all() if each["path"].endswith(operation_path)]


@pytest.fixture(params=["socket", "in-process"])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """The same emulator on a socket and inside the process."""
    with contextlib.ExitStack() as stack:
        if request.param == "socket":
            emulator = stack.enter_context(running_emulator())
            yield Ground(emulator.url, emulator.store, lambda: httpx.AsyncHTTPTransport(trust_env=False))
        else:
            store = stack.enter_context(Store())
            app = create_app(store)
            yield Ground("http://emulator.invalid", store, lambda: EmbeddedTransport(app))


async def create(service: FlowService) -> Any:
    """Create a base connection."""
    return await service.create(Collection.CONNECTIONS, base_body())


async def read_flows(service: FlowService) -> list[Any]:
    """All flows."""
    return [flow async for flow in service.list(Collection.FLOWS)]


async def raw_token(client: httpx.AsyncClient) -> httpx.Response:
    """The plainest request: one for a token, which is refused."""
    return await client.post("/ims/token/v3", data={})


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("reset", httpx.ReadError),
        ("reset when=after", httpx.ReadError),
        ("truncate", httpx.RemoteProtocolError),
        ("truncate bytes=0", httpx.RemoteProtocolError),
    ],
)
def test_what_breaks_is_the_same_exception(ground: Ground, fault: str, expected: type[Exception]) -> None:
    """httpx raises the very same class for a broken socket and for the emulator in the process."""
    ground.fault(f"issueToken {fault} times=1")
    with pytest.raises(expected) as caught:
        ground.exchange(raw_token)

    assert type(caught.value) is expected
    assert ground.exchange(raw_token).status_code == 400


def test_a_truncated_body_is_the_same_error(ground: Ground) -> None:
    """Also the words of a truncated answer are those of the socket."""
    ground.fault("issueToken truncate bytes=3")
    with pytest.raises(httpx.RemoteProtocolError, match=r"received 3 bytes, expected \d+"):
        ground.exchange(raw_token)


@pytest.mark.parametrize("status", [204, 304, 404, 503])
def test_an_empty_response_is_truncated_too(ground: Ground, status: int) -> None:
    """A body that is promised and never comes is a broken answer, whatever the answer was."""
    ground.fault(f"issueToken status status={status} shape=empty")
    ground.fault("issueToken truncate")
    with pytest.raises(httpx.RemoteProtocolError):
        ground.exchange(raw_token)


def test_others_go_on_when_a_connection_breaks(ground: Ground) -> None:
    """Ten requests at once, of which three are reset: the other seven are answered."""
    ground.fault("issueToken reset nth=2,5,7")

    async def ten(client: httpx.AsyncClient) -> list[Any]:
        return await asyncio.gather(*(raw_token(client) for _ in range(10)), return_exceptions=True)

    responses = ground.exchange(ten)
    assert sorted(type(each).__name__ for each in responses) == ["ReadError"] * 3 + ["Response"] * 7


@pytest.mark.parametrize(
    ("fault", "made"),
    [("reset when=after", 1), ("reset when=before", 0), ("truncate", 1), ("status status=504 when=after", 1)],
)
def test_a_lost_response_of_a_create(ground: Ground, fault: str, made: int) -> None:
    """The client can't know what happened, says so, and doesn't send a create twice."""
    ground.fault(f"createConnection {fault}")
    with pytest.raises(errors.ResponseLost):
        ground.client(create)

    assert ground.made() == made
    assert len(ground.statuses("/connections")) == 1
    assert ground.sleeps == []


@pytest.mark.parametrize("fault", ["reset", "truncate", "status status=503", "status status=502"])
def test_a_read_is_repeated(ground: Ground, fault: str) -> None:
    """Reads may arrive twice, so two broken answers cost two pauses and nothing else."""
    ground.fault(f"listFlows {fault} nth=1,2")

    assert ground.client(read_flows) == []
    assert ground.sleeps == [0.5, 1.0]


def test_an_error_without_a_cause_is_not_retried(ground: Ground) -> None:
    """A create that failed on the server isn't sent again."""
    ground.fault("createConnection status status=500")
    with pytest.raises(errors.ServiceFailed):
        ground.client(create)

    assert ground.statuses("/connections") == [500]


def test_retry_after_is_obeyed(ground: Ground) -> None:
    """The client waits as long as Retry-After says, and by its own measure where it says nothing."""
    ground.fault("createConnection throttle retry_after=7 nth=1")
    ground.fault("createConnection throttle nth=2")
    ground.client(create)

    assert ground.sleeps == [7.0, 1.0]
    assert ground.statuses("/connections") == [429, 429, 201]
    assert ground.made() == 1


def test_retry_after_may_be_a_date(ground: Ground) -> None:
    """A date is obeyed too; between answer and reading it, part of the time has passed."""
    ground.fault("createConnection throttle retry_after=60 retry_after_as=date times=1")
    ground.client(create)

    (pause,) = ground.sleeps
    assert 30 < pause <= 61


def test_endless_throttling_is_an_error(ground: Ground) -> None:
    """When the retries are used up, the error says what it was."""
    ground.fault("createConnection throttle")
    with pytest.raises(errors.Throttled):
        ground.client(create)

    assert len(ground.sleeps) == 3
    assert ground.made() == 0


def test_a_stale_etag_is_a_conflict(ground: Ground) -> None:
    """Another client's write between read and patch is a VersionConflict; the next read resolves it."""

    async def change(service: FlowService) -> Any:
        made = await create(service)
        ground.fault("readConnection stale-etag times=1")
        stale = await service.read(Collection.CONNECTIONS, made.id)
        operations = [{"op": "replace", "path": "/name", "value": "new"}]
        assert stale.etag is not None
        with pytest.raises(errors.VersionConflict) as caught:
            await service.patch(Collection.CONNECTIONS, made.id, operations, stale.etag)
        fresh = await service.read(Collection.CONNECTIONS, made.id)
        assert fresh.etag is not None
        await service.patch(Collection.CONNECTIONS, made.id, operations, fresh.etag)
        return caught.value

    conflict = ground.client(change)
    assert (conflict.status, conflict.code, conflict.after_lost_response) == (412, "1404", False)


def test_a_conflict_after_a_lost_response_says_so(ground: Ground) -> None:
    """The patch went through and its answer didn't: the retry meets the etag of its own change."""

    async def change(service: FlowService) -> None:
        made = await create(service)
        assert made.etag is not None
        ground.fault("patchConnection reset when=after times=1")
        operations = [{"op": "replace", "path": "/name", "value": "new"}]
        await service.patch(Collection.CONNECTIONS, made.id, operations, made.etag)

    with pytest.raises(errors.VersionConflict) as caught:
        ground.client(change)
    assert caught.value.after_lost_response
    assert ground.sleeps == [0.5]


def test_a_slow_state_is_seen(ground: Ground) -> None:
    """A new flow is initializing for as many reads as the fault says."""

    async def states(service: FlowService) -> list[str]:
        source = await service.create(Collection.SOURCE_CONNECTIONS, source_body())
        base = await create(service)
        target = await service.create(Collection.TARGET_CONNECTIONS, target_body(base.id))
        flow = await service.create(Collection.FLOWS, flow_body(source.id, target.id))
        return [(await service.read(Collection.FLOWS, flow.id)).body["state"] for _ in range(3)]

    with ground.store.transaction() as tx:
        clock.write(tx, "2030-03-17T00:00:00Z")
    ground.fault("createFlow slow-state looks=2")
    assert ground.client(states) == ["initializing", "initializing", "enabled"]


@pytest.mark.parametrize(
    ("operation", "shape"),
    [
        ("read", "bare"),
        ("read", "other-etag-key"),
        ("create", "wrapped"),
        ("create", "no-etag"),
        ("delete", "deleted-200"),
        ("delete", "deleted-204"),
    ],
)
def test_other_documented_shapes_are_understood(ground: Ground, operation: str, shape: str) -> None:
    """Where Adobe's documents disagree, the client takes every form."""
    ground.fault(f"{operation}Connection shape shape={shape}")

    async def live(service: FlowService) -> str:
        made = await create(service)
        found = await service.read(Collection.CONNECTIONS, made.id)
        assert found.etag is not None
        await service.delete(Collection.CONNECTIONS, made.id)
        return found.body["id"] if found.body["id"] == made.id else ""

    assert ground.client(live)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("shape shape=missing-400", errors.NotFound),
        ("shape shape=older-error", errors.NotFound),
        ("shape shape=older-error-short", errors.NotFound),
        ("status status=404 shape=html", errors.NotFlowService),
        ("status status=403 code=403025", errors.OrganizationRefused),
        ("status status=403 shape=problem code=1100", errors.PermissionDenied),
        ("status status=404 shape=problem code=2101", errors.SandboxNotFound),
        ("status status=200 shape=html", errors.InvalidResponse),
    ],
)
def test_errors_in_every_shape_are_understood(
    ground: Ground, fault: str, expected: type[errors.FlowServiceError]
) -> None:
    """What a read of something missing means, whichever of the documented bodies says it."""
    ground.fault(f"readFlow {fault}")

    async def read(service: FlowService) -> None:
        await service.read(Collection.FLOWS, "00000000-0000-4000-8000-000000000000")

    with pytest.raises(expected) as caught:
        ground.client(read)
    assert type(caught.value) is expected


def test_a_rejected_token_is_renewed_once(ground: Ground) -> None:
    """A 401 makes the client ask for a new token, and the request goes through."""
    ground.fault("listFlows status status=401 times=1")

    assert ground.client(read_flows) == []
    assert len(ground.statuses("/token/v3")) == 2


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_late_response_meets_the_deadline(ground: Ground, when: str, made: int) -> None:
    """An answer that comes too late is lost; whether the effect came about is open."""
    ground.fault(f"createConnection latency seconds=3600 when={when}")
    with pytest.raises(errors.ResponseLost, match=r"within 0\.3 seconds"):
        ground.client(create, request_timeout=0.3)

    assert ground.made() == made


def test_processes_count_together(tmp_path: Path) -> None:
    """Two emulators over one file, as two providers have it, count the calls in the file."""
    file = tmp_path / "flow-service.sqlite"
    faults.add(file, [rules.from_text("listFlows status status=500 nth=2")])
    with Store(file) as one, Store(file) as other:
        grounds = [
            Ground("http://emulator.invalid", store, lambda store=store: EmbeddedTransport(create_app(store)))  # type: ignore[misc]
            for store in (one, other)
        ]
        for ground in grounds:
            ground.client(read_flows)
        assert [ground.sleeps for ground in grounds] == [[], [0.5]]
    (entry,) = faults.entries(file)
    assert (entry.calls, entry.hits) == (3, 1)


def test_a_broken_response_leaves_no_trace_in_the_servers_log(capfd: pytest.CaptureFixture[str]) -> None:
    """The server doesn't take a fault for a mistake of the application, which it would print."""
    with running_emulator() as emulator:
        for kind in ("reset", "reset when=after", "truncate"):
            emulator.add_fault(f"issueToken {kind} times=1")
            with pytest.raises(httpx.TransportError):
                httpx.post(f"{emulator.url}/ims/token/v3", trust_env=False)
        emulator.add_fault("issueToken reset")
        emulator.clear_faults()
        assert httpx.post(f"{emulator.url}/ims/token/v3", trust_env=False).status_code == 400
    assert capfd.readouterr() == ("", "")


def test_a_server_stops_while_a_client_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A latency of an hour doesn't keep the server from ending: the request is broken off."""
    monkeypatch.setattr("flow_emulator.serving._SHUTDOWN_SECONDS", 0)
    with ThreadPoolExecutor(1) as pool:
        with running_emulator() as emulator:
            emulator.add_fault("issueToken latency seconds=3600")
            waiting = pool.submit(httpx.post, f"{emulator.url}/ims/token/v3", trust_env=False, timeout=60)
            while not _calls(emulator.store):
                pass
        with contextlib.suppress(httpx.TransportError):
            assert waiting.result(timeout=30).status_code == 500
        assert waiting.done()


def _calls(store: Store) -> int:
    with store.transaction() as tx:
        return sum(entry.calls for entry in fault_store.entries(tx))


def test_the_provider_meets_the_faults_of_its_file(tmp_path: Path) -> None:
    """With endpoint = "emulator:<file>" the provider's own client gets the faults of the command line."""
    file = tmp_path / "flow-service.sqlite"
    faults.add(
        file, [rules.from_text("createConnection reset when=after"), rules.from_text("listFlows throttle")]
    )
    sleeps: list[float] = []

    async def sleep(seconds: float) -> None:
        sleeps.append(seconds)

    async def scene() -> None:
        service = connect(ProviderSettings(endpoint=f"emulator:{file}", max_retries=2), sleep)
        try:
            with pytest.raises(errors.ResponseLost):
                await create(service)
            with pytest.raises(errors.Throttled):
                await read_flows(service)
        finally:
            await service.aclose()

    asyncio.run(scene())
    assert len(sleeps) == 2
    assert [entry.hits for entry in faults.entries(file)] == [1, 3]
    with Store(file) as store, store.transaction() as tx:
        assert [entity.collection for entity in tx.entities.everything()] == ["connections"]


@pytest.mark.slow
def test_the_command_serves_its_faults(tmp_path: Path) -> None:
    """`flowbridge emulator --fault` is a server that answers so."""
    command = "from provider_shim.cli.app import main; main()"
    file = str(tmp_path / "flow-service.sqlite")
    options = ["--port", "0", "--file", file, "--fault", "issueToken throttle retry_after=3 nth=1"]
    with subprocess.Popen(
        [sys.executable, "-c", command, "emulator", *options], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split(" listens at ")[1].split(". ")[0]
        first, second = (httpx.post(f"{url}/ims/token/v3", trust_env=False) for _ in range(2))
        process.send_signal(signal.SIGINT)

    assert (first.status_code, first.headers["retry-after"]) == (429, "3")
    assert second.status_code == 400
    assert process.returncode == 0
