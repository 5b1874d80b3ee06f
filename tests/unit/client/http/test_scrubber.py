"""No secret leaves the client except in the request that needs it."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.http.scrubber import Scrubber, secrets_in

CANARY = 'cänary/"one"+\\two=%&<3\n'
ENCODINGS = {
    "plain": CANARY,
    "json": json.dumps(CANARY),
    "json, not only ascii": json.dumps(CANARY, ensure_ascii=False),
    "json with escaped slashes": json.dumps(CANARY).replace("/", "\\/"),
    "json in json": json.dumps(json.dumps({"password": CANARY})),
    "json with escapes in upper case": json.dumps(CANARY).replace("e4", "E4"),
    "percent": quote(CANARY, safe=""),
    "percent, slashes kept": quote(CANARY),
    "percent, lower case": quote(CANARY, safe="").replace("%2F", "%2f").replace("%C3%A4", "%c3%a4"),
    "form": quote_plus(CANARY),
    "repr": repr(CANARY),
    "stripped": CANARY.strip(),
}


def connection(secret: str) -> Any:
    """The body of a base connection with this password."""
    return {
        "name": "sftp account",
        "connectionSpec": {"id": "36965a81-b1c6-401b-99f8-22508f1e6a26", "version": "1.0"},
        "auth": {
            "specName": "SFTP with Password",
            "params": {"domain": "d.ex", "username": "aep", "password": secret, "port": 22},
        },
    }


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_secret_is_found_in_each_encoding(encoding: str) -> None:
    """A secret is replaced by `***` in each encoding that a server may use."""
    text = Scrubber([CANARY]).scrub(f"before {ENCODINGS[encoding]} after")
    assert "nary" not in text
    assert "two" not in text
    assert text.startswith("before ")
    assert text.endswith(" after")
    assert "***" in text


def test_the_longer_secret_goes_first() -> None:
    """A secret that contains another one is replaced completely."""
    assert Scrubber(["abcd", "abcdefgh"]).scrub("abcdefgh abcd") == "*** ***"


@pytest.mark.parametrize("secret", ["Tr0ub4dor&3xyz", "Tr0ub4d\n\tor&3xyz"])
def test_a_secret_in_indented_lines_is_found(secret: str) -> None:
    """The indentation of a text that is folded over lines is no part of a secret."""
    assert Scrubber([secret]).scrub("bad Tr0ub4d\r\n   or&3xyz!") == "bad ***!"


def test_short_texts_are_left_alone() -> None:
    """Texts with fewer than four characters are not replaced."""
    assert Scrubber(["abc", "", None]).scrub("abc") == "abc"
    assert Scrubber(["abcd"]).scrub("abcd") == "***"


def test_a_short_word_is_found_as_a_whole_word() -> None:
    """A user name such as `data` is no part of a longer word."""
    scrubber = Scrubber(["data", "orders"])
    assert scrubber.scrub("The dataset Orders has no metadata") == "The dataset Orders has no metadata"
    assert scrubber.scrub("user data: orders_2, 'orders'") == "user ***: ***_2, '***'"


def test_parts_of_keys_and_connection_strings_are_secrets_too() -> None:
    """One line of a key or one value of a connection string is replaced too."""
    key = "-----BEGIN KEY-----\nMIIEcanaryAAAABBBB\nMIIEcanaryCCCCDDDD\n-----END KEY-----"
    string = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=canaryCANARYcanary=="
    scrubber = Scrubber([key, string])
    assert "canary" not in scrubber.scrub("bad line MIIEcanaryCCCCDDDD")
    assert scrubber.scrub("bad key canaryCANARYcanary== of acme") == "bad key *** of acme"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (connection("pass"), ["d.ex", "aep", "pass"]),
        ([{"op": "add", "path": "/auth/params", "value": {"a": "one", "b": ["two", 3]}}], ["one", "two"]),
        ([{"op": "replace", "path": "/auth/params/password", "value": "one"}], ["one"]),
        ([{"op": "replace", "path": "/auth", "value": {"params": {"a": "one"}}}], ["one"]),
        ([{"op": "replace", "path": "", "value": {"auth": {"params": {"a": "one"}}}}], ["one"]),
        ([{"op": "replace", "path": "/params", "value": {"path": "exports/orders"}}], []),
        ([{"op": "replace", "path": "/authority", "value": "one"}], []),
        ([{"op": "remove", "path": "/auth/params/password"}], []),
        ({"auth": None, "name": "x"}, []),
        ({"auth": {"specName": "Access Key"}}, []),
    ],
)
def test_secrets_are_found_in_bodies_and_patches(body: Any, found: list[str]) -> None:
    """All strings below auth.params are secrets, in a body and in a patch; the method's name isn't."""
    assert list(secrets_in(body)) == found


def visible_output(error: BaseException, log: pytest.LogCaptureFixture) -> str:
    """All that could reach a user: the error, its data, its traceback with causes, and the log."""
    return "\n".join(
        [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error), log.text]
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_a_server_echoes_never_gets_out(
    server: Any, caplog: pytest.LogCaptureFixture, encoding: str
) -> None:
    """A secret of the request, the token and the client's secret are removed from an error message."""
    caplog.set_level(logging.DEBUG, "provider_shim")
    echo = f"refused: {ENCODINGS[encoding]} Bearer token-1 p8e-made/up+secret="
    server.responses = [
        httpx.Response(400, json={"message": echo, "error_code": echo, "report": {"request-id": echo}})
    ]
    with pytest.raises(errors.Invalid) as caught:
        asyncio.run(server.client().create(Collection.CONNECTIONS, connection(CANARY)))
    shown = visible_output(caught.value, caplog)
    for secret in ("nary", "two", "token-1", "made/up"):
        assert secret not in shown
    assert "refused: " in caught.value.message


