"""The HTTP session: exceptions of httpx, deadlines, and the limit on concurrent requests."""

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
from provider_shim.client.http.transport_errors import CAUGHT_EXCEPTIONS, ERROR_CLASSES, PROGRAMMING_ERRORS


def exceptions_of_httpx() -> Iterator[type[Exception]]:
    """All public exception classes of httpx."""
    for name in httpx.__all__:
        member = getattr(httpx, name)
        if isinstance(member, type) and issubclass(member, Exception):
            yield member


def test_every_exception_of_httpx_is_mapped() -> None:
    """All exceptions of httpx are mapped, also those of a new release."""
    known = set(exceptions_of_httpx())
    assert known == set(ERROR_CLASSES) | PROGRAMMING_ERRORS
    assert not set(ERROR_CLASSES) & PROGRAMMING_ERRORS


@pytest.mark.parametrize("error_class", ERROR_CLASSES, ids=lambda error_class: error_class.__name__)
def test_every_mapped_exception_is_converted(server: Any, error_class: type[Exception]) -> None:
    """An exception of httpx is converted to the mapped class."""
    assert issubclass(error_class, CAUGHT_EXCEPTIONS)
    if error_class is httpx.HTTPStatusError:
        request = httpx.Request("GET", "https://x")
        server.responses = [httpx.HTTPStatusError("m", request=request, response=httpx.Response(500))]
    else:
        server.responses = [error_class("message of the library")]
    with pytest.raises(errors.FlowServiceError) as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert type(caught.value) is ERROR_CLASSES[error_class]
    assert (caught.value.method, caught.value.path) == ("GET", "/flows/x")
    assert caught.value.request_id == server.requests[0].headers["x-request-id"]


@pytest.mark.parametrize("error", [ConnectionResetError("reset"), OSError("tls"), TimeoutError()])
def test_errors_below_the_library_leave_the_outcome_open(server: Any, error: Exception) -> None:
    """An exception of the operating system is converted too."""
    server.responses = [error]
    with pytest.raises(errors.ResponseLost):
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: Any, status: int) -> None:
    """The token is sent to the configured server only, and the error states what happened."""
    server.responses = [httpx.Response(status, headers={"Location": "http://flow.example/stolen"})]
    with pytest.raises(errors.FlowServiceError, match="redirect, which is not followed") as caught:
        asyncio.run(server.client().read(Collection.FLOWS, "x"))
    assert caught.value.status == status
    assert [each.url.host for each in server.requests] == ["platform.adobe.io"]


def test_a_redirect_of_the_token_endpoint_is_not_followed(server: Any) -> None:
    """The client secret is sent to the configured server only."""
    server.token_responses = [httpx.Response(307, headers={"Location": "http://ims.example/ims/token/v3"})]
    with pytest.raises(errors.AuthenticationFailed, match="redirect, which is not followed"):
        asyncio.run(server.client().read(Collection.FLOWS, "x"))
    assert [each.url.host for each in server.token_requests] == ["ims-na1.adobelogin.com"]


def test_a_bug_is_not_hidden(server: Any) -> None:
    """An unexpected exception is not converted."""
    server.responses = [ZeroDivisionError("bug")]
    with pytest.raises(ZeroDivisionError):
        asyncio.run(server.client().read(Collection.FLOWS, "x"))


def endless(request: httpx.Request) -> Any:
    """A server that never responds."""
    return asyncio.Event().wait()


class EndlessBody(httpx.AsyncByteStream):
    """A body that never ends after its first bytes."""

    async def __aiter__(self) -> Any:
        yield b'{"items": ['
        await asyncio.Event().wait()


@pytest.mark.parametrize("where", ["headers", "body"])
def test_an_endless_response_meets_the_deadline(server: Any, where: str) -> None:
    """The deadline covers the body, and also applies to an application in this process."""
    silent = endless if where == "headers" else httpx.Response(200, stream=EndlessBody())
    server.responses = [silent]
    # A deadline of 0 seconds passes at the first wait, so the test doesn't wait.
    client = server.client(request_timeout=0.0, max_retries=0, access_token="given")
    with pytest.raises(errors.ResponseLost, match="0 seconds"):
        asyncio.run(client.read(Collection.FLOWS, "x"))


