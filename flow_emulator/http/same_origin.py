"""Protection against other web pages: cross-site request forgery and DNS rebinding.

The emulator has no login, so any web page could send it requests through the browser of its user. Two checks
prevent that. A browser names the page that sends a writing request in ``Origin``, which must be the
emulator's own. A host name that an attacker points to this machine (DNS rebinding) is in ``Host``, which must
be a name of the loopback interface.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from flow_emulator.errors import BadRequestError
from flow_emulator.http.paths import PAGE, is_own

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})


class ForeignRequestError(BadRequestError):
    """A request that another web page may have sent."""

    title = "ForeignRequestError"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, 403)


def require_same_origin(method: str, path: str, headers: Mapping[str, str], server: str | None) -> None:
    """Check a request for the page or ``/_emulator/``; other paths are not checked.

    Args:
        method: The HTTP method.
        path: The path, as it was routed.
        headers: The headers, with lower-case names.
        server: The name or address under which the request was served; it is allowed as host name.

    Raises:
        ForeignRequestError: The host name is foreign, or another web page sent a writing request.
    """
    if not is_own(path):
        return
    host = _split(f"http://{headers.get('host', '')}")
    if host is None or not _is_own(host.hostname or "", server):
        raise ForeignRequestError("Use http://127.0.0.1 or http://localhost, not another host name.")
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


def _is_own(name: str, server: str | None) -> bool:
    if name in ("localhost", server):
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
