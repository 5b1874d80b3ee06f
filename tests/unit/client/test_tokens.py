"""Tokens are fetched once, cached, and renewed before they expire."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.flow_service import FlowService
from provider_shim.client.settings import DEFAULT_SCOPES, ClientSettings

LANDING_ZONE = {
    "name": "dlz account",
    "connectionSpec": {"id": "10440537-2a7b-4583-ac39-ed38d4b848e8", "version": "1.0"},
}


def success() -> httpx.Response:
    """A valid response to reads and creates."""
    return httpx.Response(200, json={"id": "x"})


def read(client: FlowService) -> Any:
    """Send a request that needs a token."""
    return asyncio.run(client.read(Collection.FLOWS, "x"))


def bearers(server: Any) -> list[str]:
    """The authorization headers of the requests."""
    return [request.headers["authorization"] for request in server.requests]


def test_a_token_is_fetched_with_a_form(server: Any) -> None:
    """The fetch is a form POST of the four documented fields; the URL contains no secret."""
    server.responses = [success()]
    read(server.client(auth_endpoint="https://ims.example/"))
    request = server.token_requests[0]
    assert (request.method, str(request.url)) == ("POST", "https://ims.example/ims/token/v3")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["client-1"],
        "client_secret": ["p8e-made/up+secret="],
        "scope": [",".join(DEFAULT_SCOPES)],
    }


@pytest.mark.parametrize(
    ("expires_in", "age", "fetches"),
    [
        (86399, 86399 - 301, 1),
        (86399, 86399 - 299, 2),
        (86399992, 86399 - 301, 1),  # milliseconds
        (86399992, 86399 - 299, 2),
        ("86399", 86399 - 301, 1),
        (100, 89, 1),
        (100, 91, 2),
        (0, 0, 2),
        (None, 10**9, 1),
    ],
)
def test_a_token_is_kept_and_renewed_before_its_end(
    server: Any, expires_in: Any, age: float, fetches: int
) -> None:
    """A token is renewed five minutes before it expires, or after nine tenths of a short lifetime."""
    server.token_responses = [httpx.Response(200, json={"access_token": "first", "expires_in": expires_in})]
    server.responses = [success(), success()]
    client = server.client()
    read(client)
    server.time += age
    read(client)
    assert len(server.token_requests) == fetches
    assert bearers(server) == ["Bearer first", "Bearer first" if fetches == 1 else "Bearer token-2"]


def test_concurrent_requests_share_one_fetch(server: Any) -> None:
    """Twenty requests at once make one token request."""
    server.responses = [success() for _ in range(20)]
    client = server.client()

    async def twenty() -> None:
        await asyncio.gather(*(client.read(Collection.FLOWS, "x") for _ in range(20)))

    asyncio.run(twenty())
    assert len(server.token_requests) == 1
    assert len(server.requests) == 20


def test_a_cancelled_request_leaves_the_fetch_to_the_others(server: Any) -> None:
    """Cancelling a request that waits for a token doesn't cancel the fetch for others."""
    server.responses = [success()]

    async def scenario() -> None:
        requested, release = asyncio.Event(), asyncio.Event()

        async def slow(request: httpx.Request) -> httpx.Response:
            requested.set()
            await release.wait()
            return httpx.Response(200, json={"access_token": "late", "expires_in": 86399})

        server.token_responses = [slow]
        client = server.client()
        first = asyncio.create_task(client.read(Collection.FLOWS, "x"))
        await requested.wait()
        second = asyncio.create_task(client.read(Collection.FLOWS, "x"))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        release.set()
        await second

    asyncio.run(scenario())
    assert len(server.token_requests) == 1
    assert bearers(server) == ["Bearer late"]


def test_closing_ends_a_fetch(server: Any) -> None:
    """Closing the client doesn't leave a token request running."""

    async def scenario() -> bool:
        requested, ended = asyncio.Event(), False

        async def endless(request: httpx.Request) -> httpx.Response:
            nonlocal ended
            requested.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended = True
            raise AssertionError

        server.token_responses = [endless]
        client = server.client()
        waiting = asyncio.create_task(client.read(Collection.FLOWS, "x"))
        await requested.wait()
        waiting.cancel()
        await client.aclose()
        return ended

    assert asyncio.run(scenario())


@pytest.mark.parametrize(
    "rejection",
    [httpx.Response(401), httpx.Response(403, json={"error_code": "403010", "message": "missing"})],
)
def test_a_rejected_token_is_renewed_once_also_for_a_create(server: Any, rejection: httpx.Response) -> None:
    """A rejected token is renewed, and the request sent again without a delay."""
    server.responses = [rejection, success()]
    asyncio.run(server.client(max_retries=0).create(Collection.CONNECTIONS, LANDING_ZONE))
    assert bearers(server) == ["Bearer token-1", "Bearer token-2"]
    assert server.sleeps == []


