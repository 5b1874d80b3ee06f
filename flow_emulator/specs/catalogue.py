"""Adobe's connection specs and flow specs as the emulator serves them, read from ``specs/*.json``.

Ids, keys, patterns and enums are Adobe's (tutorial 'Export datasets', 2023 text, and for the rest of the
target specs its sister tutorial on audiences); titles and descriptions are not. ``Assumed Role`` and the
encryption spec come from the tutorial 'Activate audiences to file-based destinations'. The source spec of
the data lake is not published as JSON Schema; the one here has what the tutorial's request sample shows.

``x-emulator`` in a file is not Adobe's and not served. It holds what the emulator adds to the published auth
spec, with the source of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from flow_emulator.specs.location_params import LocationParams
from flow_emulator.specs.patterns import safe_form
from flow_emulator.specs.secret_params import NO_PUBLIC_PARAMS, public_params

Spec = dict[str, Any]

DATA_LAKE: Final = "23598e46-f560-407b-88d5-ea6207e49db0"
SFTP: Final = "36965a81-b1c6-401b-99f8-22508f1e6a26"  # some switches are about this destination only
SPEC_FOLDER: Final = Path(__file__).parent
# The key of what the emulator adds to a published spec; it is not served.
_NOTES: Final = "x-emulator"


class Catalogue:
    """All specs of one emulator. Raises UnsafePatternError for a pattern that is not safe to run."""

    def __init__(self, folder: Path = SPEC_FOLDER) -> None:
        self._folder = folder
        for pattern in _patterns([self.connection_specs, self._notes]):
            safe_form(pattern)

    @cached_property
    def connection_specs(self) -> Mapping[str, Spec]:
        """The connection specs by id, as they are served: of the destinations and of the data lake."""
        return {spec_id: _served(spec) for spec_id, spec in self._load("connection-*.json").items()}

    @cached_property
    def flow_specs(self) -> Mapping[str, Spec]:
        """The dataset flow specs by id, one for each destination."""
        return self._load("flow-*.json")

    def extra_auth_params(self, spec_id: str, auth_spec: str) -> Mapping[str, Spec]:
        """Return the schemas of parameters that the emulator adds to an auth spec, by the parameter's name.

        They come from ``x-emulator`` in the spec's file, which names the source of each. One that the auth
        spec has already is added to, such as ``{"format": "password"}``.
        """
        found: Mapping[str, Spec] = self._notes.get(spec_id, {}).get("authParams", {}).get(auth_spec, {})
        return found

    def public_params(self, spec_id: object) -> frozenset[str]:
        """Return the parameters of authentication that are no secrets; none for an unknown spec."""
        return self._public_params.get(str(spec_id), NO_PUBLIC_PARAMS)

    def location_params(self, spec_id: str) -> LocationParams:
        """Return the parameters of a connection spec that hold the location of files."""
        return self._location_params[spec_id]

    @cached_property
    def _notes(self) -> Mapping[str, Spec]:
        specs = self._load("connection-*.json")
        return {spec_id: spec[_NOTES] for spec_id, spec in specs.items() if _NOTES in spec}

    @cached_property
    def _public_params(self) -> Mapping[str, frozenset[str]]:
        return {
            spec_id: public_params(self._auth_schema(spec_id, each) for each in spec.get("authSpec", []))
            for spec_id, spec in self.connection_specs.items()
        }

    @cached_property
    def _location_params(self) -> Mapping[str, LocationParams]:
        return {
            spec_id: LocationParams.of(spec, self.public_params(spec_id))
            for spec_id, spec in self.connection_specs.items()
        }

    def _auth_schema(self, spec_id: str, auth_spec: Spec) -> Spec:
        extras = self.extra_auth_params(spec_id, auth_spec["name"])
        return with_extras(auth_spec["spec"], extras)

    def _load(self, glob: str) -> Mapping[str, Spec]:
        specs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self._folder.glob(glob))]
        return {spec["id"]: spec for spec in specs}


def with_extras(schema: Spec, extras: Mapping[str, Spec]) -> Spec:
    """Return an object schema with more properties; one that it has already gets what is new."""
    properties: Spec = dict(schema.get("properties", {}))
    for name, extra in extras.items():
        properties[name] = {**properties.get(name, {}), **extra}
    return {**schema, "properties": properties}


def _served(spec: Spec) -> Spec:
    return {key: value for key, value in spec.items() if key != _NOTES}


def _patterns(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _patterns(item)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key == "pattern" and isinstance(value, str):
                yield value
            else:
                yield from _patterns(value)
