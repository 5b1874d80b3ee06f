"""Parsing of successful responses, with or without the `items` wrapper: Adobe's documents show both."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import ValidationError

from provider_shim import shapes
from provider_shim.client.entities import Entity, JsonObject, WriteResult
from provider_shim.client.errors import InvalidResponse, NotFound
from provider_shim.client.http import json_body
from provider_shim.client.http.http_session import RequestSpec, Response
from provider_shim.client.models import EntityResponse, ListResponse, ResponseModel, WriteResponse

M = TypeVar("M", bound=ResponseModel)

_MAX_PROBLEMS = 5
"""Errors of one body that are listed."""


def entity(request: RequestSpec, response: Response) -> Entity:
    """Read one object, from `{"items": [{...}]}` (OpenAPI, older documents) or without wrapper (2026
    tutorial).

    Raises:
        NotFound: The list is empty.
        InvalidResponse: The body isn't one object with an id.
    """
    body = _single(request, response)
    if body is None:
        raise NotFound(
            "The response contains no object.",
            status=response.status,
            request_id=response.request_id,
            method=request.method,
            path=request.path,
        )
    model = _validated(EntityResponse, request, response, body)
    version = body.get("version")
    etag = model.etag or model.e_tag or response.etag or (version if _is_etag(version) else None)
    return Entity(body, etag)


def json_object(request: RequestSpec, response: Response) -> JsonObject:
    """Read a JSON object that has no wrapper. Raises `InvalidResponse` for any other body."""
    body = _json(request, response)
    if not isinstance(body, dict):
        raise invalid_response(request, response, _not_an_object(body))
    return body


def write_result(request: RequestSpec, response: Response, *, known_id: str | None = None) -> WriteResult:
    """Read the response to a write: `{id, etag}`, or the list wrapper of the sources' OpenAPI document.

    `known_id` is used if the body is empty, which is a valid response to a change of a known object.
    """
    if known_id is not None and not response.content.strip():
        return WriteResult(known_id, response.etag)
    body = _single(request, response)
    model = _validated(WriteResponse, request, response, body)
    return WriteResult(model.id, model.etag or response.etag)


def page(request: RequestSpec, response: Response) -> ListResponse:
    """Read a page of a list. Raises `InvalidResponse` if it has no `items`."""
    return _validated(ListResponse, request, response, _json(request, response))


def invalid_response(request: RequestSpec, response: Response, message: str) -> InvalidResponse:
    """Make the error for a response with a success status and an unusable body."""
    return InvalidResponse(
        message,
        status=response.status,
        request_id=response.request_id,
        method=request.method,
        path=request.path,
    )


def _json(request: RequestSpec, response: Response) -> Any:
    try:
        return json_body.parse(response.content)
    except json_body.UnusableJson as reason:
        raise invalid_response(request, response, str(reason)) from None


def _single(request: RequestSpec, response: Response) -> JsonObject | None:
    """Remove the wrapper, if any. Returns None for an empty wrapper."""
    body = _json(request, response)
    if isinstance(body, dict) and isinstance(items := body.get("items"), list) and "id" not in body:
        if not items:
            return None
        if len(items) > 1:
            raise invalid_response(
                request, response, f"The response contains {len(items)} objects instead of one."
            )
        body = items[0]
    if not isinstance(body, dict):
        raise invalid_response(request, response, _not_an_object(body))
    return body


def _not_an_object(body: Any) -> str:
    return f"The response isn't a JSON object, but {shapes.of_value(body)}."


def _validated(model: type[M], request: RequestSpec, response: Response, body: Any) -> M:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise invalid_response(
            request,
            response,
            f"The response doesn't have the documented form: {describe_validation_error(error)}.",
        ) from None


def describe_validation_error(error: ValidationError) -> str:
    """List the first errors of a model with their locations, without values, which can be secret."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    listed = [
        f"{'.'.join(map(str, problem['loc'])) or 'the body'}: {problem['msg'].lower()}"
        for problem in problems[:_MAX_PROBLEMS]
    ]
    others = len(problems) - len(listed)
    return "; ".join([*listed, f"and {others:,} more"] if others else listed)


def _is_etag(text: Any) -> bool:
    return isinstance(text, str) and re.fullmatch(r'"[\x20-\x7e]{1,1000}"', text) is not None