@pytest.mark.parametrize(
    "rejection",
    [
        httpx.Response(403, json={"error_code": "403003", "message": "api key"}),
        httpx.Response(401, json={"type": "https://ns.adobe.com/aep/errors/FLOW-2000-401"}),
        httpx.Response(403),
    ],
)
def test_other_errors_renew_nothing(server: Any, rejection: httpx.Response) -> None:
    """A wrong client id, organisation or permission doesn't renew the token."""
    server.responses = [rejection]
    with pytest.raises(errors.FlowServiceError):
        read(server.client())
    assert len(server.token_requests) == 1


def test_many_rejections_of_one_token_renew_it_once(server: Any) -> None:
    """Requests that were rejected with the same token share the new one."""

    async def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401) if request.headers["authorization"] == "Bearer token-1" else success()

    server.responses = [respond for _ in range(10)]
    client = server.client()

    async def five() -> None:
        await asyncio.gather(*(client.read(Collection.FLOWS, "x") for _ in range(5)))

    asyncio.run(five())
    assert len(server.token_requests) == 2


def test_a_late_rejection_of_an_old_token_keeps_the_new_one(server: Any) -> None:
    """A request rejected after another one renewed the token uses the new token."""

    async def scenario() -> None:
        sent, renewed = asyncio.Event(), asyncio.Event()

        async def late(request: httpx.Request) -> httpx.Response:
            sent.set()
            await renewed.wait()
            return httpx.Response(401)

        server.responses = [late, httpx.Response(401), success(), success()]
        client = server.client()
        slow = asyncio.create_task(client.read(Collection.FLOWS, "slow"))
        await sent.wait()
        await client.read(Collection.FLOWS, "x")
        renewed.set()
        await slow

    asyncio.run(scenario())
    assert bearers(server) == ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]
    assert len(server.token_requests) == 2


def test_a_token_is_renewed_once_in_all_attempts(server: Any) -> None:
    """A token that is rejected again after a retry is an error."""
    server.responses = [httpx.Response(401), httpx.Response(429), httpx.Response(401)]
    with pytest.raises(errors.AuthenticationFailed):
        read(server.client())
    assert len(server.token_requests) == 2


def test_a_given_token_is_used_and_never_renewed(server: Any) -> None:
    """A configured token needs no secret, nothing is fetched, and a rejection is final."""
    server.responses = [httpx.Response(401)]
    with pytest.raises(errors.AuthenticationFailed):
        read(server.client(client_secret=None, access_token="given-token"))
    assert bearers(server) == ["Bearer given-token"]
    assert server.token_requests == []


@pytest.mark.parametrize(
    ("failure", "error_class"),
    [
        (httpx.Response(400, json={"error": "invalid_client"}), errors.AuthenticationFailed),
        (httpx.Response(400, json={"error": "invalid_scope"}), errors.AuthenticationFailed),
        (httpx.Response(401), errors.AuthenticationFailed),
        (httpx.Response(404), errors.AuthenticationFailed),
        (httpx.Response(200, content=b"<html>"), errors.AuthenticationFailed),
        (httpx.Response(200, json={"token": "x"}), errors.AuthenticationFailed),
        (httpx.Response(200, json={"access_token": "to\nken"}), errors.AuthenticationFailed),
        (httpx.Response(429), errors.Throttled),
        (httpx.Response(503), errors.ServiceFailed),
        (httpx.Response(504), errors.ServiceFailed),
        (httpx.ConnectError("refused"), errors.Unreachable),
        (httpx.ReadTimeout("slow"), errors.Unreachable),
    ],
)
def test_trouble_with_the_token_is_never_ambiguous_for_a_create(
    server: Any, failure: Any, error_class: type[errors.FlowServiceError]
) -> None:
    """If the token request fails, the create wasn't sent, and the error has the path of the token request."""
    server.token_responses = [failure]
    with pytest.raises(errors.FlowServiceError) as caught:
        asyncio.run(server.client(max_retries=0).create(Collection.CONNECTIONS, LANDING_ZONE))
    assert type(caught.value) is error_class
    assert caught.value.path == "/ims/token/v3"
    assert server.requests == []


def test_retries_of_the_token_are_not_multiplied(server: Any) -> None:
    """A failed token request isn't retried again by the request that waits for it."""
    server.token_responses = [httpx.ConnectError("refused") for _ in range(9)]
    with pytest.raises(errors.Unreachable):
        read(server.client(max_retries=2))
    assert len(server.token_requests) == 3


def test_a_failed_fetch_is_tried_again_by_the_next_request(server: Any) -> None:
    """A failure isn't cached."""
    server.token_responses = [httpx.Response(400, json={"error": "invalid_client"})]
    server.responses = [success()]
    client = server.client()
    with pytest.raises(errors.AuthenticationFailed, match="invalid_client"):
        read(client)
    read(client)
    assert len(server.token_requests) == 2


