"""The httpx client: its connections, proxies, certificates and limits."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

import httpx

from provider_shim.client import loopback
from provider_shim.client.errors import InvalidSettings
from provider_shim.client.http import proxies, tls
from provider_shim.client.http.proxies import Proxy
from provider_shim.client.http.response_body import ACCEPT_ENCODING
from provider_shim.client.settings import ClientSettings

_CONNECT_TIMEOUT = 10.0
"""Seconds to connect. It is less than the deadline of the attempt, because after a failed connection it is
certain that nothing was sent, and after a missed deadline it isn't."""


def make_client(settings: ClientSettings, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Make the client. `transport` replaces the network.

    Raises:
        InvalidSettings: An address is plain `http` on another host, to which no credentials may be sent.
        UnusableEnvironment: A variable names an unusable proxy or unreadable certificates. httpx by itself
            would check the proxies of all addresses, and send requests to this machine through them.
    """
    if transport is None:
        _check_encryption(settings)
    deadline = settings.request_timeout
    limits = httpx.Limits(
        max_connections=settings.max_concurrent_requests,
        max_keepalive_connections=settings.max_concurrent_requests,
    )
    auth_endpoint = "" if settings.access_token else settings.auth_endpoint
    addresses = [settings.endpoint, auth_endpoint, settings.adhoc_endpoint]
    found = {} if transport else {each: proxies.find(each) for each in addresses if each}
    context = _context(found)
    mounts = {_origin(each): proxy.transport(context, limits) for each, proxy in found.items() if proxy}
    return httpx.AsyncClient(
        transport=transport,
        timeout=httpx.Timeout(deadline, connect=min(_CONNECT_TIMEOUT, deadline / 2)),
        limits=limits,
        verify=context,
        mounts=mounts,
        trust_env=False,
        headers={"User-Agent": f"aep-flowbridge/{_version()}", "Accept-Encoding": ACCEPT_ENCODING},
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
    )


def _check_encryption(settings: ClientSettings) -> None:
    for name in ("endpoint", "auth_endpoint", "adhoc_endpoint"):
        if loopback.is_unencrypted(getattr(settings, name)):
            raise InvalidSettings(loopback.unencrypted(name, getattr(settings, name)))


def _context(found: Mapping[str, Proxy | None]) -> ssl.SSLContext:
    """Make the TLS context for these addresses and their proxies."""
    is_needed = any(each.startswith("https:") or (proxy and proxy.is_https) for each, proxy in found.items())
    return tls.client_context() if is_needed else tls.context_without_authorities()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _version() -> str:
    try:
        return version("aep-flowbridge")
    except PackageNotFoundError:  # not installed, run from a source tree
        return "unknown"
