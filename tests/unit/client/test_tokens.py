"""Tokens are fetched once, kept, renewed in time, and never mistaken for the request that needs them."""

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


def done() -> httpx.Response:
    """An answer that fits reads and creates."""
    return httpx.Response(200, json={"id": "x"})


def read(service: FlowService) -> Any:
    """One request, of whatever kind."""
    return asyncio.run(service.read(Collection.FLOWS, "x"))


def bearers(stage: Any) -> list[str]:
    """The tokens that the requests carried."""
    return [request.headers["authorization"] for request in stage.requests]


def test_a_token_is_fetched_with_a_form(stage: Any) -> None:
    """The fetch is a form POST of the four documented fields; nothing secret is in the address."""
    stage.script = [done()]
    read(stage.service(auth_endpoint="https://ims.example/"))
    request = stage.token_requests[0]
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
    stage: Any, expires_in: Any, age: float, fetches: int
) -> None:
    """Five minutes before its end, or after nine tenths of a short life, a token is replaced."""
    stage.token_script = [httpx.Response(200, json={"access_token": "first", "expires_in": expires_in})]
    stage.script = [done(), done()]
    service = stage.service()
    read(service)
    stage.time += age
    read(service)
    assert len(stage.token_requests) == fetches
    assert bearers(stage) == ["Bearer first", "Bearer first" if fetches == 1 else "Bearer token-2"]


def test_one_fetch_serves_all_who_wait(stage: Any) -> None:
    """Twenty requests at once make one token request."""
    stage.script = [done() for _ in range(20)]
    service = stage.service()

    async def twenty() -> None:
        await asyncio.gather(*(service.read(Collection.FLOWS, "x") for _ in range(20)))

    asyncio.run(twenty())
    assert len(stage.token_requests) == 1
    assert len(stage.requests) == 20


def test_a_cancelled_request_leaves_the_fetch_to_the_others(stage: Any) -> None:
    """Who gives up while waiting for a token doesn't take it from the next one."""
    stage.script = [done()]

    async def scene() -> None:
        asked, release = asyncio.Event(), asyncio.Event()

        async def slow(request: httpx.Request) -> httpx.Response:
            asked.set()
            await release.wait()
            return httpx.Response(200, json={"access_token": "late", "expires_in": 86399})

        stage.token_script = [slow]
        service = stage.service()
        first = asyncio.create_task(service.read(Collection.FLOWS, "x"))
        await asked.wait()
        second = asyncio.create_task(service.read(Collection.FLOWS, "x"))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        release.set()
        await second

    asyncio.run(scene())
    assert len(stage.token_requests) == 1
    assert bearers(stage) == ["Bearer late"]


def test_closing_ends_a_fetch(stage: Any) -> None:
    """Closing the client doesn't leave a token request running."""

    async def scene() -> bool:
        asked, ended = asyncio.Event(), False

        async def endless(request: httpx.Request) -> httpx.Response:
            nonlocal ended
            asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended = True
            raise AssertionError

        stage.token_script = [endless]
        service = stage.service()
        waiting = asyncio.create_task(service.read(Collection.FLOWS, "x"))
        await asked.wait()
        waiting.cancel()
        await service.aclose()
        return ended

    assert asyncio.run(scene())


@pytest.mark.parametrize(
    "refusal",
    [httpx.Response(401), httpx.Response(403, json={"error_code": "403010", "message": "missing"})],
)
def test_a_refused_token_is_renewed_once_also_for_a_create(stage: Any, refusal: httpx.Response) -> None:
    """A token that the service refuses is replaced, and the request sent again, without a pause."""
    stage.script = [refusal, done()]
    asyncio.run(stage.service(max_retries=0).create(Collection.CONNECTIONS, LANDING_ZONE))
    assert bearers(stage) == ["Bearer token-1", "Bearer token-2"]
    assert stage.sleeps == []


@pytest.mark.parametrize(
    "refusal",
    [
        httpx.Response(403, json={"error_code": "403003", "message": "api key"}),
        httpx.Response(401, json={"type": "https://ns.adobe.com/aep/errors/FLOW-2000-401"}),
        httpx.Response(403),
    ],
)
def test_other_refusals_renew_nothing(stage: Any, refusal: httpx.Response) -> None:
    """A new token doesn't help against a wrong client id, organisation or permission."""
    stage.script = [refusal]
    with pytest.raises(errors.FlowServiceError):
        read(stage.service())
    assert len(stage.token_requests) == 1


def test_many_refusals_of_one_token_renew_it_once(stage: Any) -> None:
    """Requests that were refused with the same old token share the new one."""

    async def judge(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401) if request.headers["authorization"] == "Bearer token-1" else done()

    stage.script = [judge for _ in range(10)]
    service = stage.service()

    async def five() -> None:
        await asyncio.gather(*(service.read(Collection.FLOWS, "x") for _ in range(5)))

    asyncio.run(five())
    assert len(stage.token_requests) == 2


