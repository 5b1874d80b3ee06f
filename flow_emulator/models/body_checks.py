"""Checks of request bodies that all creates share: known fields, types, the spec that is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.errors import EmptyBodyError, InvalidBodyError, UnknownSpecError

MAX_NAME: Final = 1024


def require_object(body: object, kind: str) -> dict[str, Any]:
    """The body as an object with something in it."""
    if body is None or body == {}:
        raise EmptyBodyError(f"A request to create {kind} needs a body.")
    if not isinstance(body, dict):
        raise InvalidBodyError(f"Cannot create {kind}", "the body must be a JSON object")
    return body


def require_known_fields(body: Mapping[str, Any], known: Iterable[str], kind: str) -> None:
    """Refuse fields that no page of Adobe's lists for this request."""
    unknown = sorted(set(body) - set(known))
    if unknown:
        raise InvalidBodyError(f"Cannot write {kind}", f"unknown fields: {', '.join(unknown)}")


def require_name(body: Mapping[str, Any], kind: str) -> None:
    """``name`` is required, ``description`` optional, both text."""
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
    """The id in ``connectionSpec`` or ``flowSpec``, known and with the version that there is.

    A missing version is answered with 422, as the OpenAPI 'Flow Service - Destinations' has it, or filled in.
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
    """``data`` of a source or target connection, where the switch wants it."""
    if behaviour.data_required and body.get("data") is None:
        raise InvalidBodyError(f"Cannot create {kind}", "data is missing")


def require_id(body: Mapping[str, Any], field: str, kind: str) -> str:
    """A required field that holds one id."""
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidBodyError(f"Cannot create {kind}", f"{field} is missing or no text")
    return value


def require_single_id(body: Mapping[str, Any], field: str, kind: str) -> str:
    """A required array that holds exactly one id: one source and one target for a dataset flow."""
    value = body.get(field)
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], str):
        raise InvalidBodyError(f"Cannot write {kind}", f"{field} must be an array of exactly one id")
    return value[0]
