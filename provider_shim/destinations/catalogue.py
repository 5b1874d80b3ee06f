"""Reads the destinations' TOML files into plain values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provider_shim.schema.block import AuthenticationMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value that a destination asks for: a credential, or a part of the place where files go.

    `name` is its name for Terraform, `key` its name in Flow Service's JSON. `pattern` is a regular
    expression for the whole text, safe from backtracking; `must` completes "it must ..." in messages.
    `relative` is true for a folder in an object store, where a path that begins with a slash is doubtful.
    """

    name: str
    key: str
    description: str
    source: str
    secret: bool = False
    optional: bool = False
    type: str = "string"
    pattern: str | None = None
    must: str = ""
    example: Any = None
    not_empty: bool = False
    base64: bool = False
    relative: bool = False
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One kind of place that Flow Service can export datasets to.

    `name` is its name for Terraform, `title` the one for people. Pages, constructs and messages list the
    destinations by `position`. `encryption` is true where its connection spec offers file encryption.
    `summary` is the summary of the construct `Destination.<name>`, and `credentials_class` the name of the
    class of its credentials. `note` has further sentences for the description of the credentials.
    """

    name: str
    title: str
    position: int
    connection_spec: str
    flow_spec: str
    encryption: bool
    summary: str
    credentials_class: str
    note: str = ""
    methods: tuple[AuthenticationMethod, ...] = ()
    credentials: tuple[Field, ...] = ()
    location: tuple[Field, ...] = ()

    def fields_of(self, method: AuthenticationMethod) -> tuple[Field, ...]:
        """The credentials that a method takes: its secrets and what is not secret, the optional ones last."""
        taken = [each for each in self.credentials if not each.secret or each.name in method.attributes]
        return tuple(sorted(taken, key=lambda each: each.optional))


def load(file: Path) -> Destination:
    """The destination of a file.

    Raises:
        TypeError: A required key is missing, or a key is unknown.
        ValueError: A method names a field that is not among the file's `credentials`.
    """
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    credentials = tuple(Field(**each) for each in facts.pop("credentials", []))
    methods = tuple(_method(each) for each in facts.pop("methods", []))
    _check_names(file.name, methods, credentials)
    derived = {
        "summary": f"A folder in {facts.get('title')}.",
        "credentials_class": "".join(map(str.capitalize, file.stem.split("_"))) + "Credentials",
    }
    return Destination(
        name=file.stem,
        methods=methods,
        credentials=credentials,
        location=tuple(Field(**each) for each in facts.pop("location", [])),
        **(derived | facts),
    )


def _method(facts: dict[str, Any]) -> AuthenticationMethod:
    """A method; its name and description follow from Adobe's name where the file does not give them."""
    spec_name = facts["spec_name"]
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", spec_name)
    derived = {"name": "_".join(words).lower(), "description": f'The authentication method "{spec_name}".'}
    return AuthenticationMethod(**(derived | facts | {"attributes": tuple(facts["attributes"])}))


def _check_names(file: str, methods: Iterable[AuthenticationMethod], credentials: Iterable[Field]) -> None:
    known = {each.name for each in credentials}
    for method in methods:
        if unknown := {*method.attributes, *method.arguments} - known:
            names = ", ".join(sorted(unknown))
            raise ValueError(f"{file}: the method {method.spec_name!r} names no such credentials: {names}")


DESTINATIONS = tuple(
    sorted(map(load, Path(__file__).parent.glob("*.toml")), key=lambda destination: destination.position)
)
BY_NAME = {each.name: each for each in DESTINATIONS}
BY_CONNECTION_SPEC = {each.connection_spec: each for each in DESTINATIONS}
BY_FLOW_SPEC = {each.flow_spec: each for each in DESTINATIONS}