def test_the_message_of_a_transport_exception_is_scrubbed(
    server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Secrets are removed from messages of the HTTP library, which can quote a header."""
    caplog.set_level(logging.DEBUG, "provider_shim")
    server.responses = [httpx.LocalProtocolError("Illegal header value b'Bearer token-1'")]
    with pytest.raises(errors.ResponseLost, match="Illegal header") as caught:
        asyncio.run(server.client(max_retries=0).read(Collection.FLOWS, "x"))
    assert "token-1" not in visible_output(caught.value, caplog)


@pytest.mark.parametrize("quoted", [str, quote_plus])
def test_a_token_endpoint_that_echoes_the_secret_is_scrubbed(
    server: Any, caplog: pytest.LogCaptureFixture, quoted: Any
) -> None:
    """Secrets are removed from the error of a token request."""
    caplog.set_level(logging.DEBUG, "provider_shim")
    echo = f"bad client_secret={quoted('p8e-made/up+secret=')}"
    server.token_responses = [
        httpx.Response(400, json={"error": "invalid_client", "error_description": echo})
    ]
    with pytest.raises(errors.AuthenticationFailed, match="invalid_client: bad client_secret=") as caught:
        asyncio.run(server.client().read(Collection.FLOWS, "x"))
    assert "p8e" not in visible_output(caught.value, caplog)


def test_a_secret_is_remembered_beyond_its_request(server: Any) -> None:
    """A secret in the response to a later request is removed too, also by `scrub`."""
    server.responses = [
        httpx.Response(201, json={"id": "x"}),
        httpx.Response(500, json={"message": "leaked: canary-password"}),
    ]
    client = server.client(max_retries=0)

    async def scenario() -> str:
        await client.create(Collection.CONNECTIONS, connection("canary-password"))
        with pytest.raises(errors.ServiceFailed) as caught:
            await client.read(Collection.CONNECTIONS, "x")
        return caught.value.message

    assert asyncio.run(scenario()) == "leaked: ***"
    assert client.scrub("canary-password") == "***"


def test_a_body_rejected_before_sending_is_not_shown(server: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The error of the check before sending has the path, never the value, not even in its causes."""
    caplog.set_level(logging.DEBUG)
    body = connection("canary-password")
    body["auth"]["params"]["password"] = ["canary-password"]
    body["auth"]["extra"] = "canary-extra"
    with pytest.raises(errors.Invalid, match=r"auth\.params\.password") as caught:
        asyncio.run(server.client().create(Collection.CONNECTIONS, body))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "canary" not in str(caught.value) + repr(vars(caught.value))
    assert "canary" not in caplog.text


def test_each_request_is_one_debug_line(server: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The log has method, path, status, duration and request id, and neither query, header nor body."""
    caplog.set_level(logging.DEBUG, "provider_shim")
    server.responses = [
        httpx.Response(200, json={"items": []}, headers={"X-Request-Id": "req-9"}),
        httpx.ConnectError("refused"),
    ]
    client = server.client(max_retries=0)

    async def scenario() -> None:
        assert [item async for item in client.list(Collection.FLOWS, filters=["name==canary"])] == []
        with pytest.raises(errors.Unreachable):
            await client.read(Collection.FLOWS, "x")

    asyncio.run(scenario())
    lines = [(record.name, record.levelname, record.getMessage()) for record in caplog.records]
    assert [line[:2] for line in lines] == [("provider_shim.client", "DEBUG")] * 3
    assert lines[0][2].startswith("POST /ims/token/v3 -> 200 in ")
    assert lines[1][2].startswith("GET /flows -> 200 in ")
    assert lines[1][2].endswith(" ms (request id req-9)")
    assert lines[2][2].startswith("GET /flows/x -> ConnectError in ")
    assert "canary" not in caplog.text
    assert "token-1" not in caplog.text
