"""The log of requests that ``/_emulator/requests`` shows: everything that came, with every secret starred."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from flow_emulator.clock import to_text
from flow_emulator.errors import BadRequestError
from flow_emulator.http.messages import Request, parse_json
from flow_emulator.specs.secret_params import MASK, mask

# Headers whose value is shown; of all others only that they came.
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
    """The log entry of a request that was answered with ``status`` and, when refused, ``code``."""
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
        return _masked(parse_json(request.content))
    except BadRequestError:
        return f"<{len(request.content)} bytes that are not JSON>"


def _masked(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _auth(value) if name == "auth" else value for name, value in body.items()}
    if isinstance(body, list):
        return [_operation(item) for item in body]
    return body


def _auth(value: Any) -> Any:
    """The ``auth`` of a connection: its spec's name and the parameters, secrets starred."""
    if not isinstance(value, dict):
        return MASK if value is not None else None
    return {name: part if name == "specName" else _params(part) for name, part in value.items()}


def _params(value: Any) -> Any:
    return mask(value) if isinstance(value, dict) else MASK


def _operation(operation: Any) -> Any:
    """One operation of a patch; the value is starred where its path leads into ``auth``."""
    if not isinstance(operation, dict) or "value" not in operation:
        return operation
    path = str(operation.get("path", ""))
    if not path.strip("/ ").lower().startswith("auth"):
        return operation
    if path == "/auth":
        return {**operation, "value": _auth(operation["value"])}
    if path == "/auth/params":
        return {**operation, "value": _params(operation["value"])}
    name = path.removeprefix("/auth/params/")
    return {**operation, "value": mask({name: operation["value"]})[name]}
