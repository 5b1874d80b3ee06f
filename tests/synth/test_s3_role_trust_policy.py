"""The trust policy of the AWS role, as the constructs print it."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from cdktf import TerraformOutput, TerraformStack, TerraformVariable

from constructs_lib import s3_role_trust_policy
from constructs_lib.testing import synthesize
from provider_shim.lifecycle.functions.functions import call_function

pytestmark = pytest.mark.slow

ORGANIZATION = "5555467B5D8013E50A494220@AdobeOrg"
ROLE = "arn:aws:iam::111122223333:role/adobe"


def test_the_policy_is_that_of_the_provider_function() -> None:
    """The helper and the provider's function return the same text, which requires the external id."""
    policy = s3_role_trust_policy(ORGANIZATION)

    assert policy == call_function("s3_role_trust_policy", [ORGANIZATION, None]).result
    assert json.loads(policy)["Statement"][0]["Condition"] == {
        "StringEquals": {"sts:ExternalId": ORGANIZATION}
    }
    with_role = s3_role_trust_policy(ORGANIZATION, ROLE)
    assert with_role == call_function("s3_role_trust_policy", [ORGANIZATION, ROLE]).result


def test_references_stay_references() -> None:
    """A token or an expression stands where the id or the principal belongs."""

    def build(stack: TerraformStack) -> None:
        variable = TerraformVariable(stack, "organization", type="string")
        for name, organization, principal in (
            ("token", variable.string_value, ROLE),
            ("text", '${lookup(var.ids, "acme")}', "${aws_iam_role.adobe.arn}"),
        ):
            TerraformOutput(stack, name, value=s3_role_trust_policy(organization, principal))

    outputs = synthesize(build)["output"]

    assert '"sts:ExternalId": "${var.organization}"' in outputs["token"]["value"]
    assert '"sts:ExternalId": "${lookup(var.ids, "acme")}"' in outputs["text"]["value"]
    assert '"AWS": "${aws_iam_role.adobe.arn}"' in outputs["text"]["value"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("5555467B5D8013E50A494220",), "organization_id must consist of letters and digits"),
        ((cast(Any, 5),), "organization_id must consist of letters and digits"),
        ((ORGANIZATION, "*"), "principal must be an AWS account's number"),
        ((ORGANIZATION, "arn:aws:iam::*:root"), "principal must be an AWS account's number"),
    ],
)
def test_wrong_arguments(arguments: tuple[str, ...], expected: str) -> None:
    """A wrong id and a principal that would trust every account are errors."""
    with pytest.raises(ValueError, match=expected.replace("*", r"\*")):
        s3_role_trust_policy(*arguments)
