"""An error is known by its status, also if its body can't be decoded."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection


def unreadable(status: int, encoding: str, **headers: str) -> Any:
    """Make a handler whose response states this encoding, and has a body that can't be decoded."""
    head = {"Content-Encoding": encoding, **headers}
    return lambda _: httpx.Response(status, headers=head, stream=httpx.ByteStream(b"canary"))


ENCODINGS = ["br", "zstd", "gzip, gzip", "gzip"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Invalid),
        (403, errors.PermissionDenied),
        (404, errors.NotFlowService),
        (429, errors.Throttled),
        (503, errors.ServiceFailed),
    ],
)
def test_an_error_in_another_encoding_keeps_its_status(
    server: Any, status: int, kind: type[errors.FlowServiceError], encoding: str
) -> None:
    """The body counts as empty. So a 404 is not Flow Service's, and removes nothing from a state."""
    server.responses = [unreadable(status, encoding)]
    with pytest.raises(kind) as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert caught.value.status == status
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_401_in_another_encoding_renews_the_token(server: Any, encoding: str) -> None:
    """A rejected token is fetched again, and the request is sent with the new one."""
    server.responses = [unreadable(401, encoding), httpx.Response(200, json={"id": "x"})]
    asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_429_in_another_encoding_is_retried_after_its_time(server: Any, encoding: str) -> None:
    """Throttling is recognised, and its `Retry-After` is kept."""
    server.responses = [
        unreadable(429, encoding, **{"Retry-After": "7"}),
        httpx.Response(200, json={"id": "x"}),
    ]
    asyncio.run(server.client(max_retries=1).read(Collection.FLOWS, "x"))
    assert len(server.sleeps) == 1
    assert server.sleeps[0] >= 7


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_a_success_in_another_encoding_is_an_error_with_advice(server: Any, encoding: str) -> None:
    """The user learns where to look."""
    server.responses = [unreadable(200, encoding)]
    with pytest.raises(errors.InvalidResponse) as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert caught.value.message == (
        "The response is compressed in a way that the provider can't read (Content-Encoding). "
        "Check the proxy or gateway in front of Flow Service."
    )
