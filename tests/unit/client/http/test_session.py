"""The edge to the HTTP library: exceptions have a meaning, attempts an end, and not all run at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.http.transport_errors import CAUGHT, ERROR_CLASSES, MISUSE


def exceptions_of_httpx() -> Iterator[type[Exception]]:
    """All public exception classes of httpx."""
    for name in httpx.__all__:
        member = getattr(httpx, name)
        if isinstance(member, type) and issubclass(member, Exception):
            yield member


def test_every_exception_of_httpx_is_mapped() -> None:
    """A release of httpx with a new exception fails here until somebody says what it means."""
    known = set(exceptions_of_httpx())
    assert known == set(ERROR_CLASSES) | MISUSE
    assert not set(ERROR_CLASSES) & MISUSE


@pytest.mark.parametrize("kind", ERROR_CLASSES, ids=lambda kind: kind.__name__)
def test_every_mapped_exception_comes_out_as_ours(stage: Any, kind: type[Exception]) -> None:
    """Whatever the library raises, the caller sees one of our errors, of the mapped class."""
    assert issubclass(kind, CAUGHT)
    if kind is httpx.HTTPStatusError:
        request = httpx.Request("GET", "https://x")
        stage.script = [httpx.HTTPStatusError("m", request=request, response=httpx.Response(500))]
    else:
        stage.script = [kind("words of the library")]
    with pytest.raises(errors.FlowServiceError) as caught:
        asyncio.run(stage.service(max_retries=0).read(Collection.FLOWS, "x"))
    assert type(caught.value) is ERROR_CLASSES[kind]
    assert (caught.value.method, caught.value.path) == ("GET", "/flows/x")
    assert caught.value.request_id == stage.requests[0].headers["x-request-id"]


@pytest.mark.parametrize("error", [ConnectionResetError("reset"), OSError("tls"), TimeoutError()])
def test_errors_below_the_library_leave_the_outcome_open(stage: Any, error: Exception) -> None:
    """An application in this process, or a gap in the library, can raise the system's own errors."""
    stage.script = [error]
    with pytest.raises(errors.ResponseLost):
        asyncio.run(stage.service(max_retries=0).read(Collection.FLOWS, "x"))


def test_a_bug_is_not_hidden(stage: Any) -> None:
    """What nobody foresaw stays what it is."""
    stage.script = [ZeroDivisionError("bug")]
    with pytest.raises(ZeroDivisionError):
        asyncio.run(stage.service().read(Collection.FLOWS, "x"))


def endless(request: httpx.Request) -> Any:
    """A server that never answers."""
    return asyncio.Event().wait()


class EndlessBody(httpx.AsyncByteStream):
    """A body whose first bytes come, and then nothing more."""

    async def __aiter__(self) -> Any:
        yield b'{"items": ['
        await asyncio.Event().wait()


@pytest.mark.parametrize("where", ["headers", "body"])
def test_an_answer_that_never_ends_meets_the_deadline(stage: Any, where: str) -> None:
    """The deadline is our own and covers the body; it works with an application in this process."""
    silent = endless if where == "headers" else httpx.Response(200, stream=EndlessBody())
    stage.script = [silent]
    # A deadline of no time at all passes at the first wait, so the test waits for nothing.
    service = stage.service(request_timeout=0.0, max_retries=0, access_token="given")
    with pytest.raises(errors.ResponseLost, match="0 seconds"):
        asyncio.run(service.read(Collection.FLOWS, "x"))


def test_the_deadline_is_for_each_attempt(stage: Any) -> None:
    """A read goes on after a missed deadline, with a pause between."""
    stage.script = [endless, endless, httpx.Response(200, json={"id": "x"})]
    service = stage.service(request_timeout=0.0, access_token="given")
    assert asyncio.run(service.read(Collection.FLOWS, "x")).id == "x"
    assert stage.sleeps == [0.5, 1.0]


def test_a_cancelled_call_ends_as_cancelled(stage: Any) -> None:
    """Ctrl-C isn't taken for a lost answer, and nothing is sent again."""

    async def scene() -> None:
        started = asyncio.Event()

        async def silent(request: httpx.Request) -> httpx.Response:
            started.set()
            await asyncio.Event().wait()
            raise AssertionError

        stage.script = [silent]
        reading = asyncio.create_task(stage.service().read(Collection.FLOWS, "x"))
        await started.wait()
        reading.cancel()
        await reading

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scene())
    assert len(stage.requests) == 1


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_requests_run_at_once_than_allowed(stage: Any, limit: int) -> None:
    """The bound holds with many callers, also for one, where the token needs the same slot first."""
    running = 0
    most = 0

    async def count(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1
        return httpx.Response(200, json={"id": "x"})

    stage.script = [count for _ in range(12)]
    service = stage.service(max_concurrent_requests=limit)

    async def twelve() -> None:
        await asyncio.gather(*(service.read(Collection.FLOWS, "x") for _ in range(12)))

    asyncio.run(twelve())
    assert most == limit


def test_a_pause_between_attempts_holds_no_slot(stage: Any) -> None:
    """While one request waits for its next attempt, another one runs."""
    stage.script = [
        httpx.Response(429),
        httpx.Response(200, json={"id": "second"}),
        httpx.Response(200, json={"id": "first"}),
    ]
    ids: list[str] = []

    async def other(seconds: float) -> None:
        ids.append((await service.read(Collection.FLOWS, "b")).id)

    stage._sleep = other
    service = stage.service(max_concurrent_requests=1, access_token="given")

    async def scene() -> None:
        ids.append((await service.read(Collection.FLOWS, "a")).id)

    asyncio.run(scene())
    assert ids == ["second", "first"]


def test_a_closed_client_can_be_used_again(stage: Any) -> None:
    """Closing is for connections; a later request opens new ones."""
    stage.script = [httpx.Response(200, json={"id": "x"}) for _ in range(2)]
    service = stage.service()

    async def scene() -> None:
        await service.aclose()
        await service.read(Collection.FLOWS, "x")
        await service.aclose()
        await service.read(Collection.FLOWS, "x")

    asyncio.run(scene())
    assert len(stage.requests) == 2


def test_the_light_modules_load_neither_httpx_nor_pydantic() -> None:
    """Settings, errors and entities can be imported by a process that makes no request."""
    program = (
        "import sys\n"
        "from provider_shim.client import entities, errors, settings\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'httpx', 'pydantic'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_client_loads_nothing_else_of_the_project() -> None:
    """The client knows neither Terraform nor the emulator."""
    program = (
        "import sys, provider_shim.client.flow_service\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('provider_shim.', 'flow_emulator'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = done.stdout.split()
    assert "provider_shim.client.flow_service" in names
    assert [name for name in names if not name.startswith("provider_shim.client")] == []
