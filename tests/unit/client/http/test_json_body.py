"""Bodies that are not JSON, or more than any response of Flow Service, end in a sentence."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.http import json_body
from tests.unit.linear_time import assert_linear

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
    b'{"a":' * 100_000: "The response has more than 64 objects and lists inside each other.",
    b"["
    + b"[]," * 2_000_000
    + b"[]]": "The response has more than 1,000,000 brackets, commas and quotation marks.",
    b"["
    + b"1," * 1_000_000
    + b"1]": "The response has more than 1,000,000 brackets, commas and quotation marks.",
    b"["
    + b'"",' * 400_000
    + b'""]': "The response has more than 1,000,000 brackets, commas and quotation marks.",
    b'{"id": "\\ud800"}': "The response contains half of a surrogate pair, which is no text.",
    b'{"id": "\xed\xa0\x80"}': "The response contains half of a surrogate pair, which is no text.",
}


@pytest.mark.parametrize("content", UNUSABLE, ids=range(len(UNUSABLE)))
def test_each_unusable_body_has_its_sentence(content: bytes) -> None:
    """The sentence has the reason, and no value."""
    with pytest.raises(json_body.UnusableJson) as caught:
        json_body.parse(content)
    assert str(caught.value) == UNUSABLE[content]


@pytest.mark.parametrize("content", UNUSABLE, ids=range(len(UNUSABLE)))
def test_an_unusable_body_is_an_error_of_the_client(server: Any, content: bytes) -> None:
    """A read ends in one of the client's errors, which has the reason, and shows no value."""
    server.responses = [httpx.Response(200, content=content)]
    with pytest.raises(errors.InvalidResponse) as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert UNUSABLE[content] in str(caught.value)
    assert "canary" not in str(caught.value)
    assert len(str(caught.value)) < 800


@pytest.mark.parametrize(("status", "kind"), [(400, errors.Invalid), (500, errors.ServiceFailed)])
@pytest.mark.parametrize("content", UNUSABLE, ids=range(len(UNUSABLE)))
def test_an_unusable_body_of_an_error_leaves_the_status(
    server: Any, content: bytes, status: int, kind: type[errors.FlowServiceError]
) -> None:
    """The status decides on the error, which shows no value of the body."""
    server.responses = [httpx.Response(status, content=content)]
    with pytest.raises(kind) as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert caught.value.status == status
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


def test_a_body_with_the_largest_number_of_values_is_parsed() -> None:
    """At the limit a list of empty lists is parsed, and one value more is an error."""
    lists = (json_body.MAX_SIGNS - 1) // 2  # each has a bracket, and a comma but for the last one
    assert len(json_body.parse(b"[" + b"[]," * (lists - 1) + b"[]]")) == lists
    with pytest.raises(json_body.UnusableJson, match="more than 1,000,000 brackets"):
        json_body.parse(b"[" + b"[]," * (lists + 1) + b"[]]")


@pytest.mark.parametrize("content", [b"[" * 65 + b"]" * 65, b"[" + b"[]," * 1_000_000 + b"[]]"])
def test_what_is_too_much_is_not_parsed(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The depth and the number of values are checked before the parser makes objects of them."""
    parsed: list[bytes] = []
    monkeypatch.setattr(json, "loads", lambda given, **_: parsed.append(given))
    with pytest.raises(json_body.UnusableJson):
        json_body.parse(content)
    assert parsed == []


LARGE: dict[str, Callable[[int], bytes]] = {
    "page": lambda count: json.dumps(
        {"items": [{"id": f"x{number}", "tags": ["a"] * 5} for number in range(count // 10)]}
    ).encode(),
    "string that doesn't end": lambda count: b'"' + b'\\"' * count,
    "backslashes": lambda count: b'"' + b"\\" * count,
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_body_is_parsed_in_proportion_to_its_size(name: str) -> None:
    """The checks cost about as much as the parser itself, also for a string that doesn't end."""

    def parse(content: bytes) -> None:
        with contextlib.suppress(json_body.UnusableJson):
            json_body.parse(content)

    assert_linear(parse, LARGE[name](20_000), LARGE[name](200_000))
