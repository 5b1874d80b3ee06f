"""The entries of the request log that ``/_emulator/requests`` shows, with every secret masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from flow_emulator.clock import to_text
from flow_emulator.errors import BadRequestError
from flow_emulator.http.messages import Request, parse_json
from flow_emulator.identity import DEFAULT_SANDBOX
from flow_emulator.specs.secret_params import MASK, NO_PUBLIC_PARAMS, mask

# The headers whose value is shown; of all others only the name is.
_OPEN_HEADERS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "if-match",
        "user-agent",
        "x-api-key",
        "x-gw-ims-org-id",
        "x-request-id",
        "x-sandbox-name",
    }
)
_OPEN_TOKEN_FIELDS: Final = frozenset({"grant_type", "client_id", "scope"})


def entry(request: Request, status: int, code: str) -> dict[str, Any]:
    """Return the log entry of a request, with the status of its response and the code of its error."""
    return {
        "at": to_text(request.now),
        "method": request.method,
        "path": request.path,
        "query": [[name, _query_value(request, name, value)] for name, value in request.query],
        "headers": _headers(request.headers),
        "body": _body(request),
        "status": status,
        "code": code,
        "requestId": request.request_id,
    }


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value if name in _OPEN_HEADERS else MASK for name, value in headers.items()}


def _query_value(request: Request, name: str, value: str) -> str:
    if request.path.startswith("/ims/"):
        return value if name in _OPEN_TOKEN_FIELDS else MASK
    return MASK if value.startswith("auth.params") else value


def _body(request: Request) -> Any:
    if not request.content:
        return None
    if request.path.startswith("/ims/"):
        form = parse_qsl(request.content.decode("latin-1"), keep_blank_values=True)
        return {name: value if name in _OPEN_TOKEN_FIELDS else MASK for name, value in form}
    try:
        body = parse_json(request.content)
    except BadRequestError:
        return f"<{len(request.content)} bytes that are not JSON>"
    return _masked(body, _public_params(request, body))


def _public_params(request: Request, body: Any) -> frozenset[str]:
    """Return the names of the parameters to show, by the spec in the body or of the stored connection."""
    match body:
        case {"connectionSpec": {"id": str(spec_id)}}:
            return request.engine.catalogue.public_params(spec_id)
    org = request.headers.get("x-gw-ims-org-id", "")
    sandbox = request.headers.get("x-sandbox-name", DEFAULT_SANDBOX)
    stored = request.tx.entities.get("connections", org, sandbox, request.params.get("id", ""))
    return (
        NO_PUBLIC_PARAMS
        if stored is None
        else request.engine.catalogue.public_params(stored.doc["connectionSpec"]["id"])
    )


def _masked(body: Any, shown: frozenset[str]) -> Any:
    if isinstance(body, dict):
        return {name: _auth(value, shown) if name == "auth" else value for name, value in body.items()}
    if isinstance(body, list):
        return [_operation(item, shown) for item in body]
    return body


def _auth(value: Any, shown: frozenset[str]) -> Any:
    """Return the ``auth`` of a connection: its spec's name and the parameters, secrets masked."""
    if not isinstance(value, dict):
        return MASK if value is not None else None
    return {name: part if name == "specName" else _params(part, shown) for name, part in value.items()}


def _params(value: Any, shown: frozenset[str]) -> Any:
    return mask(value, shown) if isinstance(value, dict) else MASK


def _operation(operation: Any, shown: frozenset[str]) -> Any:
    """Return one operation of a patch, its value masked where its path leads into ``auth``."""
    if not isinstance(operation, dict) or "value" not in operation:
        return operation
    path = str(operation.get("path", ""))
    if not path.strip("/ ").lower().startswith("auth"):
        return operation
    if path == "/auth":
        return {**operation, "value": _auth(operation["value"], shown)}
    if path == "/auth/params":
        return {**operation, "value": _params(operation["value"], shown)}
    name = path.removeprefix("/auth/params/")
    return {**operation, "value": operation["value"] if name in shown else MASK}
