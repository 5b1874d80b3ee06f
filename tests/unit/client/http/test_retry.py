"""Which requests are retried, how often, and after which delays."""

from __future__ import annotations

import asyncio
import ssl
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.http.retry import delay, parse_retry_after, should_retry

LANDING_ZONE = {
    "name": "dlz account",
    "connectionSpec": {"id": "10440537-2a7b-4583-ac39-ed38d4b848e8", "version": "1.0"},
}
NOW = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


def success() -> httpx.Response:
    """A valid response to reads and writes."""
    return httpx.Response(200, json={"id": "x", "etag": '"1"'})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("1", 1.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("120", 120.0),
        ("-5", None),
        ("soon", None),
        ("1e3", None),
        ("١", None),
        ("9999999999", None),
        ("Fri, 15 Jan 2027 08:00:30 GMT", 30.0),
        ("Fri, 15 Jan 2027 08:00:30 -0000", 30.0),
        ("Friday, 15-Jan-27 08:00:30 GMT", 30.0),
        ("Fri Jan 15 08:00:30 2027", 30.0),
        ("Fri, 15 Jan 2027 08:00:00 GMT", 0.0),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0.0),
        ("Fri, 99 Jan 2027 08:00:30 GMT", None),
        ("Fri, 15 Jan", None),
    ],
)
def test_retry_after_is_parsed_in_each_form(text: str | None, seconds: float | None) -> None:
    """Seconds and the three date formats of HTTP are parsed; a date in the past is 0, others are None."""
    assert parse_retry_after(text, now=NOW) == seconds


@pytest.mark.parametrize(
    ("attempt", "jitter", "seconds"),
    [
        (0, 1.0, 0.5),
        (0, 0.0, 0.25),
        (1, 1.0, 1.0),
        (5, 1.0, 16.0),
        (6, 1.0, 30.0),
        (6, 0.0, 15.0),
        (10_000, 1.0, 30.0),
    ],
)
def test_pauses_double_up_to_a_limit_and_are_scattered(attempt: int, jitter: float, seconds: float) -> None:
    """Without Retry-After a delay is between half and the whole of 0.5 s, 1 s, 2 s, ... 30 s."""
    assert delay(attempt, retry_after=None, jitter=jitter) == seconds


def test_retry_after_takes_precedence() -> None:
    """Retry-After is used exactly, also if it is 0 or longer than the longest backoff."""
    assert [delay(3, retry_after=seconds, jitter=0.5) for seconds in (0.0, 120.0)] == [0.0, 120.0]


@pytest.mark.parametrize(
    ("error", "idempotent", "create"),
    [
        (errors.Throttled("", status=429), True, True),
        (errors.Throttled("", status=429, retry_after=120), True, True),
        (errors.Throttled("", status=429, retry_after=120.5), False, False),
        (errors.Unreachable(""), True, True),
        (errors.ResponseLost(""), True, False),
        (errors.InvalidResponse(""), False, False),
        (errors.ServiceFailed("", status=500), True, False),
        (errors.ServiceFailed("", status=501), False, False),
        (errors.ServiceFailed("", status=502), True, False),
        (errors.ServiceFailed("", status=503), True, False),
        (errors.ServiceFailed("", status=503, retry_after=121), False, False),
        (errors.ServiceFailed("", status=504), True, False),
        (errors.Busy("", status=400), False, False),
        (errors.VersionConflict("", status=412), False, False),
        (errors.NotFound("", status=404), False, False),
        (errors.AuthenticationFailed("", status=401), False, False),
        (errors.MissingCredentials(""), False, False),
    ],
)
def test_which_errors_are_retried(error: errors.FlowServiceError, idempotent: bool, create: bool) -> None:
    """Idempotent requests are retried after transient failures; a create only if it had no effect."""
    assert should_retry(error, idempotent=True, attempt=0, max_retries=1) is idempotent
    assert should_retry(error, idempotent=False, attempt=0, max_retries=1) is create
    assert not should_retry(error, idempotent=True, attempt=1, max_retries=1)
    error.final = True
    assert not should_retry(error, idempotent=True, attempt=0, max_retries=1)


def test_a_throttled_create_waits_for_retry_after(server: Any) -> None:
    """A throttled create is retried after Retry-After, or after a backoff."""
    server.responses = [
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.Response(429, headers={"Retry-After": "Fri, 15 Jan 2027 08:01:00 GMT"}),
        httpx.Response(429),
        success(),
    ]
    asyncio.run(server.client().create(Collection.CONNECTIONS, LANDING_ZONE))
    assert server.sleeps == [7.0, 53.0, 2.0]
    assert len({request.headers["x-request-id"] for request in server.requests}) == 4


