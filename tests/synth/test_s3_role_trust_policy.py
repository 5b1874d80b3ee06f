"""The trust policy of the AWS role, as the constructs print it."""

from __future__ import annotations

import json
import re
from typing import Any, cast

import pytest
from cdktf import TerraformOutput, TerraformStack, TerraformVariable, Token

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
    """A token or an expression is where the id or the principal belongs, also as a part of a text."""

    def build(stack: TerraformStack) -> None:
        variable = TerraformVariable(stack, "organization", type="string")
        account = 'arn:aws:iam::${var.accounts["a}b"]}:role/a/${var.role}'
        for name, organization, principal in (
            ("token", variable.string_value, ROLE),
            ("text", '${lookup(var.ids, "acme")}', "${aws_iam_role.adobe.arn}"),
            ("part", f"{variable.string_value}@AdobeOrg", account),
            ("directive", "%{ if var.other }OTHER%{ else }ACME%{ endif }@AdobeOrg", ROLE),
        ):
            TerraformOutput(stack, name, value=s3_role_trust_policy(organization, principal))

    outputs = synthesize(build)["output"]

    assert '"sts:ExternalId": "${var.organization}"' in outputs["token"]["value"]
    assert '"sts:ExternalId": "${lookup(var.ids, "acme")}"' in outputs["text"]["value"]
    assert '"AWS": "${aws_iam_role.adobe.arn}"' in outputs["text"]["value"]
    assert '"sts:ExternalId": "${var.organization}@AdobeOrg"' in outputs["part"]["value"]
    assert '"AWS": "arn:aws:iam::${var.accounts["a}b"]}:role/a/${var.role}"' in outputs["part"]["value"]
    assert (
        '"sts:ExternalId": "%{ if var.other }OTHER%{ else }ACME%{ endif }@AdobeOrg"'
        in outputs["directive"]["value"]
    )


def test_no_principal_is_the_default() -> None:
    """`None` is Adobe's account, as null is in the provider's function."""
    assert s3_role_trust_policy(ORGANIZATION, None) == s3_role_trust_policy(ORGANIZATION)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("5555467B5D8013E50A494220",), "organization_id must consist of letters and digits"),
        ((cast(Any, 5),), "organization_id must consist of letters and digits"),
        ((cast(Any, None),), "organization_id must consist of letters and digits"),
        ((cast(Any, Token.as_any({"Ref": "id"})),), "organization_id must be a text. Token.as_string"),
        ((ORGANIZATION, cast(Any, Token.as_any({"Ref": "id"}))), "principal must be a text. Token.as_string"),
        (('a"b${var.organization}@AdobeOrg',), "organization_id must have only letters, digits"),
        (('"${var.organization}"',), "organization_id must have only letters, digits"),
        (("$${aws:PrincipalTag/x}${var.organization}",), "organization_id must have only letters, digits"),
        (("%{ if var.other }*%{ endif }@AdobeOrg",), "organization_id must have only letters, digits"),
        (("${var.organization",), "organization_id has an expression that can't be read"),
        ((ORGANIZATION, "arn:aws:iam::*:role/${var.role}"), "principal must have only letters, digits"),
        ((ORGANIZATION, "arn:aws:iam::111122223333:role/${var.role}*"), "principal must have only letters"),
        ((ORGANIZATION, "*"), "principal must be an AWS account's number"),
        ((ORGANIZATION, "arn:aws:iam::*:root"), "principal must be an AWS account's number"),
    ],
)
def test_wrong_arguments(arguments: tuple[str, ...], expected: str) -> None:
    """What is no id or no principal, a wildcard, and what would not be JSON are errors."""
    with pytest.raises(ValueError, match=re.escape(expected)):
        s3_role_trust_policy(*arguments)
