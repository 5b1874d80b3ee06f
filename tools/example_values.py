"""Example values for every destination, from the catalogue. The secrets among them open nothing."""

from __future__ import annotations

import ast
import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provider_shim.destinations import DESTINATIONS, Destination, Field
from provider_shim.schema.block import AuthenticationMethod

_BY_CLASS = {each.credentials_class: each for each in DESTINATIONS}


@dataclass(frozen=True, slots=True)
class ExampleExport:
    """A destination with one of its authentication methods; `method` is `None` where it has none."""

    destination: Destination
    method: AuthenticationMethod | None

    @property
    def name(self) -> str:
        """The destination's name, followed by the method's name where the destination has several."""
        if self.method is None or len(self.destination.methods) == 1:
            return self.destination.name
        return f"{self.destination.name}_{self.method.name}"

    @property
    def credentials(self) -> dict[str, Any]:
        """The block of the base connection, with every attribute that the method takes."""
        fields = () if self.method is None else self.destination.fields_of(self.method)
        return {each.name: example_value(each) for each in fields}

    @property
    def location(self) -> dict[str, Any]:
        """The block of the target connection."""
        return {each.name: example_value(each) for each in self.destination.location}


EXAMPLE_EXPORTS = tuple(
    ExampleExport(destination, method)
    for destination in DESTINATIONS
    for method in destination.methods or (None,)
)
"""Every destination with every authentication method."""


def example_value(field: Field) -> Any:
    """A value that the field accepts: the file's own example, or one that is derived from its type.

    Raises:
        ValueError: The field has a pattern, so no value can be derived, and the file gives no example.
    """
    if field.example is not None:
        return field.example
    if field.pattern is not None:
        raise ValueError(f"The field {field.name} has a pattern: give it an `example` too")
    if field.type == "number":
        return field.minimum or 1
    text = f"example-{field.name.replace('_', '-')}"
    return base64.b64encode(text.encode()).decode() if field.base64 else text


def example_secrets(app: Path) -> dict[str, str]:
    """Example values for the secret variables of a CDKTF app, by the names of the variables.

    The app is read and not run: for `S3Credentials.role(self.secret("s3_role"))`, the variable `s3_role` gets
    the example of the field that `role` takes first.
    """
    tree = ast.parse(app.read_text(encoding="utf-8"))
    return {
        variable: str(example_value(field))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for field, argument in _credentials(node)
        if field.secret and (variable := _first_text(argument))
    }


def _credentials(call: ast.Call) -> Iterator[tuple[Field, ast.expr]]:
    """The fields that a call of a credentials' method gives, with the expressions of their values."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=class_name), attr=name) if class_name in _BY_CLASS:
            destination = _BY_CLASS[class_name]
            (method,) = (each for each in destination.methods if each.name == name)
            fields = destination.fields_of(method)
            yield from zip(fields, call.args, strict=False)
            named = {method.argument(each.name): each for each in fields}
            yield from ((named[each.arg], each.value) for each in call.keywords if each.arg in named)


def _first_text(expression: ast.expr) -> str | None:
    """The first text in an expression, such as the name in `self.secret("s3_role")`."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
    return None
