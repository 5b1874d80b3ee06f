"""When secrets are sent: `credentials_revision`, fingerprints, methods."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provider_shim.lifecycle.provider_api import PlanResourceChangeRequest, PlanResourceChangeResponse
from provider_shim.lifecycle.resource.plan import plan_resource_change
from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import PrivateState
from provider_shim.resources import CATALOGUE
from provider_shim.schema.values import UNKNOWN, Value
from tests.unit import samples
from tests.unit.lifecycle.terraform_rules import check_plan

BASE = CATALOGUE.resources["aep_base_connection"]
OTHER_KEY = samples.SECRET_KEY[::-1]
ROTATED = {"s3_access_key": samples.ACCESS_KEY, "s3_secret_key": OTHER_KEY}
NONE: dict[str, Any] = {}


def stored(config: Value, revision: int = 1) -> tuple[Value, bytes]:
    """Return state and private data after an apply of this configuration."""
    blocks = {}
    for destination_block in BASE.destination_blocks:
        nested = BASE.attribute(destination_block.attribute).nested
        if config[destination_block.attribute] is not None and nested is not None:
            hidden = {each.name for each in nested.attributes if each.write_only}
            block = config[destination_block.attribute]
            blocks[destination_block.attribute] = {
                key: None if key in hidden else block[key] for key in block
            }
    state = config | blocks
    state |= {"id": samples.BASE_ID, "credentials_revision": revision, "deletion_protection": False}
    return state, credentials.after_send(BASE, config, PrivateState()).encode()


def planned(config: Value, prior: Value = None, private: bytes = b"") -> PlanResourceChangeResponse:
    """Plan, and check the plan by Terraform's rules."""
    response = plan_resource_change(
        BASE,
        PlanResourceChangeRequest(
            type_name=BASE.type_name,
            prior_state=prior,
            proposed_new_state=config,
            config=config,
            prior_private=private,
        ),
        "error",
    )
    check_plan(BASE.attributes, prior, config, response.planned_state)
    return response


def revision(config: Value, prior: Value = None, private: bytes = b"") -> Any:
    """Return the planned revision."""
    return planned(config, prior, private).planned_state["credentials_revision"]


@pytest.mark.parametrize("destination", samples.ACCOUNTS)
def test_create(destination: str) -> None:
    """A new connection sends its secrets once, or never if there are none."""
    expected = 0 if destination == "data_landing_zone" else 1

    assert revision(samples.base_config(destination)) == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (samples.ACCOUNTS["amazon_s3"], 1),
        (ROTATED, 2),
        ({"s3_access_key": samples.ACCESS_KEY, "s3_secret_key": UNKNOWN}, UNKNOWN),
        (UNKNOWN, UNKNOWN),
        (NONE, 1),
    ],
)
def test_fingerprint(block: Any, expected: Any) -> None:
    """A changed secret increases the revision, an unchanged or absent one does not, an unknown one may."""
    state, private = stored(samples.base_config())

    found = revision(samples.base_config(amazon_s3=block), state, private)
    assert found is expected or found == expected


@pytest.mark.parametrize(
    ("before", "after", "block", "expected"),
    [
        (1, 1, ROTATED, 1),
        (1, 2, samples.ACCOUNTS["amazon_s3"], 2),
        (1, UNKNOWN, ROTATED, UNKNOWN),
        (None, 1, samples.ACCOUNTS["amazon_s3"], 2),
        (1, None, samples.ACCOUNTS["amazon_s3"], 2),
        (1, 2, NONE, 1),
    ],
)
def test_version(before: Any, after: Any, block: Any, expected: Any) -> None:
    """With `credentials_version`, only a change of that number increases the revision."""
    state, private = stored(samples.base_config(credentials_version=before))
    config = samples.base_config(amazon_s3=block, credentials_version=after)

    found = revision(config, state, private)
    assert found is expected or found == expected


