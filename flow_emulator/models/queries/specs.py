"""Queries of connection specs and flow specs, which are the same in every organisation and sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flow_emulator.errors import NotFoundError
from flow_emulator.models.queries.filters import parse_filters
from flow_emulator.specs.catalogue import Spec


def matching(specs: Mapping[str, Spec], expressions: Iterable[str]) -> list[Spec]:
    """Return the specs that match all filters."""
    filters = parse_filters(expressions, "specs")
    return [spec for spec in specs.values() if all(each.matches(spec) for each in filters)]


def get(specs: Mapping[str, Spec], spec_id: str, kind: str) -> Spec:
    """Return the spec with this id. Raises NotFoundError."""
    if spec_id not in specs:
        raise NotFoundError(f"{kind} not found with id = [{spec_id}]", entity=spec_id, kind=kind)
    return specs[spec_id]
