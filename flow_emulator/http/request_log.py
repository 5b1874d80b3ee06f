"""The entries of the request log that ``/_emulator/requests`` shows, with every secret masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from flow_emulator.clock import to_text
from flow_emulator.errors import BadRequestError
from flow_emulator.http.messages import Request, parse_json
from flow_emulator.http.paths import FLOW_SERVICE
from flow_emulator.identity import DEFAULT_SANDBOX
from flow_emulator.models.connections import base_connections
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
_AUTH: Final = "auth"
_SHORTEST_TOKEN: Final = 8
# Fields whose value is text; anything else in them is a mistake, and may be anything.
_TEXT_FIELDS: Final = frozenset(
    {"name", "description", "state", "op", "path", "from", "queryString", "orderby"}
)
# The fields of bodies whose value is shown; of all others only the name is.
_ACCOUNT_FIELDS: Final = _TEXT_FIELDS | {
    "connectionSpec",
    "count",
    "encryption",
    "encryptionSpecs",
    "groupByProperty",
    "limit",
    "projectionFields",
}
_OPEN_FIELDS: Final = _ACCOUNT_FIELDS | {
    "activationInfo",
    "baseConnectionId",
    "data",
    "flowSpec",
    "labels",
    "params",
    "policy",
    "scheduleParams",
    "sourceConnectionIds",
    "targetConnectionIds",
    "transformations",
}
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
        "requestId": MASK if _has_token(request.headers, request.request_id) else request.request_id,
    }


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value if name in _OPEN_HEADERS and not _has_token(headers, value) else MASK
        for name, value in headers.items()
    }


def _has_token(headers: Mapping[str, str], value: str) -> bool:
    """Return whether a value has the access token, as when a client confuses two headers."""
    token = headers.get("authorization", "").rpartition(" ")[2]
    return len(token) >= _SHORTEST_TOKEN and token in value


def _query_value(request: Request, name: str, value: str) -> str:
    if request.path.startswith("/ims/"):
        return value if name in _OPEN_TOKEN_FIELDS else MASK
    return MASK if _AUTH in value.lower() else value


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
    # What a base connection has no field for may be a secret in the wrong place.
    is_account = request.path.startswith(f"{FLOW_SERVICE}/{base_connections.COLLECTION}")
    shown = _Shown(_public_params(request, body), _ACCOUNT_FIELDS if is_account else _OPEN_FIELDS)
    return shown.body(body)


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


@dataclass(frozen=True)
class _Shown:
    """What is shown of a body: the parameters of ``auth`` that are no secrets, and the open fields."""

    params: frozenset[str]
    fields: frozenset[str]

    def body(self, body: Any) -> Any:
        """Return a body, masked where it is not one of Adobe's."""
        if isinstance(body, list):
            return [self._operation(item) for item in body]
        if not isinstance(body, dict):
            return body if isinstance(body, int | float | None) else MASK
        return (
            self._operation(body) if "op" in body else {name: self._field(name, body[name]) for name in body}
        )

    def _field(self, name: str, value: Any) -> Any:
        if name == _AUTH:
            return self._auth(value)
        if name in _TEXT_FIELDS and isinstance(value, dict | list):
            return MASK
        is_open = name in self.fields and not (isinstance(value, str) and f"{_AUTH}." in value.lower())
        return value if is_open else MASK

    def _auth(self, value: Any) -> Any:
        """Return the ``auth`` of a connection: its spec's name and the parameters, secrets masked."""
        if not isinstance(value, dict):
            return MASK if value is not None else None
        return {
            name: part if name == "specName" and isinstance(part, str) else self._params(part)
            for name, part in value.items()
        }

    def _params(self, value: Any) -> Any:
        return mask(value, self.params) if isinstance(value, dict) else MASK

    def _operation(self, operation: Any) -> Any:
        """Return one operation of a patch, its value masked unless its path leads to an open field."""
        if not isinstance(operation, dict):
            return MASK
        return {
            name: self._value(str(operation.get("path", "")), part)
            if name == "value"
            else self._field(name, part)
            for name, part in operation.items()
        }

    def _value(self, path: str, value: Any) -> Any:
        if path == f"/{_AUTH}":
            return self._auth(value)
        if path == f"/{_AUTH}/params":
            return self._params(value)
        name = path.removeprefix(f"/{_AUTH}/params/")
        if name != path:
            return value if name in self.params else MASK
        return self._field(path.strip("/").partition("/")[0], value)
