"""The operations of Flow Service that dataset exports need.

Sources: the OpenAPI document "Flow Service - Destinations" (2024-11-13), and for operations that it
lacks (patching target and source connections, actions) "Flow Service API - Sources" (2025-04-08).
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from provider_shim.client import ad_hoc, paging, responses
from provider_shim.client.authorized_session import AuthorizedSession
from provider_shim.client.entities import MAX_ID_LENGTH, Collection, Entity, JsonObject, WriteResult
from provider_shim.client.errors import FlowServiceError, Invalid
from provider_shim.client.http.http_session import HttpSession, RequestSpec, Response
from provider_shim.client.http.retry import Retry
from provider_shim.client.http.scrubber import Scrubber, secrets_in, strings_in
from provider_shim.client.models import REQUESTS, ListResponse
from provider_shim.client.sandboxes import SANDBOXES_PATH
from provider_shim.client.settings import ClientSettings

__all__ = ["BASE_PATH", "Collection", "Entity", "FlowService"]

BASE_PATH = "/data/foundation/flowservice"
CONNECTORS_PATH = "/data/foundation/connectors"


class FlowService:
    """Client of Flow Service in one sandbox of one organisation. Creating it sends nothing.

    Every method raises `errors.FlowServiceError`, and no other exception, for failures outside this process.

    Args:
        settings: Endpoints, credentials, limits.
        transport: Replaces the network, for the emulator and for tests.
        sleep: Waits for a number of seconds between two attempts.
        jitter: Returns a random number from 0 to 1 that scatters these waits.
        now: Returns the seconds since 1970 by which tokens expire.
    """

    def __init__(
        self,
        settings: ClientSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._base = settings.endpoint.rstrip("/") + BASE_PATH
        self._scrubber = Scrubber([settings.client_secret, settings.access_token])
        self._http = HttpSession(settings, self._scrubber, transport=transport, now=now)
        retry = Retry(settings.max_retries, sleep, jitter)
        self._session = AuthorizedSession(settings, self._http, retry, self._scrubber, now=now)

    @property
    def client_id(self) -> str:
        """The client id that Flow Service records as the creator of objects."""
        return self._settings.client_id

    def server_time(self) -> float:
        """Get the time by Flow Service's clock, in seconds since 1970.

        It is never later than the service's own time, and usually less than two seconds earlier; see
        `ServerClock`. Before the first response it is this machine's time.
        """
        return self._http.server_clock.now()

    @property
    def sandbox_name(self) -> str:
        """The sandbox of all requests."""
        return self._settings.sandbox_name

    @property
    def organization_id(self) -> str:
        """The organisation of all requests; empty if it is not set, when no request can be sent."""
        return self._settings.organization_id

    def scrub(self, text: str) -> str:
        """Replace all secrets known to this client in a text, for messages built elsewhere."""
        return self._scrubber.scrub(text)

    async def aclose(self) -> None:
        """Close all connections and the transport."""
        await self._session.close()

    async def create(self, collection: Collection, body: JsonObject) -> WriteResult:
        """POST an object with exactly the given keys, in the given order.

        A create is not retried once the object may exist, because Flow Service has no idempotency key and
        names aren't unique.

        Raises:
            Invalid: Without a status, the body was rejected by the check before sending.
            OutcomeUnknown: The object may exist.
            ValueError: Objects of the collection can't be created.
        """
        if collection not in REQUESTS:
            raise ValueError(f"{collection} can't be created")
        try:
            REQUESTS[collection].model_validate(body)
        except ValidationError as error:
            # Not chained: the original exception contains the values.
            raise Invalid(
                f"The request isn't valid: {responses.describe_validation_error(error)}.",
                method="POST",
                path=f"/{collection}",
            ) from None
        request, response = await self._write("POST", f"/{collection}", body, idempotent=False)
        return responses.write_result(request, response)

    async def read(self, collection: Collection, id: str) -> Entity:  # noqa: A002 - Flow Service's name for it
        """GET one object. Raises `NotFound` if it doesn't exist or is hidden by an access label."""
        request, response = await self._get(f"/{collection}/{_segment(id)}")
        return responses.entity(request, response)

    async def patch(
        self,
        collection: Collection,
        id: str,  # noqa: A002 - Flow Service's name for it
        operations: Sequence[JsonObject],
        etag: str,
    ) -> WriteResult:
        """Apply JSON Patch operations to the version with this `etag`, which includes its quotes.

        Raises `VersionConflict` if the object has changed in the meantime.
        """
        path = f"/{collection}/{_segment(id)}"
        request, response = await self._write("PATCH", path, [*operations], headers={"If-Match": etag})
        return responses.write_result(request, response, known_id=id)

    async def delete(self, collection: Collection, id: str) -> None:  # noqa: A002 - Flow Service's name for it
        """DELETE an object. It can continue to exist for some time: Adobe documents the statuses 202 and 204.

        Raises `NotFound` if it has already been deleted.
        """
        await self._session.send(
            RequestSpec(base=self._base, method="DELETE", path=f"/{collection}/{_segment(id)}")
        )

    async def act(self, flow_id: str, action: Literal["enable", "disable"]) -> WriteResult:
        """Enable or disable a flow.

        The request is not retried after a lost response: Flow Service rejects an action that doesn't fit the
        state that the first request may have set.
        """
        request = RequestSpec(
            base=self._base,
            method="POST",
            path=f"/flows/{_segment(flow_id)}/action",
            query=paging.query([("op", action)]),
            idempotent=False,
        )
        return responses.write_result(request, await self._session.send(request), known_id=flow_id)

    async def list(
        self,
        collection: Collection,
        *,
        filters: Sequence[str] = (),
        orderby: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[JsonObject]:
        """Iterate over all objects of a collection, fetching pages as needed.

        Args:
            collection: The collection to list.
            filters: Expressions such as `flowId==<id>`, all of which must match.
            orderby: Comma-separated field names, each preceded by `+` or `-`.
            limit: Objects per page, at most 100.
        """
        path = f"/{collection}"
        query: str | None = paging.list_query(filters, orderby, limit)
        seen = paging.Seen()
        while query is not None:
            request, response, page = await self._page(path, query)
            for item in page.items:
                yield item
            try:
                query = paging.next_query(page, path, seen, len(response.content))
            except (ValueError, paging.PagingLoop) as error:
                raise responses.invalid_response(request, response, str(error)) from None

    async def datasets(self, *, page_size: int = 100) -> AsyncIterator[JsonObject]:
        """Iterate over all datasets that can be exported, with `id`, `name` and `state`.

        `page_size` is 1 to 100.
        """
        path = f"/connectionSpecs/{paging.DATA_LAKE_SPEC_ID}/configs"
        start: int | None = 0
        seen = paging.Seen()
        while start is not None:
            request, response, page = await self._page(path, paging.datasets_query(start, page_size))
            start = paging.next_start(page, start, page_size)
            try:
                if start is not None:
                    paging.check_progress(page.items, seen, len(response.content))
            except paging.PagingLoop as error:
                raise responses.invalid_response(request, response, str(error)) from None
            for item in page.items:
                yield item

    async def connection_spec(self, id: str) -> JsonObject:  # noqa: A002 - Flow Service's name for it
        """Get the connection spec of a destination: authentication methods, parameters, patterns."""
        request, response = await self._get(f"/connectionSpecs/{_segment(id)}")
        return responses.entity(request, response).body

    async def flow_spec(self, id: str) -> JsonObject:  # noqa: A002 - Flow Service's name for it
        """Get a flow spec."""
        request, response = await self._get(f"/flowSpecs/{_segment(id)}")
        return responses.entity(request, response).body

    async def sandbox(self, name: str | None = None) -> JsonObject:
        """Get a sandbox by name, by default that of this client (Adobe's sandbox management API)."""
        request = RequestSpec(
            base=self._settings.endpoint.rstrip("/") + SANDBOXES_PATH,
            method="GET",
            path=f"/sandboxes/{_segment(name or self._settings.sandbox_name)}",
        )
        return responses.json_object(request, await self._session.send(request))

    async def access_token(self) -> tuple[str, float | None]:
        """Get an access token and the time at which it expires, in seconds since 1970 or None if unknown."""
        return await self._session.access_token()

    async def landing_zone_credentials(self) -> JsonObject:
        """Get the temporary credentials of the sandbox's Data Landing Zone, in the form that Adobe returns.

        The URL is from Adobe's catalogue page of the Data Landing Zone destination.
        """
        request = RequestSpec(
            base=self._settings.endpoint.rstrip("/") + CONNECTORS_PATH,
            method="GET",
            path="/landingzone/credentials",
            query=paging.query([("type", "dlz_destination")]),
        )
        response = await self._session.send(request)
        body = responses.json_object(request, response)
        self._scrubber.add(strings_in([body.get(key) for key in ("SASToken", "SASUri", "credentials")]))
        return body

    async def run_now(self, flow_id: str, dataset_ids: Sequence[str]) -> dict[str, str]:
        """Export datasets of a flow now. Returns the ids of the runs by dataset id.

        The request is not retried after a lost response, because the run may have started. Raises `NotReady`
        and `RunInProgress`, after which the same request can succeed later.
        """
        request = ad_hoc.run_request(self._settings, flow_id, dataset_ids)
        try:
            response = await self._session.send(request)
        except FlowServiceError as error:
            raise ad_hoc.classify(error) from None
        return ad_hoc.run_ids(request, response, flow_id)

    async def _get(self, path: str, query: str = "") -> tuple[RequestSpec, Response]:
        request = RequestSpec(base=self._base, method="GET", path=path, query=query)
        return request, await self._session.send(request)

    async def _page(self, path: str, query: str) -> tuple[RequestSpec, Response, ListResponse]:
        request, response = await self._get(path, query)
        return request, response, responses.page(request, response)

    async def _write(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        headers: Mapping[str, str] | None = None,
        idempotent: bool = True,
    ) -> tuple[RequestSpec, Response]:
        self._scrubber.add(secrets_in(body))
        request = RequestSpec(
            base=self._base,
            method=method,
            path=path,
            content=json.dumps(body, separators=(",", ":"), allow_nan=False).encode(),
            headers={"Content-Type": "application/json", **(headers or {})},
            idempotent=idempotent,
        )
        return request, await self._session.send(request)


def _segment(id: str) -> str:  # noqa: A002 - Flow Service's name for it
    """Encode an id as a path segment. An empty id would address the collection, and dots its parent."""
    if id.strip() in ("", ".", ".."):
        raise Invalid("An id must not be empty or consist of dots.")
    if len(id) > MAX_ID_LENGTH:
        raise Invalid(f"An id must have {MAX_ID_LENGTH:,} characters at most. It has {len(id):,}.")
    return quote(id, safe="")
