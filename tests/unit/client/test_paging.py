"""Lists are read to their end, by link or by offset, and a repeated page is an error."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from provider_shim.client import paging
from provider_shim.client.entities import Collection
from provider_shim.client.errors import InvalidResponse

BASE = "https://platform.adobe.io/data/foundation/flowservice"
CONFIGS = f"{BASE}/connectionSpecs/23598e46-f560-407b-88d5-ea6207e49db0/configs"


def page(ids: list[str], **more: Any) -> httpx.Response:
    """A page with objects of these ids."""
    return httpx.Response(200, json={"items": [{"id": id_} for id_ in ids], **more})


def link(href: str) -> dict[str, Any]:
    """The `_links` of a page that isn't the last."""
    return {"next": {"href": href}}


async def ids_of(items: Any) -> list[str]:
    """The ids of a whole list."""
    return [item["id"] async for item in items]


@pytest.mark.parametrize("last", [{}, {"_links": {}}, {"_links": None}, {"_links": {"next": None}}])
def test_links_are_followed_until_there_is_none(server: Any, last: dict[str, Any]) -> None:
    """The next page is requested with the query of the link; a missing or empty link ends the list."""
    server.responses = [
        page(["a", "b"], _links=link("/flows?limit=2&continuationToken=t%3D1%2F%2B")),
        page(["c"], **last),
    ]
    listed = server.client().list(
        Collection.FLOWS,
        filters=["inheritedAttributes.targetConnections[].data.outputType==DATASET_EXPORT", "name==a b"],
        orderby="-createdAt,+name",
        limit=2,
    )
    assert asyncio.run(ids_of(listed)) == ["a", "b", "c"]
    assert [str(request.url) for request in server.requests] == [
        f"{BASE}/flows?property=inheritedAttributes.targetConnections%5B%5D.data.outputType%3D%3D"
        "DATASET_EXPORT&property=name%3D%3Da%20b&orderby=-createdAt,%2Bname&limit=2",
        f"{BASE}/flows?limit=2&continuationToken=t%3D1%2F%2B",
    ]


def test_a_plain_list_has_no_query(server: Any) -> None:
    """A list without arguments has no query."""
    server.responses = [page([])]
    assert asyncio.run(ids_of(server.client().list(Collection.RUNS))) == []
    assert str(server.requests[0].url) == f"{BASE}/runs"


@pytest.mark.parametrize(
    "href",
    [
        "/data/foundation/flowservice/flows?continuationToken=t",
        "https://elsewhere.example/data/foundation/flowservice/flows?continuationToken=t",
        "?continuationToken=t",
    ],
)
def test_a_link_never_leads_to_another_host(server: Any, href: str) -> None:
    """Only the query of a link is used, so that the token is sent to the configured endpoint only."""
    server.responses = [page(["a"], _links=link(href)), page(["b"])]
    assert asyncio.run(ids_of(server.client().list(Collection.FLOWS))) == ["a", "b"]
    assert str(server.requests[1].url) == f"{BASE}/flows?continuationToken=t"


@pytest.mark.parametrize("href", ["/runs?continuationToken=t", "/flows", "https://platform.adobe.io"])
def test_an_unusable_link_is_an_invalid_response(server: Any, href: str) -> None:
    """A link to another collection or without a token is an error, so that a list doesn't end early."""
    server.responses = [page(["a"], _links=link(href)), page([])]
    with pytest.raises(InvalidResponse, match="next page"):
        asyncio.run(ids_of(server.client().list(Collection.FLOWS)))


def test_the_same_token_twice_is_an_error(server: Any) -> None:
    """A continuation token that occurs twice is an error instead of an endless list."""
    server.responses = [
        page(["a"], _links=link("/flows?continuationToken=1")),
        page(["b"], _links=link("/flows?continuationToken=2")),
        page(["c"], _links=link("/flows?limit=9&continuationToken=1")),
    ]
    with pytest.raises(InvalidResponse, match="repeats itself"):
        asyncio.run(ids_of(server.client().list(Collection.FLOWS)))


def test_a_list_without_items_is_an_invalid_response(server: Any) -> None:
    """A response without items is an error, not an empty list."""
    server.responses = [httpx.Response(200, json={"message": "hello"})]
    with pytest.raises(InvalidResponse, match="items"):
        asyncio.run(ids_of(server.client().list(Collection.FLOWS)))


def test_a_list_that_is_left_early_requests_no_more(server: Any) -> None:
    """Pages are fetched only when they are needed."""
    server.responses = [page(["a", "b"], _links=link("/flows?continuationToken=1"))]

    async def first() -> str:
        items = server.client().list(Collection.FLOWS)
        found: str = (await anext(items))["id"]
        await items.aclose()
        return found

    assert asyncio.run(first()) == "a"
    assert len(server.requests) == 1


