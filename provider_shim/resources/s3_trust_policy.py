"""The trust policy of the AWS role that Flow Service assumes to write to Amazon S3.

The trusted account: destinations catalogue, amazon-s3.md (001a7f93). Adobe sends the organisation's id as
`sts:ExternalId` in every AssumeRole: release notes of 18 August 2026.
"""

import json
from typing import Final

from provider_shim.schema.rules import Pattern

ADOBE_PRINCIPAL: Final = "arn:aws:iam::670664943635:root"
"""Adobe's AWS account, whose identities may assume the role."""

PRINCIPAL: Final = Pattern(
    regex=r"[0-9]{12}|arn:aws[a-z-]*:(?:iam::[0-9]{12}:(?:root|(?:role|user)/[\w+=,.@/-]+)|"
    r"sts::[0-9]{12}:assumed-role/[\w+=,.@-]+/[\w+=,.@-]+)",
    requirement="be an AWS account's number, or the ARN of an account, role, user or role session",
    example=ADOBE_PRINCIPAL,
)
"""A principal that a trust policy can name (AWS IAM reference, "Principal"). A wildcard would trust every account."""


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
