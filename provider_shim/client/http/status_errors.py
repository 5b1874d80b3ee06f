"""Mapping of error responses to exception classes.

Codes take precedence over statuses, because a status has several meanings: a 404 can mean that an object or
that the sandbox doesn't exist, and confusing the two would remove objects from a user's state. Sources of the
codes: Adobe's page "Flow Service error messages"; for the gateway the Experience Platform troubleshooting
guide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from provider_shim.client.errors import (
    AuthenticationFailed,
    Busy,
    FlowServiceError,
    InUse,
    Invalid,
    NotChangeable,
    NotFlowService,
    NotFound,
    OrganizationRefused,
    PermissionDenied,
    ResponseLost,
    SandboxNotFound,
    ServiceFailed,
    Throttled,
    VersionConflict,
)
from provider_shim.client.http.error_body import ErrorBody

_CODES: tuple[tuple[type[FlowServiceError], str], ...] = (
    (SandboxNotFound, "2100 2101 2103 2106"),
    # 400003 organisation header missing, 403025 profile not valid, 403027 user region is missing
    (OrganizationRefused, "2000 2001 2002 400003 403025 403027"),
    # 403010 token missing, 401013 token invalid, 403000 and 403003 x-api-key missing or invalid
    (AuthenticationFailed, "2114 2115 401013 403000 403003 403010"),
    (PermissionDenied, "1100 1426 1427 2118 2120 2121"),
    (InUse, "1418 1447"),
    # "not in this state": initializing, updating, disabling, delete-finalizing ...
    (Busy, "1416 1417 1420 1421 1444 1456 1457 1458"),
    (NotChangeable, "1445"),  # PATCH on connections is not enabled
    (VersionConflict, "1404"),
    (Throttled, "429050"),
)

_BY_CODE: Mapping[str, type[FlowServiceError]] = MappingProxyType(
    {code: error_class for error_class, codes in _CODES for code in codes.split()}
)

_NOT_FOUND_CODES = frozenset({"1101", "1430", "1439"})
_NOT_FOUND_STATUSES = frozenset({400, 404})

_BY_STATUS: Mapping[int, type[FlowServiceError]] = MappingProxyType(
    {
        401: AuthenticationFailed,
        403: PermissionDenied,
        412: VersionConflict,
        429: Throttled,
    }
)

_GATEWAY_STATUSES = frozenset({502, 504})


def classify(status: int, body: ErrorBody, *, idempotent: bool = True) -> type[FlowServiceError]:
    """Get the exception class for a status outside 200-299.

    `idempotent` is False for a create: after an error of the gateway (502, 504) its outcome is unknown.
    """
    if body.code in _NOT_FOUND_CODES and status in _NOT_FOUND_STATUSES:
        return NotFound
    if body.code is not None and body.code in _BY_CODE and status < 500:
        return _BY_CODE[body.code]
    if status == 404:
        return _classify_404(body)
    if status in _GATEWAY_STATUSES and not idempotent:
        return ResponseLost
    if status >= 500:
        return ServiceFailed
    return _BY_STATUS.get(status, Invalid)


def _classify_404(body: ErrorBody) -> type[FlowServiceError]:
    """Return `NotFound` only for a response of Flow Service itself.

    A body that is empty, a gateway's, a framework's or a page comes from a server in front of Flow Service.
    """
    return NotFound if body.from_flow_service and body.code is None else NotFlowService


def describe(status: int, body: ErrorBody, scrub: Callable[[str], str]) -> str:
    """Get the message of an error response without secrets, or a default message if it has none."""
    message = body.shortened(scrub)
    if status == 404 and not body.from_flow_service:
        return f"{message} This response isn't Flow Service's.".lstrip()
    if 300 <= status < 400:
        return f"{message} The response is a redirect, which is not followed.".lstrip()
    return message or f"The response has status {status} and no error message."
