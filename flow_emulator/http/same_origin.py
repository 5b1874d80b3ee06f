"""Protection against other web pages: cross-site request forgery and DNS rebinding.

The emulator has no login, and its credential is public, so any web page could send it requests through the
browser of its user. Two checks of every request prevent that. A browser names the page that sends a writing
request in ``Origin``, which must be the emulator's own. A host name that an attacker points to this machine
(DNS rebinding) is in ``Host``, which must be a name of the loopback interface, the address at which the
request arrived, or a name that the user has allowed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

from flow_emulator.errors import BadRequestError
from flow_emulator.http.paths import PAGE

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")


class ForeignRequestError(BadRequestError):
    """A request that another web page may have sent."""

    title = "ForeignRequestError"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, 403)


def host_name(text: str) -> str:
    """Return a host name or an IP address as it is compared with ``Host``: in lower case, without brackets.

    Raises:
        ValueError: It is something else, such as an address with a scheme or a port, or a pattern.
    """
    name = text.lower().removeprefix("[").removesuffix("]")
    if not _HOST_NAME.fullmatch(name):
        try:
            ipaddress.IPv6Address(name)
        except ValueError:
            raise ValueError(f"{text!r} is not a host name such as flow-service.test.") from None
    return name


def require_same_origin(
    method: str, path: str, headers: Mapping[str, str], server: str | None, allowed: Collection[str] = ()
) -> None:
    """Check the ``Host`` of a request and, if it writes, the page that sent it.

    Args:
        method: The HTTP method.
        path: The path, as it was routed.
        headers: The headers, with lower-case names.
        server: The name or address under which the request was served; it is allowed as host name.
        allowed: Other host names that are allowed, as :func:`host_name` returns them.

    Raises:
        ForeignRequestError: The host name is foreign, or another web page sent a writing request.
    """
    host = _split(f"http://{headers.get('host', '')}")
    if host is None or not _is_own(host.hostname or "", server, allowed):
        raise ForeignRequestError(
            "Use http://127.0.0.1 or http://localhost, not another host name,"
            " or start the emulator with --allow-host and the name."
        )
    if method not in _READING:
        _require_same_site(path, headers, host)


def _require_same_site(path: str, headers: Mapping[str, str], host: SplitResult) -> None:
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None and site is None and path == PAGE:
        raise ForeignRequestError("Buttons are for browsers, which send Origin; programs use /_emulator/.")
    sender = None if origin is None else _split(origin)
    foreign = origin is not None and (sender is None or _place(sender) != _place(host))
    if foreign or (site is not None and site not in _OWN_SITES):
        raise ForeignRequestError("Another web page sent this request; only the emulator's own page may.")


def _is_own(name: str, server: str | None, allowed: Collection[str]) -> bool:
    if name == "localhost" or name in allowed or (server is not None and name == server.lower()):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _place(address: SplitResult) -> tuple[str | None, int | None]:
    return address.hostname, address.port or (443 if address.scheme == "https" else 80)


def _split(text: str) -> SplitResult | None:
    """Parse an address; None when it is invalid, such as ``null``."""
    try:
        address = urlsplit(text)
        bare = address.port, address.path + address.query + address.fragment
    except ValueError:
        return None
    usable = address.scheme in ("http", "https") and address.hostname and not bare[1] and "@" not in text
    return address if usable else None