def test_a_late_refusal_of_an_old_token_keeps_the_new_one(stage: Any) -> None:
    """A request that was under way while another one renewed the token takes the new token as it is."""

    async def scene() -> None:
        sent, renewed = asyncio.Event(), asyncio.Event()

        async def late(request: httpx.Request) -> httpx.Response:
            sent.set()
            await renewed.wait()
            return httpx.Response(401)

        stage.script = [late, httpx.Response(401), done(), done()]
        service = stage.service()
        slow = asyncio.create_task(service.read(Collection.FLOWS, "slow"))
        await sent.wait()
        await service.read(Collection.FLOWS, "x")
        renewed.set()
        await slow

    asyncio.run(scene())
    assert bearers(stage) == ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]
    assert len(stage.token_requests) == 2


def test_a_token_is_renewed_once_in_all_attempts(stage: Any) -> None:
    """A token that is refused again after a retry ends the request instead of going round."""
    stage.script = [httpx.Response(401), httpx.Response(429), httpx.Response(401)]
    with pytest.raises(errors.AuthenticationFailed):
        read(stage.service())
    assert len(stage.token_requests) == 2


def test_a_given_token_is_used_and_never_renewed(stage: Any) -> None:
    """With an access token no secret is needed, nothing is fetched, and a refusal is final."""
    stage.script = [httpx.Response(401)]
    with pytest.raises(errors.AuthenticationFailed):
        read(stage.service(client_secret=None, access_token="given-token"))
    assert bearers(stage) == ["Bearer given-token"]
    assert stage.token_requests == []


@pytest.mark.parametrize(
    ("trouble", "kind"),
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
    stage: Any, trouble: Any, kind: type[errors.FlowServiceError]
) -> None:
    """Whatever happens to the token request, the create wasn't sent, and the error names the token path."""
    stage.token_script = [trouble]
    with pytest.raises(errors.FlowServiceError) as caught:
        asyncio.run(stage.service(max_retries=0).create(Collection.CONNECTIONS, LANDING_ZONE))
    assert type(caught.value) is kind
    assert caught.value.path == "/ims/token/v3"
    assert stage.requests == []


def test_retries_of_the_token_are_not_multiplied(stage: Any) -> None:
    """The retries for a token are its own; the request that waits for it adds none."""
    stage.token_script = [httpx.ConnectError("refused") for _ in range(9)]
    with pytest.raises(errors.Unreachable):
        read(stage.service(max_retries=2))
    assert len(stage.token_requests) == 3


def test_a_failed_fetch_is_tried_again_by_the_next_request(stage: Any) -> None:
    """A failure isn't kept."""
    stage.token_script = [httpx.Response(400, json={"error": "invalid_client"})]
    stage.script = [done()]
    service = stage.service()
    with pytest.raises(errors.AuthenticationFailed, match="invalid_client"):
        read(service)
    read(service)
    assert len(stage.token_requests) == 2


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
    stage: Any, absent: list[str], variables: tuple[str, ...]
) -> None:
    """Each absent setting is named by its variable and its argument, and nothing is sent."""
    service = stage.service(**dict.fromkeys(absent, ""))
    with pytest.raises(errors.MissingCredentials) as caught:
        read(service)
    assert caught.value.variables == variables
    for name in absent:
        assert f"AEP_{name.upper()}" in caught.value.message
        assert name in caught.value.message
    assert stage.token_requests == stage.requests == []


def test_a_given_token_still_needs_the_client_id(stage: Any) -> None:
    """The client id is also the x-api-key."""
    with pytest.raises(errors.MissingCredentials, match="AEP_CLIENT_ID"):
        read(stage.service(access_token="given-token", client_secret=None, client_id=""))


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
    stage: Any, name: str, value: str
) -> None:
    """A line end in a variable is told before it breaks a header; the value isn't shown."""
    with pytest.raises(errors.InvalidSettings, match=name) as caught:
        read(stage.service(**{name: value}))
    assert "canary" not in str(caught.value)
    assert stage.token_requests == stage.requests == []


def test_settings_hide_their_secrets() -> None:
    """The `repr` of the settings can be logged."""
    shown = repr(ClientSettings(client_secret="canary-1", access_token="canary-2"))
    assert "canary" not in shown
    assert "platform.adobe.io" in shown


def test_a_token_with_its_end(stage: Any) -> None:
    """The token is handed out with its end, the same one as long as it is good."""
    service = stage.service()
    stage.token_script.append(
        httpx.Response(200, json={"access_token": "token-a", "token_type": "bearer", "expires_in": 86399})
    )

    async def twice() -> Any:
        return await service.access_token(), await service.access_token()

    first, second = asyncio.run(twice())

    assert first == second == ("token-a", 1_800_000_000.0 + 86399)
    assert len(stage.token_requests) == 1
    assert stage.requests == []


@pytest.mark.parametrize("lifetime", [{}, {"expires_in": None}])
def test_a_token_without_an_end(stage: Any, lifetime: dict[str, Any]) -> None:
    """Where the server does not say when it ends, that is not known."""
    stage.token_script.append(httpx.Response(200, json={"access_token": "token-a"} | lifetime))

    assert asyncio.run(stage.service().access_token()) == ("token-a", None)


def test_a_given_token(stage: Any) -> None:
    """A token that was made elsewhere is handed on."""
    service = stage.service(access_token="given", client_secret=None)

    assert asyncio.run(service.access_token()) == ("given", None)
    assert stage.token_requests == []


def test_no_token_without_credentials(stage: Any) -> None:
    """Missing settings are named before anything is sent."""
    with pytest.raises(errors.MissingCredentials):
        asyncio.run(stage.service(client_secret=None).access_token())
