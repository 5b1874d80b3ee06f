"""Adobe's connection specs and flow specs as the emulator serves them, read from ``specs/*.json``.

Ids, keys, patterns and enums are Adobe's (tutorial 'Export datasets', 2023 text, and for the rest of the
target specs its sister tutorial on audiences); titles and descriptions are ours. ``Assumed Role`` and the
encryption spec come from the tutorial 'Activate audiences to file-based destinations'. The source spec of
the data lake is not published as JSON Schema; ours says what the tutorial's request sample shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from flow_emulator.specs.patterns import safe_form

Spec = dict[str, Any]

DATA_LAKE: Final = "23598e46-f560-407b-88d5-ea6207e49db0"
SPEC_FOLDER: Final = Path(__file__).parent


class Catalogue:
    """All specs of one emulator. Raises UnsafePatternError for a pattern that must not be run."""

    def __init__(self, folder: Path = SPEC_FOLDER) -> None:
        self._folder = folder
        for pattern in _patterns(list(self.connection_specs.values())):
            safe_form(pattern)

    @cached_property
    def connection_specs(self) -> Mapping[str, Spec]:
        """The connection specs by id: the six destinations and the data lake."""
        return self._load("connection-*.json")

    @cached_property
    def flow_specs(self) -> Mapping[str, Spec]:
        """The dataset flow specs by id, one for each destination."""
        return self._load("flow-*.json")

    def _load(self, glob: str) -> Mapping[str, Spec]:
        specs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self._folder.glob(glob))]
        return {spec["id"]: spec for spec in specs}


def _patterns(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _patterns(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "pattern" and isinstance(value, str):
                yield value
            else:
                yield from _patterns(value)
