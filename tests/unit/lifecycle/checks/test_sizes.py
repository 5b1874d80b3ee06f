"""Texts that are larger than any service accepts are errors before anything is sent or searched."""

from __future__ import annotations

from typing import Any

import pytest

from provider_shim.lifecycle.checks.sizes import MAX_CHARACTERS
from provider_shim.lifecycle.checks.validate import check_config
from provider_shim.lifecycle.configuration import resolve
from provider_shim.resources import CATALOGUE
from provider_shim.schema.diagnostics import Diagnostic
from tests.unit import samples
from tests.unit.linear_time import assert_linear
from tests.unit.samples import filled


def secret_attributes() -> list[tuple[str, str]]:
    """Return each secret of each destination."""
    base = CATALOGUE.resources["aep_base_connection"]
    return [
        (block.attribute, name)
        for block in base.destination_blocks
        for method in block.methods
        for name in method.attributes
    ]


@pytest.mark.parametrize(("destination", "name"), secret_attributes())
def test_a_secret_of_a_megabyte_is_an_error_on_its_attribute(destination: str, name: str) -> None:
    """The error has the limit and the length, nothing of the secret, and comes quickly."""
    resource = CATALOGUE.resources["aep_base_connection"]
    block = {each.attribute: each for each in resource.destination_blocks}[destination]
    nested = resource.attribute(block.attribute).nested
    assert nested is not None

    def check(secret: str) -> list[Diagnostic]:
        given: dict[str, Any] = {"name": "x", destination: filled(nested.attributes, {name: secret})}
        return check_config(resource, filled(resource.attributes, given))

    assert_linear(check, "canary " * 15_000, "canary " * 150_000)
    problems = check("canary " * 150_000)
    (problem,) = [each for each in problems if str(each.path) == f"{destination}.{name}"]
    assert problem.detail.startswith(
        f"{destination}.{name} must have at most 262,144 characters. It has 1,050,000."
    )
    assert "canary" not in problem.detail


def test_every_text_has_a_limit() -> None:
    """A name and a description of a flow are limited too, and so are the texts of a list."""
    flow = CATALOGUE.resources["aep_flow"]
    config = samples.flow_config() | {"name": "x" * (MAX_CHARACTERS + 1), "description": "x" * MAX_CHARACTERS}
    (problem,) = check_config(flow, config)
    assert str(problem.path) == "name"
    assert check_config(flow, config, disputed=True) == []
    provider = filled(CATALOGUE.provider.attributes, {"scopes": ["x" * (MAX_CHARACTERS + 1)]})
    (problem,) = check_config(CATALOGUE.provider, provider)
    assert str(problem.path) == "scopes"


@pytest.mark.parametrize(
    ("name", "length"), [("access_token", 16_385), ("access_token", 1_000_000), ("client_secret", 1_000_000)]
)
def test_a_credential_without_measure_is_an_error_of_configure(name: str, length: int) -> None:
    """A credential that no request can carry is an error on its argument, or names its variable."""
    config = filled(CATALOGUE.provider.attributes, {name: "x" * length})
    (problem,) = resolve(config, {})[1]
    assert str(problem.path) == name
    assert f"{length:,}" in problem.detail or f"{length} characters" in problem.detail
    (problem,) = resolve(None, {f"AEP_{name.upper()}": "x" * length})[1]
    assert str(problem.path) == name
    assert f"AEP_{name.upper()}" in problem.detail
    assert "xx" not in problem.detail
