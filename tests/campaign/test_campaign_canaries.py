"""The campaign's search for secrets finds each of them in each form in which it can be written."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from urllib.parse import quote

import pytest

from tests.campaign.canaries import canary, leaked

ATTRIBUTES = ("s3_access_key", "s3_secret_key", "password")


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("offset", range(4))
def test_a_secret_is_found_in_each_form(attribute: str, offset: int) -> None:
    """Plain, in JSON, in a URL, and in base64 behind any number of other bytes."""
    secret = canary(attribute, "seed")
    before = b"x" * offset
    written = {
        "plain": before + secret.value.encode(),
        "json": json.dumps({"secret": secret.value}).encode(),
        "url": quote(secret.value).encode(),
        "base64": base64.b64encode(before + secret.value.encode() + b"yy"),
        "harmless": json.dumps({"secret": secret.value[:3]}).encode(),
    }

    assert {place for place, _ in leaked([secret.core], written)} == set(written) - {"harmless"}


def test_a_secret_is_found_inside_a_plan_file() -> None:
    """A plan file is a zip file; its entries are searched."""
    secret = canary("password", "seed")
    plan = io.BytesIO()
    with zipfile.ZipFile(plan, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tfplan", b"a" * 1000 + secret.value.encode())

    assert list(leaked([secret.core], {"saved.plan": plan.getvalue()})) == [
        ("saved.plan:tfplan", secret.core)
    ]


def test_secrets_differ_and_follow_from_the_seed() -> None:
    """The same seed gives the same secret, another one another."""
    assert canary("password", "1") == canary("password", "1")
    assert len({canary(each, seed).core for each in ATTRIBUTES for seed in "123"}) == 9