def test_the_deadline_is_for_each_attempt(server: Any) -> None:
    """A read is retried after a missed deadline, with a delay."""
    server.responses = [endless, endless, httpx.Response(200, json={"id": "x"})]
    client = server.client(request_timeout=0.0, access_token="given")
    assert asyncio.run(client.read(Collection.FLOWS, "x")).id == "x"
    assert server.sleeps == [0.5, 1.0]


def test_a_cancelled_request_stays_cancelled(server: Any) -> None:
    """A cancelled request isn't retried as a lost response."""

    async def scenario() -> None:
        started = asyncio.Event()

        async def silent(request: httpx.Request) -> httpx.Response:
            started.set()
            await asyncio.Event().wait()
            raise AssertionError

        server.responses = [silent]
        reading = asyncio.create_task(server.client().read(Collection.FLOWS, "x"))
        await started.wait()
        reading.cancel()
        await reading

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scenario())
    assert len(server.requests) == 1


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_requests_run_at_once_than_allowed(server: Any, limit: int) -> None:
    """The limit holds with many callers, also a limit of one, where the token needs the same slot first."""
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

    server.responses = [count for _ in range(12)]
    client = server.client(max_concurrent_requests=limit)

    async def twelve() -> None:
        await asyncio.gather(*(client.read(Collection.FLOWS, "x") for _ in range(12)))

    asyncio.run(twelve())
    assert most == limit


def test_a_pause_between_attempts_holds_no_slot(server: Any) -> None:
    """While one request waits for its next attempt, another one runs."""
    server.responses = [
        httpx.Response(429),
        httpx.Response(200, json={"id": "second"}),
        httpx.Response(200, json={"id": "first"}),
    ]
    ids: list[str] = []

    async def other(seconds: float) -> None:
        ids.append((await client.read(Collection.FLOWS, "b")).id)

    server._sleep = other
    client = server.client(max_concurrent_requests=1, access_token="given")

    async def scenario() -> None:
        ids.append((await client.read(Collection.FLOWS, "a")).id)

    asyncio.run(scenario())
    assert ids == ["second", "first"]


def test_a_closed_client_can_be_used_again(server: Any) -> None:
    """After closing, a later request opens new connections."""
    server.responses = [httpx.Response(200, json={"id": "x"}) for _ in range(2)]
    client = server.client()

    async def scenario() -> None:
        await client.aclose()
        await client.read(Collection.FLOWS, "x")
        await client.aclose()
        await client.read(Collection.FLOWS, "x")

    asyncio.run(scenario())
    assert len(server.requests) == 2


def test_the_light_modules_load_neither_httpx_nor_pydantic() -> None:
    """Settings, errors and entities can be imported by a process that makes no request."""
    program = (
        "import sys\n"
        "from provider_shim.client import entities, errors, settings\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'httpx', 'pydantic'}))"
    )
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert process.stdout == "[]\n"


def test_the_client_imports_no_other_package_of_the_project() -> None:
    """The client knows neither Terraform nor the emulator."""
    program = (
        "import sys, provider_shim.client.flow_service\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('provider_shim.', 'flow_emulator'))))"
    )
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = process.stdout.split()
    assert "provider_shim.client.flow_service" in names
    others = [name for name in names if not name.startswith("provider_shim.client")]
    assert others == ["provider_shim.one_line", "provider_shim.shapes"]  # which import nothing of the project


@pytest.mark.parametrize("quoted", ["b'220 canary'", 'b"22\'0 canary"', "bytearray(b'220 \\'canary\\'')"])
def test_a_quoted_line_of_a_response_is_shown_by_its_length(server: Any, quoted: str) -> None:
    """The HTTP library quotes lines that it does not understand."""
    server.responses = [httpx.RemoteProtocolError(f"illegal status line: {quoted}")]
    with pytest.raises(errors.ResponseLost, match=r"illegal status line: <1\d characters>") as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert "canary" not in str(caught.value)
