"""Proxies: which addresses they are used for, and variables that don't name a usable one."""

from __future__ import annotations

import asyncio
import os
import ssl

import httpx
import pytest

from provider_shim.client import errors
from provider_shim.client.entities import Collection
from provider_shim.client.flow_service import FlowService
from provider_shim.client.http import proxies
from provider_shim.client.settings import ClientSettings

ADOBE = "https://platform.adobe.io"
LOOPBACK = ["localhost", "LOCALHOST.", "flow.localhost", "127.0.0.1", "127.9.8.7", "127.1", "[::1]", "::1"]
ELSEWHERE = ["platform.adobe.io", "128.0.0.1", "10.0.0.1", "[::2]", "localhost.example", "127.example"]


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("host", LOOPBACK)
def test_this_machine_is_never_behind_a_proxy(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Every address of the loopback interface is reached directly, whatever the environment names."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    authority = f"[{host}]" if ":" in host and "[" not in host else host
    assert proxies.find(f"http://{authority}:8421/prefix") is None
    assert proxies.find(f"https://{authority}") is None


@pytest.mark.parametrize("host", ELSEWHERE)
def test_other_hosts_are_behind_the_proxy(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """A host that only looks like one of this machine is behind the proxy."""
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    assert proxies.find(f"https://{host}") is not None


@pytest.mark.parametrize(
    ("variables", "url", "variable"),
    [
        ({}, None, None),
        ({"HTTPS_PROXY": "http://p.example:1"}, "http://p.example:1", "HTTPS_PROXY"),
        ({"https_proxy": "http://p.example:1"}, "http://p.example:1", "https_proxy"),
        ({"HTTPS_PROXY": "p.example:1"}, "http://p.example:1", "HTTPS_PROXY"),
        ({"HTTP_PROXY": "http://p.example:1"}, None, None),
        ({"ALL_PROXY": "http://p.example:1"}, "http://p.example:1", "ALL_PROXY"),
        ({"ALL_PROXY": "http://a", "HTTPS_PROXY": "http://b"}, "http://b", "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "http://p.example:1", "NO_PROXY": "x.example,adobe.io"}, None, None),
        ({"HTTPS_PROXY": "http://p.example:1", "NO_PROXY": "*"}, None, None),
    ],
)  # fmt: skip
def test_the_variable_of_the_address_s_scheme_names_its_proxy(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str | None, variable: str | None
) -> None:
    """`<SCHEME>_PROXY` comes before `ALL_PROXY`, and `NO_PROXY` excepts a domain with all below it."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = proxies.find(ADOBE)
    assert (found and found.url, found and found.variable) == (url, variable)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("http://proxy:port", "not the address of a proxy"),
        ("http://proxy:99999", "not the address of a proxy"),
        ("http://proxy:0", "not the address of a proxy"),
        ("http://", "not the address of a proxy"),
        ("http://[::1", "not the address of a proxy"),
        ("http://a b", "not the address of a proxy"),
        ("ftp://proxy:21", "not the address of a proxy"),
        ("socks5://proxy:1080", r"pip install 'httpx\[socks\]'"),
    ],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
def test_an_unusable_proxy_is_an_error_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    """Nothing is sent and nothing is retried; the error has the variable, and an example."""
    monkeypatch.setenv(variable, value)
    settings = ClientSettings(organization_id="o@AdobeOrg", client_id="c", client_secret="a-secret")

    async def no_sleep(seconds: float) -> None:
        raise AssertionError("a retry")

    with pytest.raises(errors.UnusableEnvironment, match=message) as caught:
        asyncio.run(FlowService(settings, sleep=no_sleep).read(Collection.FLOWS, "x"))
    assert caught.value.message.startswith(f"{variable} ")
    assert "http://proxy.example.com:3128" in caught.value.message


def test_a_proxy_s_password_is_not_shown() -> None:
    """Of a URL with a password the error shows nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = proxies.Proxy("http://user:canary@proxy:port", "HTTPS_PROXY")
    with pytest.raises(errors.UnusableEnvironment) as caught:
        proxy.transport(context, httpx.Limits())
    assert "canary" not in f"{caught.value!r}{caught.value}{caught.value.__cause__}"
    assert caught.value.__suppress_context__
