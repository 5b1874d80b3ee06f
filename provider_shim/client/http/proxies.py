"""Proxies: which one the environment names for an address, and whether it can be used.

The variables are `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, also in lower case. Addresses of
this machine are never reached through a proxy: the proxy would connect to its own machine instead, and would
read the client secret.
"""

from __future__ import annotations

import os
import re
import urllib.request
from dataclasses import dataclass
from ssl import SSLContext
from urllib.parse import urlsplit

import httpx

from provider_shim.client.errors import UnusableEnvironment
from provider_shim.client.loopback import is_loopback

_EXAMPLE = "http://proxy.example.com:3128"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the environment variable that names it. The URL can contain a password."""

    url: str
    variable: str

    @property
    def is_https(self) -> bool:
        """Whether the connection to the proxy itself is encrypted."""
        return self.url.lower().startswith("https:")

    def transport(self, context: SSLContext, limits: httpx.Limits) -> httpx.AsyncHTTPTransport:
        """Make a transport through the proxy, which verifies certificates by `context`.

        Raises `UnusableEnvironment` if the URL is not the address of a proxy, or needs a missing package.
        """
        try:
            address = urlsplit(self.url)
            if not re.fullmatch(r"[^\s@]+", address.hostname or "") or address.port == 0:
                raise ValueError("no host, or no port")
            proxy = httpx.Proxy(self.url, ssl_context=context if self.is_https else None)
            return httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxy)
        except ImportError:
            raise UnusableEnvironment(
                f"{self.variable} names a SOCKS proxy, which needs a package that is not installed. Run: "
                f"pip install 'httpx[socks]', or set {self.variable} to an HTTP proxy, such as {_EXAMPLE}."
            ) from None
        except (ValueError, httpx.InvalidURL):
            # Not chained, and without the URL if it can contain a password.
            value = "" if "@" in self.url else f" It is {self.url!r}."
            raise UnusableEnvironment(
                f"{self.variable} is not the address of a proxy, such as {_EXAMPLE}.{value}"
            ) from None


def find(base: str) -> Proxy | None:
    """Find the proxy for requests to `base`, or return None if they are sent directly."""
    try:
        address = urlsplit(base)
    except ValueError:  # brackets without an IPv6 address; httpx raises an error with the address
        return None
    if _is_this_machine(address.hostname or "") or urllib.request.proxy_bypass(address.netloc):
        return None
    proxies = urllib.request.getproxies()
    for kind in (address.scheme, "all"):
        if url := proxies.get(kind):
            return Proxy(url if "://" in url else f"http://{url}", _variable(kind))
    return None


def _is_this_machine(host: str) -> bool:
    """Whether a host is this machine, by address or by a name below `localhost` (RFC 6761, 6.3)."""
    return is_loopback(host) or host.rstrip(".").lower().endswith(".localhost")


def _variable(kind: str) -> str:
    """Get the name of the variable: the one in lower case takes precedence, as in `urllib`."""
    names = (f"{kind}_proxy", f"{kind}_proxy".upper())
    return next((name for name in names if os.environ.get(name)), f"the proxy setting for {kind}")