def test_version_keeps_no_fingerprint() -> None:
    """With `credentials_version`, no fingerprint is stored."""
    _, private = stored(samples.base_config(credentials_version=1))

    assert json.loads(private) == {"method": "Access Key"}


def test_fingerprint_is_salted_and_silent() -> None:
    """The private data contains no secret, and differs each time for the same secrets."""
    first, second = (stored(samples.base_config())[1] for _ in range(2))

    assert first != second
    for secret in (samples.SECRET_KEY, samples.ACCESS_KEY):
        assert secret.encode() not in first
        assert secret.encode().hex().encode() not in first


def test_after_import() -> None:
    """Without secrets an imported connection plans empty; with them, exactly that they are sent."""
    bare = samples.base_config(amazon_s3=NONE)
    state, _ = stored(bare, revision=0)
    private = PrivateState(imported=True, method="Access Key", etag='"1"').encode()

    assert planned(bare, state, private).planned_state == state
    plan = planned(samples.base_config(), state, private)
    assert plan.planned_state == state | {"credentials_revision": 1}
    assert plan.requires_replace == []


@pytest.mark.parametrize(
    ("destination", "other"),
    [
        ("amazon_s3", {"s3_role": samples.ROLE}),
        ("sftp", {"domain": "sftp.example.org", "username": "aep", "ssh_key": "YWJj"}),
    ],
)
def test_other_method(destination: str, other: dict[str, Any]) -> None:
    """Another authentication method replaces the connection."""
    state, private = stored(samples.base_config(destination))
    plan = planned(samples.base_config(destination, **{destination: other}), state, private)

    assert [str(each) for each in plan.requires_replace] == ["credentials_revision"]


def test_known_method_among_unknown_secrets() -> None:
    """A known secret determines the method, so that an unknown one of another method replaces nothing."""
    state, private = stored(samples.base_config("sftp"))
    block = samples.ACCOUNTS["sftp"] | {"ssh_key": UNKNOWN}

    assert planned(samples.base_config("sftp", sftp=block), state, private).requires_replace == []


@pytest.mark.parametrize("destination", [name for name, account in samples.ACCOUNTS.items() if account])
def test_missing_secrets(destination: str) -> None:
    """A new connection without secrets is an error that lists them."""
    methods = CATALOGUE.resources["aep_base_connection"].destination(destination).methods
    secrets = {name for method in methods for name in method.attributes}
    block = {key: value for key, value in samples.ACCOUNTS[destination].items() if key not in secrets}
    (problem,) = planned(samples.base_config(destination, **{destination: block})).diagnostics

    assert str(problem.path) == destination
    assert "ephemeral" in problem.detail


@pytest.mark.parametrize(
    ("given", "diagnostics"),
    [
        (
            {"url": "abfss://other@acme.dfs.core.windows.net", "service_principal_key": None},
            ["adls_gen2.url"],
        ),
        ({"service_principal_key": None}, []),
        ({"url": UNKNOWN, "service_principal_key": None}, []),
        ({"url": "abfss://other@acme.dfs.core.windows.net"}, []),
    ],
)
def test_ordinary_field(given: dict[str, Any], diagnostics: list[str]) -> None:
    """A credential that is not secret can only be changed together with the secrets."""
    state, private = stored(samples.base_config("adls_gen2"))
    config = samples.base_config("adls_gen2", adls_gen2=samples.ACCOUNTS["adls_gen2"] | given)

    assert [str(each.path) for each in planned(config, state, private).diagnostics] == diagnostics


def test_encryption() -> None:
    """Another encryption key replaces the connection; after an import the configured one is taken."""
    encrypted = samples.base_config(encryption={"public_key": "YWJj"})
    state, private = stored(samples.base_config())

    assert [str(each) for each in planned(encrypted, state, private).requires_replace] == ["encryption"]
    imported = PrivateState(imported=True, method="Access Key").encode()
    assert planned(encrypted, state, imported).requires_replace == []
