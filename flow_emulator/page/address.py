"""The addresses of the page, with its options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from flow_emulator.page.view import Options

FILTER_LENGTH = 200


def address(options: Options, fragment: str = "", **more: str | int) -> str:
    """Return the address of the page with options, and ``more`` parameters for one response."""
    query = {
        "filter": options.filter,
        "reload": "on" if options.reload else "",
        "log": "all" if options.all_requests else "",
        **more,
    }
    written = urlencode({key: value for key, value in query.items() if value != ""}, errors="replace")
    return f"/{'?' if written else ''}{written}{f'#{fragment}' if fragment else ''}"


def changed(
    options: Options, fragment: str = "", *, reload: bool | None = None, log: bool | None = None
) -> str:
    """Return the address with one option turned on or off."""
    if reload is not None:
        options = replace(options, reload=reload)
    if log is not None:
        options = replace(options, all_requests=log)
    return address(options, fragment)


def options_of(value: Callable[[str], str | None]) -> Options:
    """Return the options in a query; ``value`` returns a parameter's text or None."""
    return Options(
        filter=(value("filter") or "").strip()[:FILTER_LENGTH],
        reload=value("reload") == "on",
        all_requests=value("log") == "all",
    )
