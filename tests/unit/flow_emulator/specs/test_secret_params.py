"""Which parameters of authentication are secret: what Adobe's auth specs say, and everything unknown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flow_emulator.specs.catalogue import SPEC_FOLDER, Catalogue
from flow_emulator.specs.secret_params import mask, public_params

SPECS = [
    json.loads(path.read_text(encoding="utf-8")) for path in sorted(SPEC_FOLDER.glob("connection-*.json"))
]
SCHEMAS = [(spec, each) for spec in SPECS for each in spec["authSpec"]]


@pytest.mark.parametrize(("spec", "auth_spec"), SCHEMAS, ids=lambda each: each["name"])
def test_every_password_is_secret(spec: dict[str, Any], auth_spec: dict[str, Any]) -> None:
    """No parameter with the format password is shown, and no parameter that the spec does not list."""
    shown = Catalogue().public_params(spec["id"])
    for name, schema in auth_spec["spec"]["properties"].items():
        assert schema.get("format") != "password" or name not in shown
    assert mask({"unknown": "x"}, shown) == {"unknown": "****"}


def test_a_parameter_is_shown_only_by_its_own_spec() -> None:
    """What one destination lists in clear is masked at another, and everything is at an unknown spec."""
    catalogue = Catalogue()
    by_name = {spec["name"]: catalogue.public_params(spec["id"]) for spec in SPECS}
    assert by_name["SFTP"] == {"domain", "username", "port"}
    assert by_name["Google Cloud Storage"] == {"accessKeyId"}
    assert by_name["Azure Data Lake Gen2"] == {"url", "tenant", "servicePrincipalId"}
    assert by_name["Amazon S3"] == by_name["Azure Blob Storage"] == set()
    assert catalogue.public_params("unknown") == catalogue.public_params(None) == set()


def test_a_name_that_is_secret_once_is_secret() -> None:
    """A parameter that one auth spec lists as a password is masked for all of the connection spec."""
    clear: dict[str, Any] = {"properties": {"key": {}}}
    secret: dict[str, Any] = {"properties": {"key": {"format": "password"}, "id": {}}}
    assert public_params([clear]) == {"key"}
    assert public_params([clear, secret]) == {"id"}
