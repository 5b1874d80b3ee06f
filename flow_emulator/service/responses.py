"""The responses that collections share: one entity, a write, a list; and query parameters."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from flow_emulator.errors import LimitWithCountError, QueryParameterError, QueryValueError
from flow_emulator.http.messages import Request, Response
from flow_emulator.http.paths import FLOW_SERVICE
from flow_emulator.models.context import Context
from flow_emulator.models.flows import flows
from flow_emulator.models.queries import lists
from flow_emulator.models.queries.filters import parse_filters
from flow_emulator.models.queries.lists import MAX_LIMIT, Query, Show
from flow_emulator.store import Entity

_LIST_PARAMETERS: Final = ("property", "limit", "orderby", "continuationToken", "count")


def base_url(request: Request) -> str:
    """Return the address of the emulator for the client, such as ``http://127.0.0.1:8391``."""
    return f"http://{request.headers.get('host', 'emulator')}"


def entity_response(context: Context, shown: Any) -> Response:
    """Return one entity, in ``items`` or by the switch bare."""
    return Response(body=shown if context.behaviour.body == "bare" else {"items": [shown]})


def created_response(entity: Entity) -> Response:
    """Return 201 with id and etag, and the location of the entity."""
    location = f"{FLOW_SERVICE}/{entity.collection}/{entity.id}"
    return Response(201, {"id": entity.id, "etag": entity.etag}, {"Location": location})


def updated_response(entity: Entity) -> Response:
    """Return 200 with id and the new etag."""
    return Response(200, {"id": entity.id, "etag": entity.etag})


def deleted_response(context: Context) -> Response:
    """Return the empty response to a delete."""
    return Response(context.behaviour.delete_status)


def require_known_parameters(request: Request, known: tuple[str, ...]) -> None:
    """Raise QueryParameterError for parameters that the operation does not have."""
    unknown = sorted({name for name, _ in request.query} - set(known))
    if unknown:
        raise QueryParameterError(f"Unknown query parameters: {', '.join(unknown)}.")


def list_response(request: Request, context: Context, collection: str, show: Show) -> Response:
    """Return a page of a collection, or with ``count=true`` the number of matching entities.

    By the switch, a page of flows has only the fields in ``projectionFields`` (article ka-30528).
    """
    projects = collection == flows.COLLECTION and context.behaviour.projection_of_lists == "accept"
    require_known_parameters(request, (*_LIST_PARAMETERS, *(["projectionFields"] if projects else [])))
    filters = tuple(parse_filters(request.values("property"), collection))
    if _count(request):
        return Response(body={"count": lists.count(context, collection, filters, show)})
    limit = integer_parameter(request, "limit", context.behaviour.default_page_size, 1, MAX_LIMIT)
    order = request.value("orderby")
    query = Query(
        filters,
        limit,
        lists.parse_order(order, collection) if order is not None else (),
        request.value("continuationToken"),
    )
    page = lists.page(context, collection, query, show)
    links = {} if page.next_token is None else {"next": {"href": _next(request, collection, page.next_token)}}
    return Response(body={"items": _project(request, page.items), "_links": links})


def _project(request: Request, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return of each item only the fields in ``projectionFields``, joined by commas; all without it."""
    text = request.value("projectionFields")
    if text is None:
        return items
    fields = set(text.split(","))
    return [{name: value for name, value in item.items() if name in fields} for item in items]


def integer_parameter(request: Request, name: str, default: int, least: int, most: int) -> int:
    """Return a query parameter that is an integer within bounds. Raises QueryValueError."""
    text = request.value(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        raise QueryValueError(f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def _count(request: Request) -> bool:
    text = request.value("count")
    if text is None or text.lower() == "false":
        return False
    if text.lower() != "true":
        raise QueryValueError("count must be true or false.")
    if request.value("limit") is not None:
        raise LimitWithCountError("Send either limit or count=true.")
    return True


def _next(request: Request, collection: str, token: str) -> str:
    """Return the address of the next page, relative to the service, with the same filters and order."""
    kept = [(name, value) for name, value in request.query if name != "continuationToken"]
    return f"/{collection}?{urlencode([*kept, ('continuationToken', token)])}"
