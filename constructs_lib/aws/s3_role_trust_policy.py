"""The trust policy of the AWS role that `S3Credentials.role` names."""

from __future__ import annotations

import json
import re

from constructs_lib.expressions.cursor import ExpressionError
from constructs_lib.expressions.nodes import Literal, Template
from constructs_lib.expressions.reader import parse
from constructs_lib.references import known
from provider_shim.resources.s3_trust_policy import (
    ADOBE_PRINCIPAL,
    EXTERNAL_ID,
    PRINCIPAL,
    require,
    trust_policy,
)
from provider_shim.schema.rules import Pattern, shorten
from provider_shim.schema.values import UNKNOWN

_BESIDE_REFERENCES = re.compile(r"[\w+=,.@:/-]*", re.ASCII)
"""What an id or an ARN consists of: no wildcard, and nothing that JSON escapes."""


def s3_role_trust_policy(organization_id: str, principal: str | None = ADOBE_PRINCIPAL) -> str:
    """Return the trust policy of an AWS role that Adobe may assume for this organisation only, as JSON.

    Adobe has sent the organisation's id as `sts:ExternalId` in every AssumeRole since August 2026. Without
    this condition, another organisation that knows the ARN could have Adobe write to your bucket. The policy
    grants no access to a bucket.

    An argument may contain references, such as `${var.organization_id}` or a token. The text beside them is
    checked for wildcards and quotes; the values that Terraform puts in their place are not. The provider's
    function of this name checks these too.

    Args:
        organization_id: The organisation's id: letters and digits, followed by `@AdobeOrg`.
        principal: The AWS principal that may assume the role, as an account's number or an ARN. The default,
            also for `None`, is Adobe's account, which is in AWS's partition `aws`.

    Returns:
        The policy, for `assume_role_policy` of an `aws_iam_role`, or for `print`.

    Raises:
        ValueError: An argument is not an organisation's id or not a principal, is a token that is not a text,
            or has an expression that can't be read.
    """
    trusted = ADOBE_PRINCIPAL if principal is None else principal
    policy = trust_policy(
        _checked(EXTERNAL_ID, "organization_id", organization_id), _checked(PRINCIPAL, "principal", trusted)
    )
    for value in (organization_id, trusted):
        if known(value) is UNKNOWN:  # JSON's escapes would change the quotes inside an expression
            policy = policy.replace(json.dumps(value), f'"{value}"')
    return policy


def _checked(rule: Pattern, name: str, value: object) -> str:
    """Return an argument. Raises `ValueError` for one that is not valid as far as it is known."""
    if known(value) is not UNKNOWN:
        require(rule, name, value)
    elif not isinstance(value, str):
        raise ValueError(f"{name} must be a text. Token.as_string makes one of a token.")
    elif not all(_BESIDE_REFERENCES.fullmatch(text) for text in _texts(name, value)):
        raise ValueError(
            f"{name} must have only letters, digits and + = , . @ _ : / - beside its references. "
            f"It is {shorten(value)}."
        )
    return str(value)


def _texts(name: str, value: str) -> list[str]:
    """Return the parts of a text that are not expressions."""
    try:
        expression = parse(value)
    except ExpressionError as invalid:
        raise ValueError(f"{name} has an expression that can't be read: {invalid}.") from invalid
    parts = expression.parts if isinstance(expression, Template) else (expression,)
    return [part.text for part in parts if isinstance(part, Literal)]
