"""Puts the emulator together as a Starlette application."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import starlette.routing
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
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
from flow_emulator.http.error_responses import error_response
from flow_emulator.http.messages import Answer, Call, parse_query
from flow_emulator.http.paths import is_own
from flow_emulator.http.routing import Route
from flow_emulator.http.same_origin import require_same_origin
from flow_emulator.identity import EMULATOR, Identity
from flow_emulator.models.context import Engine
from flow_emulator.routes import ROUTES
from flow_emulator.store import Store

MAX_BODY = 4 * 1024 * 1024
MAX_SNAPSHOT = 256 * 1024 * 1024
_SLASH = "flow_emulator.trailing_slash"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_app(
    store: Store | str | Path | None = None,
    *,
    behaviour: Behaviour | None = None,
    identities: Sequence[Identity] = (EMULATOR,),
    sandboxes: Sequence[str] = identity.SANDBOXES,
    engine: Engine | None = None,
) -> Starlette:
    """The emulator as an ASGI application over a store, a file, or memory when ``store`` is None.

    Without ``behaviour`` the emulator behaves as the store was configured to, which is strict unless
    something else was said. ``engine`` replaces behaviour, identities and sandboxes together, for tests with
    made-up ids or time. The application keeps its store as ``app.state.store``; whoever makes the
    application closes it.

    Raises StoreError when the file cannot be used, UnsafePatternError when a spec holds an unsafe pattern.
    """
    parts = engine or Engine(
        behaviour or STRICT, tuple(identities), tuple(sandboxes), from_store=behaviour is None
    )
    memory = store if isinstance(store, Store) else Store(store)
    if parts.from_store:
        configuration.check(memory)
    by_path: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, {})[route.method] = route
    edge = _Edge(parts, memory)
    routes = [
        starlette.routing.Route(path, edge.endpoint(by_method), methods=_METHODS)
        for path, by_method in by_path.items()
    ]
    routes.append(starlette.routing.Route("/{path:path}", edge.endpoint({}), methods=_METHODS))
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    app.add_middleware(_WithoutTrailingSlash)
    app.state.store = memory
    app.state.engine = parts
    return app


class _WithoutTrailingSlash:
    """One of Adobe's OpenAPI files writes some paths with a slash at the end; both forms lead on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/", _SLASH: True}
        await self._app(scope, receive, send)


class _Edge:
    """Between Starlette and the handlers: one transaction for each request, errors as their bodies."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine = engine
        self._store = store

    def endpoint(self, by_method: dict[str, Route]) -> Any:
        """The Starlette endpoint of one path, from its routes by method; none of them: an unknown path."""

        async def respond(request: Request) -> Response:
            content = await _content(request)
            request_id = request.headers.get("x-request-id") or str(uuid.uuid4())
            route = by_method.get(request.method)
            struck = self._struck(route.operation if route else None)
            if not await wait(self._engine.sleep, struck.seconds("before"), request.receive):
                return Response()  # nobody is there to see it, so nothing is done
            answer = self._answer(by_method, request, content, request_id, struck)
            await wait(self._engine.sleep, struck.seconds("after"), request.receive)
            body, headers = _encoded(answer, request_id)
            return struck.response(body, answer, headers)

        return respond

    def _struck(self, operation: str | None) -> ActiveFaults:
        """The faults that hit this call; most emulators have none, and nobody waits to learn that."""
        if operation is None:
            return NO_FAULTS
        with self._store.reading() as data:
            if not fault_store.exist(data):
                return NO_FAULTS
        with self._store.transaction() as data:
            return ActiveFaults(fault_store.record_request(data, operation))

    def _answer(
        self,
        by_method: dict[str, Route],
        request: Request,
        content: bytes | None,
        request_id: str,
        struck: ActiveFaults,
    ) -> Answer:
        with self._store.transaction() as data:
            engine = configuration.applied(self._engine, data)
            call = Call(
                request.method,
                request.scope["path"],
                parse_query(request.scope["query_string"]),
                dict(request.headers),
                content or b"",
                request.path_params,
                request_id,
                struck.engine(engine),
                data,
                clock.now_millis(data, self._engine.real_millis),
            )
            code = ""
            try:
                if content is None:
                    raise BadRequestError(f"The body is larger than {MAX_BODY} bytes.", 413)
                server = (request.scope.get("server") or (None,))[0]
                # The path by which it was routed; the one in the URL depends on the Host header, too.
                require_same_origin(call.method, request.scope["path"], call.headers, server)
                if _SLASH in request.scope and engine.behaviour.trailing_slash == "refuse":
                    raise UnknownPathError(f"{call.path}/")
                answer = struck.before(call) or _route(by_method, call).handler(call)
            except EmulatedError as error:
                # Kept: what was written before the refusal are looks and due runs, never half a change.
                answer, code = error_response(error, engine.behaviour, request_id), error.code
            answer = struck.after(answer, call)
            if not is_own(call.path):
                entry = request_log.entry(call, answer.status, code) | struck.note
                data.requests.append(entry, engine.behaviour.request_log_size)
            return answer


def _route(by_method: dict[str, Route], call: Call) -> Route:
    if not by_method:
        raise UnknownPathError(call.path)
    if call.method not in by_method:
        raise BadRequestError(f"{call.method} is not possible here; {', '.join(sorted(by_method))} is.", 405)
    return by_method[call.method]


def _encoded(answer: Answer, request_id: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers as they are sent: JSON, or a text as it is, whose type stands in the headers."""
    headers = {**answer.headers, "x-request-id": request_id}
    if answer.body is None:
        return b"", headers
    if isinstance(answer.body, str):
        return answer.body.encode(), headers
    headers["content-type"] = "application/json"
    return json.dumps(answer.body, ensure_ascii=False).encode(), headers


async def _content(request: Request) -> bytes | None:
    """The body, or None when it is too large."""
    most = MAX_SNAPSHOT if request.scope["path"] == "/_emulator/snapshot" else MAX_BODY
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
