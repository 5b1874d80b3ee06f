"""A destination's file: the names that are derived, and mistakes that are found when it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from provider_shim.destinations.catalogue import load

TEXT = """
position = 9
title = "Example Box"
connection_spec = "a"
flow_spec = "b"
encryption = true

[[methods]]
spec_name = "{spec_name}"
attributes = ["{secret}"]

[[credentials]]
name = "port"
key = "port"
description = "The port."
source = "s"
type = "number"
optional = true

[[credentials]]
name = "token"
key = "token"
description = "The token."
source = "s"
secret = true

[[credentials]]
name = "other_token"
key = "otherToken"
description = "Another token."
source = "s"
secret = true
"""


def write(folder: Path, *, spec_name: str = "Access Token", secret: str = "token") -> Path:
    """A file with one authentication method."""
    file = folder / "example_box.toml"
    file.write_text(TEXT.format(spec_name=spec_name, secret=secret), encoding="utf-8")
    return file


def test_names_are_derived(tmp_path: Path) -> None:
    """The names and summaries of the constructs follow from the file's name, the title and Adobe's name."""
    destination = load(write(tmp_path))
    [method] = destination.methods

    assert (destination.name, destination.credentials_class) == ("example_box", "ExampleBoxCredentials")
    assert destination.summary == "A folder in Example Box."
    assert (method.name, method.description) == (
        "access_token",
        'The authentication method "Access Token".',
    )


@pytest.mark.parametrize(
    ("spec_name", "name"),
    [("Key Pair", "key_pair"), ("ConnectionString", "connection_string"), ("SSH Key v2", "ssh_key_v2")],
)
def test_a_methods_name_is_in_snake_case(spec_name: str, name: str, tmp_path: Path) -> None:
    """Words are divided at spaces and at capital letters; an abbreviation is one word."""
    assert load(write(tmp_path, spec_name=spec_name)).methods[0].name == name


def test_a_method_takes_its_secrets_and_what_is_public(tmp_path: Path) -> None:
    """The secrets of other methods are left out, and optional fields come last."""
    destination = load(write(tmp_path))

    assert [each.name for each in destination.fields_of(destination.methods[0])] == ["token", "port"]


def test_a_method_names_fields_of_the_file(tmp_path: Path) -> None:
    """A method with an unknown field is an error that names the file, the method and the field."""
    with pytest.raises(ValueError, match=r"example_box\.toml: the method 'Access Token' .*: tokem"):
        load(write(tmp_path, secret="tokem"))
