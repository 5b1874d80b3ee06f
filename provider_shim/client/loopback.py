"""Hosts of this machine, the only ones to which credentials may be sent without encryption."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, an address in 127.0.0.0/8, or `::1`."""
    import ipaddress  # imported late: most processes have no address for it

    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    if re.fullmatch(r"[0-9a-fx.]+", name):
        try:
            return socket.inet_aton(name)[0] == 127  # also in short forms, such as 127.1
        except OSError:
            return False
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def is_unencrypted(address: str) -> bool:
    """Whether requests to an address could be read on a network: plain `http` to another host."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "http" and not is_loopback(parts.hostname or "")
    except ValueError:  # brackets without an IPv6 address; other checks report it
        return False


def unencrypted(name: str, address: str) -> str:
    """Return the error message for a setting whose address is unencrypted."""
    return (
        f"{name} is {address}. Over plain http, the client secret and access tokens would be sent without "
        "encryption. Use an https address, or a server on this machine: for localhost, 127.0.0.0/8 and ::1 "
        "http is allowed."
    )
