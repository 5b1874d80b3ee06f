"""The trust policy of the AWS role that `S3Credentials.role` names."""

from __future__ import annotations

import json

from constructs_lib.references import known
from provider_shim.resources.s3_trust_policy import (
    ADOBE_PRINCIPAL,
    EXTERNAL_ID,
    PRINCIPAL,
    require,
    trust_policy,
)
from provider_shim.schema.values import UNKNOWN


def s3_role_trust_policy(organization_id: str, principal: str = ADOBE_PRINCIPAL) -> str:
    """Return the trust policy of an AWS role that Adobe may assume for this organisation only, as JSON.

    Adobe has sent the organisation's id as `sts:ExternalId` in every AssumeRole since August 2026. Without
    this condition, another organisation that knows the ARN could have Adobe write to your bucket. The policy
    grants no access to a bucket.

    Args:
        organization_id: The organisation's id, which ends in `@AdobeOrg`, or a reference to it.
        principal: The AWS principal that may assume the role, as an account's number or an ARN, or a
            reference to it. The default is Adobe's account, which is in AWS's partition `aws`.

    Returns:
        The policy, for `assume_role_policy` of an `aws_iam_role`, or for `print`.

    Raises:
        ValueError: An argument is not an organisation's id or not a principal.
    """
    for rule, name, value in (
        (EXTERNAL_ID, "organization_id", organization_id),
        (PRINCIPAL, "principal", principal),
    ):
        if known(value) is not UNKNOWN:
            require(rule, name, value)
    policy = trust_policy(organization_id, principal)
    for value in (organization_id, principal):
        if known(value) is UNKNOWN:  # JSON's escapes would change the quotes inside an expression
            policy = policy.replace(json.dumps(value), f'"{value}"')
    return policy
