"""Flow Service's operations, as far as dataset exports need them.

Facts are from the OpenAPI document "Flow Service - Destinations" (2024-11-13), and where it has no operation
(patching targets and sources, actions) from "Flow Service API - Sources" (2025-04-08).
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
from provider_shim.client.entities import Collection, Entity, JsonObject, WriteResult
from provider_shim.client.errors import AuthenticationFailed, FlowServiceError, Invalid
from provider_shim.client.http.retry import Retry
from provider_shim.client.http.scrubber import Scrubber, secrets_in, strings_in
from provider_shim.client.http.session import HttpSession, RequestSpec, Response
from provider_shim.client.models import REQUESTS, ListResponse
from provider_shim.client.settings import ClientSettings, check_settings
from provider_shim.client.tokens import TokenCache

__all__ = ["BASE_PATH", "Collection", "Entity", "FlowService"]

BASE_PATH = "/data/foundation/flowservice"
CONNECTORS_PATH = "/data/foundation/connectors"
SANDBOXES_PATH = "/data/foundation/sandbox-management"
AD_HOC_PATH = "/data/core/activation/disflowprovider"
AD_HOC_ACCEPT = "application/vnd.adobe.adhoc.dataset.activation+json; version=1"


class FlowService:
    """Flow Service in one sandbox of one organisation. Nothing is sent before the first method is called.

    Every method raises `errors.FlowServiceError` and nothing else for what can happen outside this process.
    `transport` replaces the network (the emulator, tests); `sleep`, `jitter` (0 to 1) and `now` (seconds
    since 1970) are what retries and the life of tokens go by.
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
        self._retry = Retry(settings.max_retries, sleep, jitter)
        self._tokens = TokenCache(settings, self._http, self._retry, self._scrubber, now=now)

    @property
    def client_id(self) -> str:
        """The client that Flow Service notes down as the maker of what this one makes."""
        return self._settings.client_id

    def scrub(self, text: str) -> str:
        """The text without any secret that this client knows: for messages that are made elsewhere."""
        return self._scrubber.scrub(text)

    async def aclose(self) -> None:
        """Close all connections, and the given transport with them."""
        await self._tokens.close()
        await self._http.close()

    async def create(self, collection: Collection, body: JsonObject) -> WriteResult:
        """POST an object; exactly the given keys are sent, in their order.

        The body is checked first: `Invalid` without a status means that nothing was sent. After an
        `OutcomeUnknown` the object may exist; nothing is sent twice, because Flow Service has no idempotency
        key and names aren't unique.
        """
        if collection not in REQUESTS:
            raise ValueError(f"{collection} can't be created")
        try:
            REQUESTS[collection].model_validate(body)
        except ValidationError as error:
            # Not chained: the original's data include the values.
            raise Invalid(
                f"The request isn't valid: {responses.describe_validation_error(error)}.",
                method="POST",
                path=f"/{collection}",
            ) from None
        request, response = await self._write("POST", f"/{collection}", body, idempotent=False)
        return responses.write_result(request, response)

    async def read(self, collection: Collection, id: str) -> Entity:  # noqa: A002 - Flow Service's word
        """GET one object; raises `NotFound` where it doesn't exist or is hidden."""
        request, response = await self._get(f"/{collection}/{_segment(id)}")
        return responses.entity(request, response)

    async def patch(
        self,
        collection: Collection,
        id: str,  # noqa: A002 - Flow Service's word
        operations: Sequence[JsonObject],
        etag: str,
    ) -> WriteResult:
        """Apply JSON Patch operations to the version that `etag` names, sent as it is, quotes included.

        Raises `VersionConflict` where the object has another version by now.
        """
        path = f"/{collection}/{_segment(id)}"
        request, response = await self._write("PATCH", path, [*operations], headers={"If-Match": etag})
        return responses.write_result(request, response, known_id=id)

    async def delete(self, collection: Collection, id: str) -> None:  # noqa: A002 - Flow Service's word
        """DELETE an object. Adobe's documents have 202 and 204 for it: it can go on existing for a while.

        Raises `NotFound` where it is gone already; that is the caller's to judge.
        """
        await self._send(RequestSpec(base=self._base, method="DELETE", path=f"/{collection}/{_segment(id)}"))

    async def act(self, flow_id: str, action: Literal["enable", "disable"]) -> WriteResult:
        """Enable or disable a flow. It isn't repeated after a lost answer, because the second request would
        be refused for not fitting the state that the first one brought about.
        """
        request = RequestSpec(
            base=self._base,
            method="POST",
            path=f"/flows/{_segment(flow_id)}/action",
            query=paging.query([("op", action)]),
            idempotent=False,
        )
        return responses.write_result(request, await self._send(request), known_id=flow_id)

    async def list(
        self,
        collection: Collection,
        *,
        filters: Sequence[str] = (),
        orderby: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[JsonObject]:
        """All objects, page after page. `filters` are expressions such as `flowId==<id>` that must all hold;
        `orderby` is fields with `+` or `-` before them; `limit` is the size of a page, at most 100.
        """
        path = f"/{collection}"
        query: str | None = paging.list_query(filters, orderby, limit)
        seen: set[str] = set()
        while query is not None:
            request, response, page = await self._page(path, query)
            for item in page.items:
                yield item
            try:
                query = paging.next_query(page, path, seen)
            except (ValueError, paging.PagingLoop) as error:
                raise responses.invalid_response(request, response, str(error)) from None

    async def datasets(self, *, page_size: int = 100) -> AsyncIterator[JsonObject]:
        """All datasets that can be exported, with `id`, `name` and `state`; `page_size` is 1 to 100."""
        path = f"/connectionSpecs/{paging.DATA_LAKE_SPEC_ID}/configs"
        start: int | None = 0
        seen: set[str] = set()
        while start is not None:
            request, response, page = await self._page(path, paging.datasets_query(start, page_size))
            start = paging.next_start(page, start, page_size)
            try:
                if start is not None:
                    paging.check_progress(page.items, seen)
            except paging.PagingLoop as error:
                raise responses.invalid_response(request, response, str(error)) from None
            for item in page.items:
                yield item

    async def connection_spec(self, id: str) -> JsonObject:  # noqa: A002 - Flow Service's word
        """A destination's published specification: authentication methods, parameters, patterns."""
        request, response = await self._get(f"/connectionSpecs/{_segment(id)}")
        return responses.entity(request, response).body

    async def flow_spec(self, id: str) -> JsonObject:  # noqa: A002 - Flow Service's word
        """The specification of a kind of flow."""
        request, response = await self._get(f"/flowSpecs/{_segment(id)}")
        return responses.entity(request, response).body

    async def sandbox(self, name: str | None = None) -> JsonObject:
        """A sandbox by its name, or the one that this client works in (Adobe's sandbox management API)."""
        request = RequestSpec(
            base=self._settings.endpoint.rstrip("/") + SANDBOXES_PATH,
            method="GET",
            path=f"/sandboxes/{_segment(name or self._settings.sandbox_name)}",
        )
        return responses.json_object(request, await self._send(request))

    async def access_token(self) -> tuple[str, float | None]:
        """A token to use elsewhere, and when it ends, in seconds since 1970, where that is known."""
        check_settings(self._settings)
        token = await self._tokens.current()
        return token, self._tokens.expires_at

    async def landing_zone_credentials(self) -> JsonObject:
        """The temporary credentials of the sandbox's landing zone for exports, in Adobe's own shape.

        The address is in Adobe's catalogue page of the Data Landing Zone destination.
        """
        request = RequestSpec(
            base=self._settings.endpoint.rstrip("/") + CONNECTORS_PATH,
            method="GET",
            path="/landingzone/credentials",
            query=paging.query([("type", "dlz_destination")]),
        )
        response = await self._send(request)
        body = responses.json_object(request, response)
        self._scrubber.add(strings_in([body.get(key) for key in ("SASToken", "SASUri", "credentials")]))
        return body

    async def run_now(self, flow_id: str, dataset_ids: Sequence[str]) -> dict[str, str]:
        """Export datasets of a flow at once; the ids of the runs by the ids of their datasets.

        It isn't repeated after a lost answer, because the run may have begun. Raises `NotReady` and
        `RunInProgress`, after which the same request can work later. No OpenAPI document has this call; it is
        as Adobe's Python SDK `aepp` (0.6.0) and the Data Distiller pages make it.
        """
        datasets = [{"id": each} for each in dataset_ids]
        request = RequestSpec(
            base=(self._settings.adhoc_endpoint or self._settings.endpoint).rstrip("/") + AD_HOC_PATH,
            method="POST",
            path="/adhocrun",
            content=json.dumps(
                {"activationInfo": {"destinations": [{"flowId": flow_id, "datasets": datasets}]}},
                separators=(",", ":"),
            ).encode(),
            headers={"Accept": AD_HOC_ACCEPT, "Content-Type": "application/json"},
            idempotent=False,
        )
        try:
            response = await self._send(request)
        except FlowServiceError as error:
            raise ad_hoc.classify(error) from None
        return ad_hoc.runs(request, response, flow_id)

    async def _get(self, path: str, query: str = "") -> tuple[RequestSpec, Response]:
        request = RequestSpec(base=self._base, method="GET", path=path, query=query)
        return request, await self._send(request)

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
        return request, await self._send(request)

    async def _send(self, request: RequestSpec) -> Response:
        """With a token, retries, and one renewal of the token where it is refused."""
        check_settings(self._settings)
        renewed = False

        async def attempt() -> Response:
            nonlocal renewed
            token = await self._tokens.current()
            try:
                return await self._http.send(request, self._headers(token))
            except AuthenticationFailed as error:
                # A refused token did nothing, so this is no second attempt even for a create.
                if renewed or not _token_refused(error) or not self._tokens.discard(token):
                    raise
                renewed = True
            return await self._http.send(request, self._headers(await self._tokens.current()))

        return await self._retry.run(attempt, idempotent=request.idempotent)

    def _headers(self, token: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "x-api-key": self._settings.client_id,
            "x-gw-ims-org-id": self._settings.organization_id,
            # Always: without it Adobe takes the sandbox "prod".
            "x-sandbox-name": self._settings.sandbox_name,
            "Accept": "application/json",
        }


def _token_refused(error: AuthenticationFailed) -> bool:
    """Adobe's documents disagree whether a missing token is a 401 or a 403; the code 403010 tells."""
    return error.status == 401 or error.code == "403010"


def _segment(id: str) -> str:  # noqa: A002 - Flow Service's word
    """An id as a segment of a path. An empty one would address the whole collection, dots its parent."""
    if id.strip() in ("", ".", ".."):
        raise Invalid("An empty text or dots are no id.")
    return quote(id, safe="")
