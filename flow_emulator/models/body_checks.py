"""Checks of request bodies that several operations share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.errors import EmptyBodyError, InvalidBodyError, UnknownSpecError

MAX_NAME: Final = 1024


def require_object(body: object, kind: str) -> dict[str, Any]:
    """Return the body. Raises an error unless it is a JSON object with at least one field."""
    if body is None or body == {}:
        raise EmptyBodyError(f"A request to create {kind} needs a body.")
    if not isinstance(body, dict):
        raise InvalidBodyError(f"Cannot create {kind}", "the body must be a JSON object")
    return body


def require_known_fields(body: Mapping[str, Any], known: Iterable[str], kind: str) -> None:
    """Raise InvalidBodyError for fields that no page of Adobe's lists."""
    unknown = sorted(set(body) - set(known))
    if unknown:
        raise InvalidBodyError(f"Cannot write {kind}", f"unknown fields: {', '.join(unknown)}")


def require_name(body: Mapping[str, Any], kind: str) -> None:
    """Raise InvalidBodyError unless ``name`` is text, and ``description`` text or absent."""
    name = body.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME:
        raise InvalidBodyError(f"Cannot write {kind}", f"name must be text of 1 to {MAX_NAME} characters")
    if not isinstance(body.get("description", ""), str):
        raise InvalidBodyError(f"Cannot write {kind}", "description must be text")


def require_spec(
    body: Mapping[str, Any],
    field: str,
    known: Mapping[str, Any],
    kind: str,
    missing_version: Literal["refuse", "latest"] = "refuse",
) -> str:
    """Return the id in ``connectionSpec`` or ``flowSpec``, which must be known and of the known version.

    A missing version is an error with status 422, as in OpenAPI 'Flow Service - Destinations', or is filled
    in.
    """
    spec = body.get(field)
    if not isinstance(spec, dict) or not isinstance(spec.get("id"), str):
        raise UnknownSpecError(f"Please provide a valid spec id: {field}.id of {kind} is missing.", kind=kind)
    if spec["id"] not in known:
        raise UnknownSpecError(f"Please provide a valid spec id: {field}.id is not known.", kind=kind)
    if missing_version == "latest":
        spec.setdefault("version", known[spec["id"]]["version"])
    if "version" not in spec:
        raise InvalidBodyError(f"Cannot create {kind}", f"{field}.version is missing")
    require_known_fields(spec, ("id", "version"), f"{field} of {kind}")
    if spec["version"] != known[spec["id"]]["version"]:
        raise InvalidBodyError(
            f"Cannot create {kind}", f"{field}.version must be {known[spec['id']]['version']}"
        )
    return str(spec["id"])


def require_data(body: Mapping[str, Any], behaviour: Behaviour, kind: str) -> None:
    """Raise InvalidBodyError for missing ``data`` of a connection, when the switch requires it."""
    if behaviour.data_required and body.get("data") is None:
        raise InvalidBodyError(f"Cannot create {kind}", "data is missing")


def require_id(body: Mapping[str, Any], field: str, kind: str) -> str:
    """Return the id in a required field."""
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidBodyError(f"Cannot create {kind}", f"{field} is missing or not text")
    return value


def require_single_id(body: Mapping[str, Any], field: str, kind: str) -> str:
    """Return the only id in a required array; a dataset flow has one source and one target."""
    value = body.get(field)
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], str):
        raise InvalidBodyError(f"Cannot write {kind}", f"{field} must be an array of exactly one id")
    return value[0]
