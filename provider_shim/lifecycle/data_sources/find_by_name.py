"""Lookup of exactly one object by a name, which need not be unique."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from provider_shim.lifecycle.state import json_values
from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.paths import path

_MAX_COMPARED = 10_000
"""Names that are compared with the one that was looked up, which takes about a second."""

_MAX_LISTED = 100
"""Objects of one name that are listed."""


class NotExactlyOneMatch(Exception):
    """No object, or several, have the name. `diagnostic` lists the candidates."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


def single_match(noun: str, matches: Sequence[JsonObject], name: str, names: Sequence[str]) -> JsonObject:
    """Return the only object in `matches`. Raises `NotExactlyOneMatch` if there is none, or more than one.

    `name` is the name that was looked up, and `names` are the names of all objects, for suggestions.
    """
    if len(matches) == 1:
        return matches[0]
    if not matches:
        others = sorted({json_values.shown(each) for each in names[:_MAX_COMPARED]})
        similar = difflib.get_close_matches(json_values.shown(name), others, n=5, cutoff=0.5)
        hint = f" Similar names: {', '.join(repr(each) for each in similar)}." if similar else ""
        detail = f'No {noun} has the name "{name}", of {len(names)} that this credential can see.{hint}'
        raise NotExactlyOneMatch(error(f"There is no such {noun}", detail, path("name")))
    listed = "\n".join(f"  {json_values.shown(each.get('id'))}" for each in matches[:_MAX_LISTED])
    if len(matches) > _MAX_LISTED:
        listed += f"\n  and {len(matches) - _MAX_LISTED:,} more"
    detail = f'{len(matches)} {noun}s have the name "{name}". Use the id of the right one:\n\n{listed}'
    raise NotExactlyOneMatch(error(f"Several {noun}s have this name", detail, path("name")))
