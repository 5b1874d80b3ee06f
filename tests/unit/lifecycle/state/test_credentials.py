"""When secrets are sent: `credentials_revision`, fingerprints, methods."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from provider_shim.lifecycle.provider_api import PlanResourceChangeRequest, PlanResourceChangeResponse
from provider_shim.lifecycle.resource.plan import plan_resource_change
from provider_shim.lifecycle.state import credentials
from provider_shim.lifecycle.state.private_state import FINGERPRINT_DIGITS, PrivateState, decode
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


def full_private(config: Value) -> bytes:
    """Return the private data with the whole fingerprint, as version 0.1.0 stored them."""
    salt = "00112233445566778899aabbccddeeff"
    text = json.dumps(credentials.given_secrets(BASE, config), sort_keys=True).encode()
    digest = hashlib.scrypt(text, salt=bytes.fromhex(salt), n=2**11, r=8, p=1).hex()
    return json.dumps({"method": "Access Key", "salt": salt, "fingerprint": digest}).encode()


@pytest.mark.parametrize("destination", samples.ACCOUNTS)
def test_no_state_has_more_than_twenty_bits_of_a_fingerprint(destination: str) -> None:
    """What is written after secrets were sent has five hexadecimal digits."""
    private = json.loads(stored(samples.base_config(destination))[1])
    assert len(private.get("fingerprint", "12345")) == 5


def test_a_full_fingerprint_of_an_older_state_is_shortened_when_it_is_written() -> None:
    """Reading and writing private data, as a refresh does, leaves twenty bits of it."""
    written = json.loads(decode(full_private(samples.base_config())).encode())
    assert len(written["fingerprint"]) == 5
    assert json.loads(full_private(samples.base_config()))["fingerprint"].startswith(written["fingerprint"])


@pytest.mark.parametrize("shortened", [False, True])
def test_an_older_state_with_a_full_fingerprint_still_notices_changes(shortened: bool) -> None:
    """It plans empty, and a changed secret increases the revision, also after it was shortened."""
    config = samples.base_config()
    state, _ = stored(config)
    private = full_private(config)
    if shortened:
        private = decode(private).encode()
    assert planned(config, state, private).planned_state == state
    assert revision(samples.base_config(amazon_s3=ROTATED), state, private) == 2


def test_the_same_secrets_keep_their_salt() -> None:
    """Secrets that are sent again leave no further bits of a fingerprint in later versions of the state."""
    config = samples.base_config()
    private = decode(full_private(config))
    again = credentials.after_send(BASE, config, private)
    assert (again.salt, again.encode()) == (private.salt, private.encode())
    other = credentials.after_send(BASE, samples.base_config(amazon_s3=ROTATED), private)
    assert other.salt != private.salt


def test_the_documented_figures_are_those_of_the_stored_digits() -> None:
    """The guide states how many bits are stored, and how many guesses share them."""
    guide = (Path(__file__).parents[4] / "docs/guides/rotating-credentials.md").read_text(encoding="utf-8")
    assert 16**FINGERPRINT_DIGITS == 2**20 == 1_048_576
    assert "20 bits" in guide
    assert "2^20 = 1,048,576" in guide


@pytest.mark.parametrize("fingerprint", ["", "a", "abcd", "xyzxy", "ABCDE"])
def test_a_damaged_fingerprint_counts_as_a_changed_secret(fingerprint: str) -> None:
    """The secrets are sent again, rather than left out by mistake."""
    config = samples.base_config()
    private = json.loads(full_private(config)) | {"fingerprint": fingerprint}
    assert revision(config, stored(config)[0], json.dumps(private).encode()) == 2


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
