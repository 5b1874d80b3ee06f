"""Queries of lists, and the two ways in which Flow Service continues a list: by link and by offset."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from provider_shim.client.entities import JsonObject
from provider_shim.client.models import ListResponse

DATA_LAKE_SPEC_ID = "23598e46-f560-407b-88d5-ea6207e49db0"
"""The connection spec of the data lake, the source of every dataset export (tutorial "Export datasets")."""


MAX_PAGES = 2_000
MAX_OBJECTS = 200_000
"""Pages and objects of one list, with pages of a hundred. No sandbox of Adobe's allows as many objects."""

MAX_MEBIBYTES = 256
"""Size of all pages of one list. A page of a hundred flows has less than one megabyte."""

_CONTINUATION = re.compile(r"[\x21-\x7e]{1,8000}")
"""A query that can be sent. Servers accept a request line of about 8,000 characters."""


class PagingLoop(Exception):
    """A list doesn't end: it returned a page that was already read, or too many pages or objects."""


class Seen(set[str]):
    """The continuation tokens or ids of a list that were read, and counts of pages, objects and bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._pages = 0
        self._objects = 0
        self._bytes = 0

    def count(self, items: Sequence[JsonObject], size: int) -> None:
        """Count a page with these objects and bytes. Raises `PagingLoop` if no real list is as long."""
        self._pages += 1
        self._objects += len(items)
        self._bytes += size
        for number, most, noun in (
            (self._pages, MAX_PAGES, "pages"),
            (self._objects, MAX_OBJECTS, "objects"),
            (self._bytes / 2**20, MAX_MEBIBYTES, "MiB"),
        ):
            if number >= most:
                raise PagingLoop(
                    f"The list has more than {most:,} {noun}, so it is not read to its end. "
                    "Check that the endpoint is Flow Service's."
                )


def query(pairs: Sequence[tuple[str, str]]) -> str:
    """Encode a query. A space becomes `%20`, as on Adobe's page on sorting and filtering, and a comma is not
    encoded, as in the tutorial.
    """
    return urlencode(pairs, quote_via=quote, safe=",")


def list_query(filters: Sequence[str], orderby: str | None, limit: int | None) -> str:
    """Build the query of the first page. Each filter, `path==value`, becomes a `property`; all must match."""
    pairs = [("property", expression) for expression in filters]
    if orderby is not None:
        pairs.append(("orderby", orderby))
    if limit is not None:
        pairs.append(("limit", str(limit)))
    return query(pairs)


def datasets_query(start: int, limit: int) -> str:
    """Build the query of a page of the exportable datasets, with the parameters of the tutorial."""
    return query(
        [
            ("outputType", "activationDatasets"),
            ("outputField", "datasets"),
            ("start", str(start)),
            ("limit", str(limit)),
            ("properties", "name,state"),
        ]
    )


def next_query(page: ListResponse, path: str, seen: Seen, size: int) -> str | None:
    """Get the query of the next page from a page's link, or None after the last page.

    Only the query of the link is used, so that the access token is never sent to another host. `seen`
    collects the continuation tokens, and `size` is the number of bytes of the page.

    Raises:
        ValueError: The link leads to another collection or has no continuation token.
        PagingLoop: The continuation token occurred before, or the list is too long.
    """
    href = page.links.next.href if page.links and page.links.next else None
    if not href:
        return None
    seen.count(page.items, size)
    try:
        link = urlsplit(href)
    except ValueError:
        raise ValueError("The next page's link is not a URL.") from None  # not its text, which has a value
    if link.query and not _CONTINUATION.fullmatch(link.query):
        raise ValueError("The next page's link can't be sent: it is too long, or has spaces or controls.")
    if link.path and not f"/{link.path.strip('/')}".endswith(path):
        raise ValueError("The next page's link leads to another collection.")
    token = (parse_qs(link.query).get("continuationToken") or [link.query])[0]
    if not token:
        raise ValueError("The next page's link has no continuation token.")
    if token in seen:
        raise PagingLoop("The list repeats itself: it returned the same continuation token twice.")
    seen.add(token)
    return link.query


def next_start(page: ListResponse, start: int, limit: int) -> int | None:
    """Get the offset of the next page of datasets, or None after the last page.

    The responses in the tutorial have `pageInfo`. The example in the OpenAPI document has none; then a page
    that isn't full is the last one.
    """
    more = page.page_info.has_next if page.page_info else len(page.items) >= limit
    return start + limit if more else None


def check_progress(items: Sequence[JsonObject], seen: Seen, size: int) -> None:
    """Add a page of `size` bytes that another one follows to `seen`.

    Raises `PagingLoop` if all its ids occurred before, or if the list is too long.
    """
    seen.count(items, size)
    ids = {str(item.get("id")) for item in items}
    if ids <= seen:
        raise PagingLoop("The list repeats itself: it returned a page without new objects.")
    seen |= ids
