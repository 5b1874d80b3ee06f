"""Queries of lists, and the two ways in which Flow Service goes on to the next page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from provider_shim.client.entities import JsonObject
from provider_shim.client.models import ListResponse

DATA_LAKE_SPEC_ID = "23598e46-f560-407b-88d5-ea6207e49db0"
"""The connection spec of the data lake, the source of every dataset export (tutorial "Export datasets")."""


class PagingLoop(Exception):
    """A list leads back to a page that was already read."""


def query(pairs: Sequence[tuple[str, str]]) -> str:
    """An encoded query. A space becomes `%20`, as Adobe's page on sorting and filtering writes it, and the
    comma stays, as the tutorial writes it.
    """
    return urlencode(pairs, quote_via=quote, safe=",")


def list_query(filters: Sequence[str], orderby: str | None, limit: int | None) -> str:
    """The first page's query. Each filter, `path==value`, is a `property` of its own; all must hold."""
    pairs = [("property", expression) for expression in filters]
    if orderby is not None:
        pairs.append(("orderby", orderby))
    if limit is not None:
        pairs.append(("limit", str(limit)))
    return query(pairs)


def datasets_query(start: int, limit: int) -> str:
    """A page of the exportable datasets, exactly as the tutorial asks for it."""
    return query(
        [
            ("outputType", "activationDatasets"),
            ("outputField", "datasets"),
            ("start", str(start)),
            ("limit", str(limit)),
            ("properties", "name,state"),
        ]
    )


def next_query(page: ListResponse, path: str, seen: set[str]) -> str | None:
    """The query of the page after this one; None after the last.

    Only the query is taken from the link: our token must not follow it to another host. `seen` collects the
    continuation tokens. Raises `ValueError` for a link to another collection, `PagingLoop` for a circle.
    """
    href = page.links.next.href if page.links and page.links.next else None
    if not href:
        return None
    link = urlsplit(href)
    if link.path and not f"/{link.path.strip('/')}".endswith(path):
        raise ValueError("The next page's link leads to another collection.")
    token = (parse_qs(link.query).get("continuationToken") or [link.query])[0]
    if not token:
        raise ValueError("The next page's link has no continuation token.")
    if token in seen:
        raise PagingLoop("The list goes round in circles: a continuation token came twice.")
    seen.add(token)
    return link.query


def next_start(page: ListResponse, start: int, limit: int) -> int | None:
    """Where the next page of datasets begins; None after the last.

    The tutorial's answers have `pageInfo`; the OpenAPI document's example has none, and then a page that
    isn't full is the last one.
    """
    more = page.page_info.has_next if page.page_info else len(page.items) >= limit
    return start + limit if more else None


def check_progress(items: Sequence[JsonObject], seen: set[str]) -> None:
    """Remember the ids of a page; raises `PagingLoop` for a page that brings nothing new, though more was
    announced."""
    ids = {str(item.get("id")) for item in items}
    if ids <= seen:
        raise PagingLoop("The list goes round in circles: a page brings nothing new.")
    seen |= ids
