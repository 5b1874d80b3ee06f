"""The trust policy of the AWS role that Flow Service assumes to write to Amazon S3.

The trusted account: destinations catalogue, amazon-s3.md (001a7f93). Adobe sends the organisation's id as
`sts:ExternalId` in every AssumeRole: release notes of 18 August 2026.
"""

import json
from typing import Final

from provider_shim.schema.rules import Pattern, shorten

ADOBE_PRINCIPAL: Final = "arn:aws:iam::670664943635:root"
"""Adobe's AWS account, whose identities may assume the role. It is an account of AWS's partition `aws`."""

EXTERNAL_ID: Final = Pattern(
    regex=r"[0-9A-Za-z]+@AdobeOrg",
    requirement="consist of letters and digits, followed by @AdobeOrg",
    example="5555467B5D8013E50A494220@AdobeOrg",
)
"""The organisation's id in a policy, in which AWS replaces `${...}` (AWS IAM reference, "Policy variables").

It is stricter than the rule for the provider's setting. The ids in Adobe's samples have this form.
"""

PRINCIPAL: Final = Pattern(
    regex=r"[0-9]{12}|arn:aws(?:-cn|-us-gov|-eusc|-iso(?:-[a-z])?)?:"
    r"(?:iam::[0-9]{12}:(?:root|(?:role|user)(?:/[\w+=,.@-]+)+)|"
    r"sts::[0-9]{12}:assumed-role/[\w+=,.@-]+/[\w+=,.@-]+)",
    requirement="be an AWS account's number, or the ARN of an account, role, user or role session",
    example=ADOBE_PRINCIPAL,
)
"""A principal that a trust policy can name (AWS IAM reference, "Principal").

A wildcard would trust every account. The partitions are those of the AWS SDKs (`partitions.json`).
"""


def require(rule: Pattern, name: str, value: object) -> None:
    """Raise `ValueError` for an argument that is not a text, or that the rule does not accept."""
    if not isinstance(value, str) or not rule.holds(value):
        raise ValueError(f"{name} must {rule.requirement}, such as {rule.example}. It is {shorten(value)}.")


def trust_policy(organization_id: str, principal: str = ADOBE_PRINCIPAL) -> str:
    """Return the policy that lets `principal` assume the role for this organisation only.

    It is JSON, indented for people to read. The arguments are texts that the rules above accept.
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": organization_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
