"""Example values are accepted by the rules of the fields, and those of an app are found by reading it."""

from __future__ import annotations

from pathlib import Path

import pytest

from provider_shim.destinations import DESTINATIONS, Field
from provider_shim.resources.fields import attribute_of
from provider_shim.schema.paths import path
from tools.example_values import EXAMPLE_EXPORTS, ExampleExport, example_secrets, example_value

FIELDS = {
    f"{destination.name}.{field.name}": field
    for destination in DESTINATIONS
    for field in (*destination.credentials, *destination.location)
}


@pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
def test_an_example_keeps_the_rules_of_its_field(field: Field) -> None:
    """The provider accepts each example value."""
    attribute = attribute_of(field, "params")
    value = example_value(field)

    assert [each for rule in attribute.rules for each in rule.check(value, path(field.name))] == []


@pytest.mark.parametrize("example", EXAMPLE_EXPORTS, ids=lambda each: each.name)
def test_an_example_has_the_secrets_of_its_method(example: ExampleExport) -> None:
    """The credentials hold the secrets of the one method, and everything that is not secret."""
    secrets = {each.name for each in example.destination.credentials if each.secret}

    assert example.credentials.keys() & secrets == {*(example.method.attributes if example.method else ())}
    assert example.location.keys() == {each.name for each in example.destination.location}


def test_names_are_unique() -> None:
    """No two examples have the same name, and each destination has at least one."""
    names = [each.name for each in EXAMPLE_EXPORTS]

    assert len(names) == len({*names})
    assert {each.destination.name for each in EXAMPLE_EXPORTS} == {each.name for each in DESTINATIONS}


def test_a_pattern_needs_an_example() -> None:
    """No value is derived for a field with a pattern."""
    field = Field(name="code", key="code", description="A code.", source="s", pattern="[A-Z]{3}")

    with pytest.raises(ValueError, match="The field code has a pattern"):
        example_value(field)


def test_the_secrets_of_an_app_are_found(tmp_path: Path) -> None:
    """Secrets are found by position and by keyword; what is not secret is left out."""
    app = tmp_path / "main.py"
    app.write_text(
        'S3Credentials.access_key(self.secret("key"), secret_key=SecretVariable(stack, "secret").value)\n'
        'SftpCredentials.password(domain="a", username=user("b"), password=self.secret("password"))\n'
    )

    assert example_secrets(app) == {
        "key": "AKIAIOSFODNN7EXAMPLE",
        "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "password": "example-password",
    }