def test_datasets_are_paged_by_offset(server: Any) -> None:
    """The exportable datasets are requested as in the tutorial, from `start` in steps of `limit`."""
    server.responses = [
        page(["a", "b"], pageInfo={"start": 0, "end": 1, "total": 3, "hasNext": True}),
        page(["c"], pageInfo={"start": 2, "end": 2, "total": 3, "hasNext": False}),
    ]
    assert asyncio.run(ids_of(server.client().datasets(page_size=2))) == ["a", "b", "c"]
    query = "outputType=activationDatasets&outputField=datasets&start={}&limit=2&properties=name,state"
    assert [str(request.url) for request in server.requests] == [
        f"{CONFIGS}?{query.format(0)}",
        f"{CONFIGS}?{query.format(2)}",
    ]


def test_datasets_without_page_info_end_with_a_page_that_is_not_full(server: Any) -> None:
    """Without page information a full page is followed by a request for the next one."""
    server.responses = [page(["a", "b"]), page(["c"])]
    assert asyncio.run(ids_of(server.client().datasets(page_size=2))) == ["a", "b", "c"]


@pytest.mark.parametrize("second", [["a", "b"], []])
def test_datasets_that_repeat_are_an_error(server: Any, second: list[str]) -> None:
    """A page without new objects is an error instead of an endless list."""
    more = {"hasNext": True}
    server.responses = [page(["a", "b"], pageInfo=more), page(second, pageInfo=more)]
    with pytest.raises(InvalidResponse, match="repeats itself"):
        asyncio.run(ids_of(server.client().datasets(page_size=2)))


@pytest.mark.parametrize("limit", ["MAX_PAGES", "MAX_OBJECTS"])
@pytest.mark.parametrize("kind", ["link", "offset"])
def test_a_list_that_never_ends_is_an_error(
    server: Any, monkeypatch: pytest.MonkeyPatch, limit: str, kind: str
) -> None:
    """A server with ever new tokens and objects is left after a number of pages, and of objects."""
    monkeypatch.setattr(paging, limit, 20)

    def endless(request: httpx.Request) -> httpx.Response:
        server.responses.append(endless)
        number = len(server.requests)
        more = {"_links": link(f"/flows?continuationToken={number}")} if kind == "link" else {}
        return page([f"{number}-a", f"{number}-b"], pageInfo={"hasNext": True}, **more)

    server.responses = [endless]
    client = server.client()
    items = client.list(Collection.FLOWS) if kind == "link" else client.datasets(page_size=2)
    noun = limit.removeprefix("MAX_").lower()
    with pytest.raises(
        InvalidResponse, match=f"more than 20 {noun}, so it is not read to its end. Check that"
    ):
        asyncio.run(ids_of(items))
    assert len(server.requests) == (20 if noun == "pages" else 10)


@pytest.mark.parametrize("kind", ["link", "offset"])
def test_a_list_of_large_pages_is_an_error(server: Any, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The bytes of all pages have a limit too, whatever they contain."""
    monkeypatch.setattr(paging, "MAX_MEBIBYTES", 4)

    def endless(request: httpx.Request) -> httpx.Response:
        server.responses.append(endless)
        number = len(server.requests)
        more = {"_links": link(f"/flows?continuationToken={number}")} if kind == "link" else {}
        return page([f"{number}"], pageInfo={"hasNext": True}, padding="x" * 2**20, **more)

    server.responses = [endless]
    client = server.client()
    items = client.list(Collection.FLOWS) if kind == "link" else client.datasets(page_size=2)
    with pytest.raises(
        InvalidResponse, match=r"more than 4 MiB, .* Check that the endpoint is Flow Service's"
    ):
        asyncio.run(ids_of(items))
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "href",
    [
        f"/flows?continuationToken={'x' * 100_000}",
        "/flows?continuationToken=a\r\nHost: evil.example",
        "/flows?continuationToken=a b",
        "/flows?continuationToken=\u00e4",
        "http://[canary]/flows?continuationToken=t",
        "http://[::1/flows?continuationToken=t",
    ],
)
def test_a_link_that_can_not_be_sent_is_an_invalid_response(server: Any, href: str) -> None:
    """Spaces and controls in a link, and a link of megabytes, are errors of the response."""
    server.responses = [page(["a"], _links=link(href)), page([])]
    with pytest.raises(InvalidResponse, match="next page") as caught:
        asyncio.run(ids_of(server.client().list(Collection.FLOWS)))
    assert "canary" not in str(caught.value)
    assert len(server.requests) == 1
