"""Finding exactly one thing by a name that need not be unique."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from provider_shim.schema.diagnostics import Diagnostic, error
from provider_shim.schema.json_mapping import JsonObject
from provider_shim.schema.paths import path


class NotExactlyOneMatch(Exception):
    """None or several were found; the diagnostic lists the candidates."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


def single_match(noun: str, found: Sequence[JsonObject], name: str, names: Sequence[str]) -> JsonObject:
    """The one that was found; `names` are those of everything that there is. Raises `NotExactlyOneMatch`."""
    if len(found) == 1:
        return found[0]
    if not found:
        near = difflib.get_close_matches(name, sorted(set(names)), n=5, cutoff=0.5)
        hint = f" Names like it: {', '.join(repr(each) for each in near)}." if near else ""
        detail = f'No {noun} is called "{name}", among {len(names)} that this credential can see.{hint}'
        raise NotExactlyOneMatch(error(f"There is no such {noun}", detail, path("name")))
    listed = "\n".join(f"  {each['id']}" for each in found)
    detail = f'{len(found)} {noun}s are called "{name}". Use the id of the one that you mean:\n\n{listed}'
    raise NotExactlyOneMatch(error(f"Several {noun}s have this name", detail, path("name")))
