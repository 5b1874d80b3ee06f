"""Reading the destinations' files into plain values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value that a destination asks for: a credential, or a part of the place where files go.

    `name` is its name for Terraform, `key` its name in Flow Service's JSON. `pattern` is a regular
    expression for the whole text, safe from backtracking; `says` completes "must ..." for the user.
    """

    name: str
    key: str
    description: str
    source: str
    secret: bool = False
    optional: bool = False
    type: str = "string"
    pattern: str | None = None
    says: str = ""
    example: Any = None
    not_empty: bool = False
    base64: bool = False
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to authenticate: its Adobe name and the secret fields that it takes."""

    spec_name: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One kind of place that Flow Service can export datasets to.

    `name` is its name for Terraform, `title` the one for people. Pages, constructs and messages list the
    destinations by `position`. `encryption` tells whether its connection
    spec offers file encryption.
    """

    name: str
    title: str
    position: int
    connection_spec: str
    flow_spec: str
    encryption: bool
    methods: tuple[Method, ...] = ()
    credentials: tuple[Field, ...] = ()
    location: tuple[Field, ...] = ()


def load(file: Path) -> Destination:
    """The destination of this file. A key that the file should not have is a `TypeError`."""
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    return Destination(
        name=file.stem,
        methods=tuple(
            Method(spec_name=each["spec_name"], attributes=tuple(each["attributes"]))
            for each in facts.pop("methods", [])
        ),
        credentials=tuple(Field(**each) for each in facts.pop("credentials", [])),
        location=tuple(Field(**each) for each in facts.pop("location", [])),
        **facts,
    )


DESTINATIONS = tuple(
    sorted(map(load, Path(__file__).parent.glob("*.toml")), key=lambda destination: destination.position)
)
BY_NAME = {each.name: each for each in DESTINATIONS}
BY_CONNECTION_SPEC = {each.connection_spec: each for each in DESTINATIONS}
BY_FLOW_SPEC = {each.flow_spec: each for each in DESTINATIONS}