@pytest.mark.parametrize(
    ("absent", "variables"),
    [
        (["organization_id"], ("AEP_ORGANIZATION_ID",)),
        (["client_id"], ("AEP_CLIENT_ID",)),
        (["client_secret"], ("AEP_CLIENT_SECRET (or AEP_ACCESS_TOKEN)",)),
        (
            ["organization_id", "client_id", "client_secret"],
            ("AEP_ORGANIZATION_ID", "AEP_CLIENT_ID", "AEP_CLIENT_SECRET (or AEP_ACCESS_TOKEN)"),
        ),
    ],
)
def test_missing_credentials_are_named_at_the_first_request(
    server: Any, absent: list[str], variables: tuple[str, ...]
) -> None:
    """The error has the variable and the argument of each missing setting, and nothing is sent."""
    client = server.client(**dict.fromkeys(absent, ""))
    with pytest.raises(errors.MissingCredentials) as caught:
        read(client)
    assert caught.value.variables == variables
    for name in absent:
        assert f"AEP_{name.upper()}" in caught.value.message
        assert name in caught.value.message
    assert server.token_requests == server.requests == []


def test_a_given_token_still_needs_the_client_id(server: Any) -> None:
    """The client id is also the x-api-key."""
    with pytest.raises(errors.MissingCredentials, match="AEP_CLIENT_ID"):
        read(server.client(access_token="given-token", client_secret=None, client_id=""))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "client\n"),
        ("organization_id", "ACME @AdobeOrg"),
        ("sandbox_name", "prüfung"),
        ("access_token", "ey.canary-token\r\n"),
        ("endpoint", "platform.adobe.io"),
        ("endpoint", "https://user:canary-token@platform.adobe.io"),
        ("endpoint", "https://platform.adobe.io?x=1"),
        ("auth_endpoint", "ftp://ims.example"),
        ("auth_endpoint", ""),
    ],
)
def test_settings_that_can_not_be_sent_are_named_without_their_value(
    server: Any, name: str, value: str
) -> None:
    """A character that a header can't contain is an error without the value."""
    with pytest.raises(errors.InvalidSettings, match=name) as caught:
        read(server.client(**{name: value}))
    assert "canary" not in str(caught.value)
    assert server.token_requests == server.requests == []


def test_settings_hide_their_secrets() -> None:
    """The `repr` of the settings can be logged."""
    shown = repr(ClientSettings(client_secret="canary-1", access_token="canary-2"))
    assert "canary" not in shown
    assert "platform.adobe.io" in shown


def test_a_token_with_its_end(server: Any) -> None:
    """The token is returned with its expiry, the same one as long as it is valid."""
    client = server.client()
    server.token_responses.append(
        httpx.Response(200, json={"access_token": "token-a", "token_type": "bearer", "expires_in": 86399})
    )

    async def twice() -> Any:
        return await client.access_token(), await client.access_token()

    first, second = asyncio.run(twice())

    assert first == second == ("token-a", 1_800_000_000.0 + 86399)
    assert len(server.token_requests) == 1
    assert server.requests == []


@pytest.mark.parametrize("lifetime", [{}, {"expires_in": None}])
def test_a_token_without_an_end(server: Any, lifetime: dict[str, Any]) -> None:
    """If the server returns no lifetime, the expiry is None."""
    server.token_responses.append(httpx.Response(200, json={"access_token": "token-a"} | lifetime))

    assert asyncio.run(server.client().access_token()) == ("token-a", None)


def test_a_given_token(server: Any) -> None:
    """A configured token is returned."""
    client = server.client(access_token="given", client_secret=None)

    assert asyncio.run(client.access_token()) == ("given", None)
    assert server.token_requests == []


def test_no_token_without_credentials(server: Any) -> None:
    """Missing settings are an error before anything is sent."""
    with pytest.raises(errors.MissingCredentials):
        asyncio.run(server.client(client_secret=None).access_token())


LIFETIME = "its expires_in is negative or longer than three years"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"access_token": "x" * 1_000_000}, "it has 1,000,000 characters, and a header can carry 16,384"),
        ({"access_token": "canary\r\nx: y"}, "it has a character that a header can't carry"),
        ({"access_token": "canary\u00e4"}, "it has a character that a header can't carry"),
        ({"access_token": ["canary"]}, "access_token: input should be a valid string"),
        ({"expires_in": 5}, "access_token: field required"),
        ({"access_token": "canary", "expires_in": 1e300}, LIFETIME),
        ({"access_token": "canary", "expires_in": -5}, LIFETIME),
        ({"access_token": "canary", "expires_in": "soon"}, "expires_in: input should be a valid number"),
    ],
)
def test_a_token_that_can_not_be_sent_is_an_error_with_its_reason(
    server: Any, body: dict[str, Any], reason: str
) -> None:
    """The sentence has the reason and no part of the token, and no request is made with it."""
    server.token_responses = [httpx.Response(200, json=body)]
    with pytest.raises(errors.AuthenticationFailed, match="no usable access token") as caught:
        asyncio.run(server.client().read(Collection.FLOWS, "x"))
    assert reason in caught.value.message
    assert "canary" not in str(caught.value)
    assert server.requests == []


def test_a_given_token_that_no_header_can_carry_is_an_error(server: Any) -> None:
    """A configured token has the same limit."""
    client = server.client(access_token="x" * 16_385)
    with pytest.raises(errors.InvalidSettings, match="16,385 characters") as caught:
        asyncio.run(client.read(Collection.FLOWS, "x"))
    assert "xx" not in str(caught.value)
    assert server.requests == []
