"""``POST /connections/search``, ``/flows/search``, ``/flowSpecs/search``: lists whose filter is in the body.

Fields: OpenAPI 'Flow Service API - Sources' (2025-04-08), FlowFilterRequest. The syntax of ``queryString``
is not published; the emulator assumes that of lists, ``property=state==enabled&property=name==orders``.
"""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.errors import (
    InvalidBodyError,
    LimitWithCountError,
    QueryParameterError,
    QueryValueError,
    UnsupportedError,
)
from flow_emulator.http.messages import Request, Response, parse_query
from flow_emulator.models.body_checks import require_known_fields, require_object
from flow_emulator.models.connections import base_connections
from flow_emulator.models.context import Context
from flow_emulator.models.flows import flows
from flow_emulator.models.queries import lists, specs
from flow_emulator.models.queries.filters import parse_filters
from flow_emulator.models.queries.lists import Query, Show
from flow_emulator.service.responses import require_known_parameters

MAX_LIMIT: Final = 1000
_KIND: Final = "a search"
_FIELDS: Final = ("queryString", "limit", "orderby", "count", "projectionFields", "groupByProperty")


def search_connections(request: Request, context: Context) -> Response:
    """``/connections/search``."""
    return _search(request, context, base_connections.COLLECTION, base_connections.show)


def search_flows(request: Request, context: Context) -> Response:
    """``/flows/search``."""
    return _search(request, context, flows.COLLECTION, flows.show)


def search_flow_specs(request: Request, context: Context) -> Response:
    """``/flowSpecs/search``: all matching specs, as they are fewer than a page has."""
    body = _body(request)
    found = specs.matching(context.catalogue.flow_specs, _expressions(body))
    if body.get("count"):
        return Response(body={"count": len(found)})
    if body.get("orderby"):
        raise UnsupportedError("The emulator does not sort the flow specs of a search.")
    return Response(body={"items": found[: body.get("limit", MAX_LIMIT)], "_links": {}})


def _search(request: Request, context: Context, collection: str, show: Show) -> Response:
    body = _body(request)
    filters = tuple(parse_filters(_expressions(body), collection))
    if body.get("count"):
        return Response(body={"count": lists.count(context, collection, filters, show)})
    order = body.get("orderby")
    query = Query(
        filters,
        body.get("limit", context.behaviour.default_page_size),
        lists.parse_order(order, collection) if order is not None else (),
        request.value("continuationToken"),
    )
    page = lists.page(context, collection, query, show)
    href = f"/{collection}/search?continuationToken={page.next_token}"
    return Response(body={"items": page.items, "_links": {"next": {"href": href}} if page.next_token else {}})


def _body(request: Request) -> dict[str, Any]:
    require_known_parameters(request, ("continuationToken",))
    body = require_object(request.json(), _KIND)
    require_known_fields(body, _FIELDS, _KIND)
    for name in ("projectionFields", "groupByProperty"):
        if body.get(name):
            raise UnsupportedError(f"The emulator does not support {name} of a search.")
    for name, kind in (("queryString", str), ("orderby", str), ("count", bool)):
        if not isinstance(body.get(name, kind()), kind):
            raise InvalidBodyError(f"Cannot read {_KIND}", f"{name} has the wrong type")
    limit = body.get("limit", 1)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise QueryValueError(f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    if body.get("count") and "limit" in body:
        raise LimitWithCountError("Send either limit or count=true.")
    return body


def _expressions(body: dict[str, Any]) -> list[str]:
    pairs = parse_query(body.get("queryString", "").encode())
    unknown = sorted({name for name, _ in pairs} - {"property"})
    if unknown:
        raise QueryParameterError(f"Unknown parts of queryString: {', '.join(unknown)}.")
    return [value for _, value in pairs]
