"""Bodies that are not JSON, or more than any response of Flow Service, end in a sentence."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.http import json_body

UNUSABLE = {
    b"canary": "The response isn't JSON, but text of 6 characters.",
    b"": "The response isn't JSON, but text of 0 characters.",
    b"\xff\xfe": "The response isn't JSON, but 2 bytes that are not text.",
    '{"id": "x"}'.encode("utf-16"): "The response isn't JSON, but 24 bytes that are not text.",
    b'{"id": NaN}': "The response contains NaN, which is no JSON.",
    b'{"id": "x", "a": [-Infinity]}': "The response contains -Infinity, which is no JSON.",
    b'{"id": "x", "a": 1e999999999}': "The response contains a number that is too large.",
    b'{"id": "x", "a": -1.5E+400}': "The response contains a number that is too large.",
    b'{"id": "x", "a": ' + b"1" * 5000 + b"}": "The response contains a whole number of 5,000 digits.",
    b'{"id": "x", "a": ' + b"1" * 101 + b"}": "The response contains a whole number of 101 digits.",
    b"[" * 65 + b"]" * 65: "The response has more than 64 objects and lists inside each other.",
    b"[" * 1_000_000: "The response has more than 64 objects and lists inside each other.",
    b'{"a":' * 1_000_000: "The response has more than 64 objects and lists inside each other.",
    b'{"id": "\\ud800"}': "The response contains half of a surrogate pair, which is no text.",
    b'{"id": "\xed\xa0\x80"}': "The response contains half of a surrogate pair, which is no text.",
}


@pytest.mark.parametrize("content", UNUSABLE, ids=range(len(UNUSABLE)))
def test_each_unusable_body_has_its_sentence(content: bytes) -> None:
    """The sentence has the reason, and no value."""
    with pytest.raises(json_body.UnusableJson) as caught:
        json_body.parse(content)
    assert str(caught.value) == UNUSABLE[content]


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("content", UNUSABLE, ids=range(len(UNUSABLE)))
def test_an_unusable_body_is_an_error_of_the_client(server: Any, content: bytes, status: int) -> None:
    """Whatever the status is, a read ends in one of the client's errors, which shows no value."""
    server.responses = [httpx.Response(status, content=content)]
    with pytest.raises(errors.FlowServiceError) as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert UNUSABLE[content] in str(caught.value) or status > 200
    assert "canary" not in str(caught.value)
    assert len(str(caught.value)) < 800


@pytest.mark.parametrize("content", [b"[canary]", b"NaN", b"1e999", b"[" * 100_000])
def test_an_unusable_token_response_is_an_error_of_the_client(server: Any, content: bytes) -> None:
    """The token endpoint is another server, and its responses are read in the same way."""
    server.token_responses = [httpx.Response(200, content=content)]
    with pytest.raises(errors.AuthenticationFailed) as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert "canary" not in str(caught.value)


def test_what_responses_contain_is_parsed() -> None:
    """Brackets inside strings don't count as depth, and pairs of surrogates are characters."""
    assert json_body.parse(b'{"a": "\\"' + b"[{" * 100 + b'", "b": "\\ud83d\\ude00"}')["b"] == "\U0001f600"
    assert json_body.parse(b"[" * 64 + b"]" * 64)
    assert json_body.parse(b"[1800000000000, 1.5, -0, 1e-400, null]") == [1800000000000, 1.5, 0, 0.0, None]


def test_a_large_body_is_parsed_quickly() -> None:
    """The checks cost about as much as the parser itself."""
    page = json.dumps(
        {"items": [{"id": f"x{number}", "tags": ["a"] * 5} for number in range(20_000)]}
    ).encode()
    started = time.process_time()
    json_body.parse(page)
    assert time.process_time() - started < 5