@pytest.mark.parametrize("difference", [-3600.0, 0.0, 3600.0])
def test_a_retry_after_date_is_judged_by_the_date_of_its_response(server: Any, difference: float) -> None:
    """A clock of this machine that is wrong neither shortens nor prolongs the wait."""
    service_time = server.time + difference
    dates = {
        "Date": formatdate(service_time, usegmt=True),
        "Retry-After": formatdate(service_time + 7, usegmt=True),
    }
    server.responses = [httpx.Response(429, headers=dates), success()]
    asyncio.run(server.client().create(Collection.CONNECTIONS, LANDING_ZONE))
    assert server.sleeps == [7.0]


def test_a_retry_after_date_without_a_date_is_judged_by_earlier_responses(server: Any) -> None:
    """The service's clock is known from the responses before."""
    service_time = server.time - 3600
    server.responses = [
        httpx.Response(503, headers={"Date": formatdate(service_time, usegmt=True)}),
        httpx.Response(429, headers={"Retry-After": formatdate(service_time + 7, usegmt=True)}),
        success(),
    ]
    asyncio.run(server.client().read(Collection.FLOWS, "x"))
    assert server.sleeps == [0.5, 6.5]


def test_a_retry_after_that_is_too_long_is_an_error(server: Any) -> None:
    """If the server asks for more than two minutes, the error has the number of seconds."""
    server.responses = [httpx.Response(429, headers={"Retry-After": "121"})]
    with pytest.raises(errors.Throttled, match="121 seconds") as caught:
        asyncio.run(server.client().read(Collection.FLOWS, "x"))
    assert caught.value.retry_after == 121
    assert server.sleeps == []


def test_retries_end_at_the_limit(server: Any) -> None:
    """After `max_retries` retries the last error is raised."""
    server.responses = [httpx.Response(503) for _ in range(4)]
    with pytest.raises(errors.ServiceFailed):
        asyncio.run(server.client(max_retries=3).read(Collection.FLOWS, "x"))
    assert server.sleeps == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(500),
        httpx.Response(502),
        httpx.Response(503, headers={"Retry-After": "1"}),
        httpx.Response(504),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.RemoteProtocolError("incomplete body"),
    ],
)
def test_a_create_is_never_retried_after_an_unknown_outcome(server: Any, failure: Any) -> None:
    """A create is not retried if the object may exist."""
    server.responses = [failure]
    with pytest.raises(errors.FlowServiceError):
        asyncio.run(server.client().create(Collection.CONNECTIONS, LANDING_ZONE))
    assert len(server.requests) == 1
    server.responses = [failure]
    with pytest.raises(errors.FlowServiceError):
        asyncio.run(server.client().act("x", "enable"))
    assert server.sleeps == []


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
)
def test_a_create_that_was_never_sent_is_sent_again(server: Any, failure: Exception) -> None:
    """Failures to connect are retried for a create too."""
    server.responses = [failure, success()]
    asyncio.run(server.client().create(Collection.CONNECTIONS, LANDING_ZONE))
    assert server.sleeps == [0.5]


@pytest.mark.parametrize("operation", ["read", "patch", "delete"])
@pytest.mark.parametrize("failure", [httpx.Response(503), httpx.ReadError("reset")])
def test_repeatable_requests_are_sent_again(server: Any, operation: str, failure: Any) -> None:
    """Reads, patches with an etag and deletes are retried after a transient failure."""
    server.responses = [failure, success()]
    client = server.client()
    arguments = [[{"op": "remove", "path": "/description"}], '"1"'] if operation == "patch" else []
    asyncio.run(getattr(client, operation)(Collection.FLOWS, "x", *arguments))
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("first", "expected"), [(httpx.ReadError("reset"), True), (httpx.Response(429), False)]
)
def test_a_conflict_after_a_lost_response_is_flagged(server: Any, first: Any, expected: bool) -> None:
    """A retry after a lost response can conflict with its own change; the error has a flag for this."""
    server.responses = [first, httpx.Response(412)]
    with pytest.raises(errors.VersionConflict) as caught:
        asyncio.run(server.client().patch(Collection.FLOWS, "x", [], '"1"'))
    assert caught.value.after_lost_response is expected


def test_an_untrusted_certificate_is_not_retried(server: Any) -> None:
    """An untrusted certificate is not retried."""
    untrusted = httpx.ConnectError("CERTIFICATE_VERIFY_FAILED")
    untrusted.__cause__ = ssl.SSLCertVerificationError("self-signed")
    server.responses = [untrusted]
    with pytest.raises(errors.Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        asyncio.run(server.client().read(Collection.FLOWS, "x"))
    assert server.sleeps == []
