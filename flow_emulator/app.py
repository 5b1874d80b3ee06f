"""Puts the emulator together as a Starlette application."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from flow_emulator import clock, identity, request_log
from flow_emulator.behaviour import STRICT, Behaviour
from flow_emulator.call import Answer, Call, parse_query
from flow_emulator.errors import BadRequestError, EmulatedError, UnknownPathError
from flow_emulator.identity import EMULATOR, Identity
from flow_emulator.models.scope import Engine
from flow_emulator.routes import ROUTES, Handler
from flow_emulator.store import Store

MAX_BODY = 4 * 1024 * 1024
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_app(
    store: Store | str | Path | None = None,
    *,
    behaviour: Behaviour = STRICT,
    identities: Sequence[Identity] = (EMULATOR,),
    sandboxes: Sequence[str] = identity.SANDBOXES,
    engine: Engine | None = None,
) -> Starlette:
    """The emulator as an ASGI application over a store, a file, or memory when ``store`` is None.

    ``engine`` replaces behaviour, identities and sandboxes together, for tests with made-up ids or time.
    The application keeps its store as ``app.state.store``; whoever makes the application closes it.
    Raises StoreError when the file cannot be used, UnsafePatternError when a spec holds an unsafe pattern.
    """
    parts = engine or Engine(behaviour, tuple(identities), tuple(sandboxes))
    memory = store if isinstance(store, Store) else Store(store)
    paths: dict[str, dict[str, Handler]] = {}
    for (method, path), handler in ROUTES.items():
        paths.setdefault(path, {})[method] = handler
    edge = _Edge(parts, memory)
    routes = [Route(path, edge.endpoint(by_method), methods=_METHODS) for path, by_method in paths.items()]
    routes.append(Route("/{path:path}", edge.endpoint({}), methods=_METHODS))
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    app.add_middleware(_WithoutTrailingSlash)
    app.state.store = memory
    app.state.engine = parts
    return app


class _WithoutTrailingSlash:
    """One of Adobe's OpenAPI files writes some paths with a slash at the end; both forms are taken."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)


class _Edge:
    """Between Starlette and the handlers: one transaction for each request, errors as their bodies."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine = engine
        self._store = store

    def endpoint(self, handlers: dict[str, Handler]) -> Any:
        """The Starlette endpoint of one path."""

        async def respond(request: Request) -> Response:
            content = await _content(request)
            request_id = request.headers.get("x-request-id") or str(uuid.uuid4())
            answer = self._answer(handlers, request, content, request_id)
            body = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
            headers = {**answer.headers, "x-request-id": request_id}
            if body:
                headers["content-type"] = "application/json"
            return Response(body, answer.status, headers)

        return respond

    def _answer(
        self, handlers: dict[str, Handler], request: Request, content: bytes | None, request_id: str
    ) -> Answer:
        with self._store.transaction() as data:
            call = Call(
                request.method,
                request.url.path,
                parse_query(request.scope["query_string"]),
                dict(request.headers),
                content or b"",
                request.path_params,
                request_id,
                self._engine,
                data,
                clock.now_millis(data, self._engine.real_millis),
            )
            code = ""
            try:
                if content is None:
                    raise BadRequestError(f"The body is larger than {MAX_BODY} bytes.", 413)
                answer = _handler(handlers, call)(call)
            except EmulatedError as error:
                # Kept: what was written before the refusal are looks and due runs, never half a change.
                answer, code = Answer(error.status, error.body(request_id)), error.code
            if not call.path.startswith("/_emulator"):
                entry = request_log.entry(call, answer.status, code)
                data.log_request(entry, self._engine.behaviour.request_log_size)
            return answer


def _handler(handlers: dict[str, Handler], call: Call) -> Handler:
    if not handlers:
        raise UnknownPathError(call.path)
    if call.method not in handlers:
        raise BadRequestError(f"{call.method} is not possible here; {', '.join(sorted(handlers))} is.", 405)
    return handlers[call.method]


async def _content(request: Request) -> bytes | None:
    """The body, or None when it is too large."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
