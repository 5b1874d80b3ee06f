"""The checks of Adobe's API gateway: token, key, organisation, sandbox.

Codes: "Experience Platform troubleshooting guide", request header errors.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from flow_emulator.errors import (
    BadRequestError,
    GatewayError,
    SandboxIdError,
    SandboxMissingError,
    SandboxNotFoundError,
)
from flow_emulator.http.messages import Request
from flow_emulator.identity import DEFAULT_SANDBOX
from flow_emulator.models.context import Context

_ORGANIZATION: Final = re.compile(r"[0-9A-Za-z]+@AdobeOrg")
_WITH_BODY: Final = ("POST", "PUT", "PATCH")


def token_digest(token: str) -> str:
    """Return the digest of an access token, which is all that the store keeps of it."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def authorize(request: Request) -> Context:
    """Return the context of a request. Raises the error that the gateway or Flow Service would send."""
    client_id, org = _check_client(request)
    sandbox = _sandbox(request)
    return Context(request.engine, request.tx, request.now, client_id, org, sandbox)


def authorize_organization(request: Request) -> Context:
    """Return the context of a request for an operation of the organisation, which needs no sandbox."""
    client_id, org = _check_client(request)
    return Context(request.engine, request.tx, request.now, client_id, org, DEFAULT_SANDBOX)


def _check_client(request: Request) -> tuple[str, str]:
    client_id, org = _check_token(request)
    _check_key(request, client_id)
    _check_organization(request, org)
    _check_content_type(request)
    return client_id, org


def _check_token(request: Request) -> tuple[str, str]:
    header = request.headers.get("authorization")
    if not header:
        raise GatewayError(request.engine.behaviour.missing_token_status, "403010", "Oauth token is missing.")
    scheme, _, token = header.partition(" ")
    known = request.tx.tokens.get(token_digest(token)) if scheme.lower() == "bearer" else None
    if known is None or known.expires_at <= request.now:
        raise GatewayError(401, "401013", "Oauth token is not valid.")
    return known.client_id, known.org


def _check_key(request: Request, client_id: str) -> None:
    key = request.headers.get("x-api-key")
    if not key:
        raise GatewayError(403, "403000", "Api Key is required.")
    if key != client_id:
        raise GatewayError(403, "403003", "Api Key is invalid.")


def _check_organization(request: Request, org: str) -> None:
    given = request.headers.get("x-gw-ims-org-id")
    if not given:
        raise GatewayError(400, "400003", "The x-gw-ims-org-id header is missing.")
    if not _ORGANIZATION.fullmatch(given):
        raise GatewayError(403, "403027", "User region is missing.")
    if given != org:
        raise GatewayError(403, "403025", "Profile is not valid.")


def _check_content_type(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in _WITH_BODY and request.content and kind != "application/json":
        raise BadRequestError("A valid content-type must be specified")


def _sandbox(request: Request) -> str:
    if "x-sandbox-id" in request.headers:
        raise SandboxIdError("Name the sandbox by x-sandbox-name.")
    name = request.headers.get("x-sandbox-name")
    if name is None and request.engine.behaviour.missing_sandbox == "prod":
        name = DEFAULT_SANDBOX
    if not name:
        raise SandboxMissingError("The x-sandbox-name header is missing.")
    if name not in request.engine.sandboxes:
        raise SandboxNotFoundError(f"Sandbox [{name}] does not exist.", entity=name, kind="sandbox")
    return name
