"""Hosts of this machine, and addresses to which nothing is sent without encryption."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.flow_service import FlowService
from provider_shim.client.loopback import is_loopback, is_unencrypted
from provider_shim.client.settings import ClientSettings

LOOPBACK = ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.8.7", "127.1", "0x7f.1", "[::1]", "::1"]
MAPPED = ["::ffff:127.0.0.1", "[::FFFF:7f00:1]"]
ELSEWHERE = [
    "platform.adobe.io",
    "128.0.0.1",
    "10.0.0.1",
    "0.0.0.0",
    "[::2]",
    "::ffff:10.0.0.1",
    "localhost.example",
    "flow.localhost",
    "127.example",
    "127.0.0.1.example",
    "2130706433.example",
    "127.0.0.1 example",
    "",
]


@pytest.mark.parametrize("host", LOOPBACK + MAPPED)
def test_this_machine(host: str) -> None:
    """`localhost`, 127.0.0.0/8 and ::1 are this machine, in each of their spellings."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_other_hosts_are_not_this_machine(host: str) -> None:
    """A host that only looks like this machine isn't, nor is one below localhost, which DNS may know."""
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("address", "unencrypted"),
    [
        ("http://flow.example", True),
        ("HTTP://flow.example:80/prefix", True),
        ("http://127.0.0.1.nip.io", True),
        ("https://flow.example", False),
        ("http://127.0.0.1:8421", False),
        ("http://[::1]:8421", False),
        ("http://localhost", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_an_address_is_unencrypted_if_it_is_http_on_another_host(address: str, unencrypted: bool) -> None:
    """https and this machine are not; what is no address is left to other checks."""
    assert is_unencrypted(address) == unencrypted


@pytest.mark.parametrize("name", ["endpoint", "auth_endpoint", "adhoc_endpoint"])
def test_the_client_opens_no_connection_to_an_unencrypted_address(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The client by itself refuses too, before it looks up a host, and doesn't retry."""

    async def no_connection(*given: object, **options: object) -> None:
        raise AssertionError("a connection")

    async def no_sleep(seconds: float) -> None:
        raise AssertionError("a retry")

    monkeypatch.setattr("anyio.connect_tcp", no_connection)
    settings = ClientSettings(organization_id="o@AdobeOrg", client_id="c", client_secret="a-secret")
    settings = replace(settings, **{name: "http://flow.example"})  # type: ignore[arg-type]
    with pytest.raises(errors.InvalidSettings, match=f"{name} is http://flow.example") as caught:
        asyncio.run(FlowService(settings, sleep=no_sleep).read(Collection.FLOWS, "x"))
    assert "a-secret" not in str(caught.value)
