"""The shapes of responses on Adobe's pages: of errors, and of responses on which the pages disagree.

Errors: the gateway's and the general platform shape from the "Experience Platform troubleshooting guide",
Flow Service's current one from the pages on labels, the older and the plain one from OpenAPI 'Flow Service -
Destinations' (2024-11-13); the empty one from OpenAPI 'Flow Service API - Sources' (2025-04-08).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from flow_emulator.errors import Body
from flow_emulator.http.messages import Response

ERROR_SHAPES: Final = ("gateway", "problem", "older", "generic", "plain", "empty", "html")

_USUAL_SHAPE: Final[Mapping[int, str]] = {
    **dict.fromkeys((401, 403, 429), "gateway"),
    **dict.fromkeys((500, 503), "empty"),
    **dict.fromkeys((502, 504), "html"),
}
_BODILESS: Final = (204, 205, 304)
_GATEWAY_CODES: Final = {400: "400003", 401: "401013", 403: "403025", 429: "429050"}
_FLOW_CODES: Final = {404: "1439", 412: "1404"}


def error_response(options: Mapping[str, Any], status: int, request_id: str) -> Response:
    """Return a response with a status and the body that the options choose; by default the usual one."""
    shape = options.get("shape") or _USUAL_SHAPE.get(status, "problem")
    message = options.get("message") or f"{_phrase(status)}: a fault that was set in the emulator."
    if shape == "empty" or status in _BODILESS:
        return Response(status)
    if shape == "html":
        page = f"<html><head><title>{status} {_phrase(status)}</title></head><body></body></html>"
        return Response(status, page, {"content-type": "text/html"})
    return Response(status, _error(shape, status, options.get("code"), message, request_id))


def _error(shape: str, status: int, code: str | None, message: str, request_id: str) -> Body:
    if shape == "gateway":
        return {"error_code": code or _GATEWAY_CODES.get(status, f"{status}000"), "message": message}
    if shape == "older":
        return {"errorMessage": message, "errorDetails": _phrase(status)}
    if shape == "plain":
        return {"message": message}
    if shape == "generic":
        title = _phrase(status).title().replace(" ", "")
        return {
            "type": "/placeholder/type/uri",
            "status": status,
            "title": f"{title}Error",
            "detail": message,
        }
    return {
        "type": f"https://ns.adobe.com/aep/errors/FLOW-{code or _FLOW_CODES.get(status, '1400')}-{status}",
        "title": _phrase(status),
        "status": status,
        "report": {"detailed-message": message, "request-id": request_id},
        "errorMessage": message,
        "errorDetails": _phrase(status),
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _bare(response: Response) -> Response:
    match response.body:
        case {"items": [dict() as only], **more} if not more:
            return replace(response, body=only)
    return response


def _wrapped(response: Response) -> Response:
    match response.body:
        case {"id": _}:
            return replace(response, body={"items": [response.body]})
    return response


def _without_etag(response: Response) -> Response:
    match response.body:
        case {"id": entity_id, "etag": _, **more} if not more:
            return replace(response, body={"id": entity_id})
    return response


def _other_etag_key(response: Response) -> Response:
    match response.body:
        case {"items": list(items), **more}:
            return replace(response, body={**more, "items": [_renamed(item) for item in items]})
    return replace(response, body=_renamed(response.body))


def _renamed(shown: Any) -> Any:
    if not isinstance(shown, dict):
        return shown
    return {"eTag" if key == "etag" else key: value for key, value in shown.items()}


def _numeric_code(response: Response) -> Response:
    match response.body:
        case {"error_code": str(code)} if code.isdigit():
            return replace(response, body={**response.body, "error_code": int(code)})
    return response


def _older_error(response: Response) -> Response:
    match response.body:
        case {"report": _, "errorMessage": message, "errorDetails": details}:
            return replace(response, body={"errorMessage": message, "errorDetails": details})
    return response


def _older_error_short(response: Response) -> Response:
    match response.body:
        case {"errorMessage": message}:
            return replace(response, body={"errorMessage": message})
    return response


def _missing_400(response: Response) -> Response:
    match response.body:
        case {"type": str(kind)} if kind.endswith("/FLOW-1439-404"):
            body = {**response.body, "type": kind.removesuffix("404") + "400", "status": 400}
            return replace(response, status=400, body=body)
    return response


def _deleted_as(status: int) -> Callable[[Response], Response]:
    def reshape(response: Response) -> Response:
        return (
            replace(response, status=status)
            if response.body is None and 200 <= response.status < 300
            else response
        )

    return reshape


RESHAPINGS: Final[Mapping[str, tuple[str, Callable[[Response], Response]]]] = {
    "bare": ("A read shows the entity without `items`, as the 2026 tutorial.", _bare),
    "wrapped": ("An entity, or id and etag, inside `items`, as the sources' OpenAPI.", _wrapped),
    "no-etag": ("A write responds with the id only, as one sample of Adobe's.", _without_etag),
    "other-etag-key": ("`eTag` instead of `etag`, as the sources' OpenAPI has it for runs.", _other_etag_key),
    "numeric-code": ("A gateway's `error_code` as a number, as the destinations' OpenAPI.", _numeric_code),
    "older-error": ("An error as `errorMessage` and `errorDetails` only.", _older_error),
    "older-error-short": ("An error as `errorMessage` only.", _older_error_short),
    "missing-400": ("Not found as 400 with `FLOW-1439-400`, as the page of errors.", _missing_400),
    "deleted-200": ("A delete responds with 200.", _deleted_as(200)),
    "deleted-202": ("A delete responds with 202, as the destinations' OpenAPI.", _deleted_as(202)),
    "deleted-204": ("A delete responds with 204, as the sources' OpenAPI.", _deleted_as(204)),
}
