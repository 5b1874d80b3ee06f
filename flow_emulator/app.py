"""The emulator as a Starlette application."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import starlette.routing
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from flow_emulator import clock, identity
from flow_emulator.behaviour import configuration
from flow_emulator.behaviour.switches import STRICT, Behaviour
from flow_emulator.errors import BadRequestError, EmulatedError, UnknownPathError
from flow_emulator.faults import fault_store
from flow_emulator.faults.effects import NO_FAULTS, ActiveFaults
from flow_emulator.faults.waiting import wait
from flow_emulator.http import request_log
from flow_emulator.http.body import read_body
from flow_emulator.http.error_responses import error_response
from flow_emulator.http.messages import Request, Response, parse_query
from flow_emulator.http.paths import is_own
from flow_emulator.http.routing import Route
from flow_emulator.http.same_origin import host_name, require_same_origin
from flow_emulator.identity import EMULATOR, Identity
from flow_emulator.models.context import Engine
from flow_emulator.routes import ROUTES
from flow_emulator.store import Store

_SLASH = "flow_emulator.trailing_slash"


def create_app(
    store: Store | str | Path | None = None,
    *,
    behaviour: Behaviour | None = None,
    identities: Sequence[Identity] = (EMULATOR,),
    sandboxes: Sequence[str] = identity.SANDBOXES,
    allowed_hosts: Iterable[str] = (),
    engine: Engine | None = None,
) -> Starlette:
    """Create the emulator as an ASGI application.

    The application keeps its store as ``app.state.store``. The caller closes the store.

    Args:
        store: A store, the path of a file, or None for memory.
        behaviour: The switches. None: those that the store is configured with, by default the strict profile.
        identities: The OAuth credentials that may request a token.
        sandboxes: The names of the sandboxes of every organisation.
        allowed_hosts: Host names that a request may have, beside those of the loopback interface and the one
            under which it was served.
        engine: Replaces behaviour, identities and sandboxes, for tests with their own ids or time.

    Returns:
        The application.

    Raises:
        StoreError: The file cannot be used.
        ValueError: An allowed host is not a host name.
        UnsafePatternError: A connection spec has a pattern whose running time is not known to be bounded.
    """
    hosts = frozenset(map(host_name, allowed_hosts))
    parts = engine or Engine(
        behaviour or STRICT, tuple(identities), tuple(sandboxes), from_store=behaviour is None
    )
    memory = store if isinstance(store, Store) else Store(store)
    if parts.from_store:
        configuration.check(memory)
    by_path: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, {})[route.method] = route
    dispatcher = _Dispatcher(parts, memory, hosts)
    routes = [
        starlette.routing.Route(path, dispatcher.endpoint(by_method)) for path, by_method in by_path.items()
    ]
    for route_of_path in routes:
        route_of_path.methods = None  # any: a wrong one is an error of the emulator's, not of Starlette's
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    app.router.default = starlette.routing.request_response(dispatcher.endpoint({}))
    app.add_middleware(_TrailingSlashMiddleware)
    app.state.store = memory
    app.state.engine = parts
    return app


class _TrailingSlashMiddleware:
    """Accept paths with a trailing slash, as one of Adobe's OpenAPI files writes some."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/", _SLASH: True}
        await self._app(scope, receive, send)


class _Dispatcher:
    """Calls the handlers: one transaction for each request, errors turned into responses."""

    def __init__(self, engine: Engine, store: Store, allowed_hosts: Collection[str]) -> None:
        self._engine = engine
        self._store = store
        self._allowed_hosts = allowed_hosts

    def endpoint(self, by_method: dict[str, Route]) -> Any:
        """Return the Starlette endpoint of one path from its routes; without routes the path is unknown."""

        async def respond(http_request: HttpRequest) -> HttpResponse:
            try:
                content, problem = await self._received(http_request)
            except ClientDisconnect:
                return HttpResponse()
            request_id = http_request.headers.get("x-request-id") or str(uuid.uuid4())
            route = None if problem else by_method.get(http_request.method)
            faults = self._active_faults(route.operation if route else None)
            if not await wait(self._engine.sleep, faults.seconds("before"), http_request.receive):
                return HttpResponse()  # the client has disconnected
            response = self._handle(by_method, http_request, content, problem, request_id, faults)
            await wait(self._engine.sleep, faults.seconds("after"), http_request.receive)
            body, headers = _encoded(response, request_id)
            return faults.http_response(body, response, headers)

        return respond

    async def _received(self, http_request: HttpRequest) -> tuple[bytes, BadRequestError | None]:
        """Return the body, or the error of a request that another page sent or whose body is too large."""
        path = http_request.scope["path"]
        server = (http_request.scope.get("server") or (None,))[0]
        try:
            # The path by which it was routed; the one in the URL depends on the Host header too.
            require_same_origin(http_request.method, path, http_request.headers, server, self._allowed_hosts)
            return await read_body(http_request), None
        except BadRequestError as problem:
            return b"", problem

    def _active_faults(self, operation: str | None) -> ActiveFaults:
        """Return the faults that hit a request. Without faults this takes no write lock."""
        if operation is None:
            return NO_FAULTS
        with self._store.reading() as tx:
            if not fault_store.any_set(tx):
                return NO_FAULTS
        with self._store.transaction() as tx:
            return ActiveFaults(fault_store.record_request(tx, operation))

    def _handle(
        self,
        by_method: dict[str, Route],
        http_request: HttpRequest,
        content: bytes,
        problem: BadRequestError | None,
        request_id: str,
        faults: ActiveFaults,
    ) -> Response:
        with self._store.transaction() as tx:
            engine = configuration.applied(self._engine, tx)
            request = Request(
                http_request.method,
                http_request.scope["path"],
                parse_query(http_request.scope["query_string"]),
                dict(http_request.headers),
                content,
                http_request.path_params,
                request_id,
                faults.engine(engine),
                tx,
                clock.now_millis(tx, self._engine.real_millis),
            )
            code = ""
            try:
                if problem is not None:
                    raise problem
                if _SLASH in http_request.scope and engine.behaviour.trailing_slash == "refuse":
                    raise UnknownPathError(f"{request.path}/")
                response = faults.before(request) or _route(by_method, request).handler(request)
            except EmulatedError as error:
                # Committed: before an error only transitions and due runs are written.
                response, code = error_response(error, engine.behaviour, request_id), error.code
            response = faults.after(response, request)
            if not is_own(request.path):
                entry = request_log.entry(request, response.status, code) | faults.log_fields
                tx.requests.append(entry, engine.behaviour.request_log_size)
            # By the emulator's clock, like all times in bodies; uvicorn's own header is switched off.
            date = formatdate(request.now // 1000, usegmt=True)
            return replace(response, headers={"date": date, **response.headers})


def _route(by_method: dict[str, Route], request: Request) -> Route:
    if not by_method:
        raise UnknownPathError(request.path)
    if request.method not in by_method:
        raise BadRequestError(
            f"{request.method} is not possible here; {', '.join(sorted(by_method))} is.", 405
        )
    return by_method[request.method]


def _encoded(response: Response, request_id: str) -> tuple[bytes, dict[str, str]]:
    """Return body and headers as they are sent: JSON, or a text whose content type is in the headers."""
    headers = {**response.headers, "x-request-id": request_id}
    if response.body is None:
        return b"", headers
    if isinstance(response.body, str):
        return response.body.encode(), headers
    headers["content-type"] = "application/json"
    return json.dumps(response.body, ensure_ascii=False).encode(), headers
