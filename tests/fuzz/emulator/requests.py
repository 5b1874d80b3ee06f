"""Requests of the fuzzer: any route, nearly right more often than not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID, SCOPES
from flow_emulator.routes import ROUTES
from tests.fuzz.emulator import bodies
from tests.fuzz.emulator.values import TEXTS, mutated, value
from tests.fuzz.emulator.wire import Headers, Message
from tests.fuzz.emulator.world import COLLECTIONS, World
from tests.unit.flow_emulator.session import DATASET

ADHOC_TYPE: Final = b"application/vnd.adobe.adhoc.dataset.activation+json; version=1"
_WRITABLE: Final = COLLECTIONS[:4]
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW")
_FILTERS: Final = (
    "name==account",
    "id==x,y",
    "createdAt>1",
    "createdAt>=1e9",
    "state==enabled",
    "auth.params.s3SecretKey==a",
    "params.path==orders",
    "scheduleParams.interval>2",
    "name",
    "name=~x",
    "[]==a",
    "connectionSpec.id==",
    "inheritedAttributes.properties.isDestinationFlow==true",
    "lastRunDetails.state==success",
)
_ORDERS: Final = (
    "name",
    "-createdAt",
    "+updatedAt",
    "state,name",
    "-",
    "",
    "params.path",
    "a[]",
    "-id,-name,state",
)
_NUMBERS: Final = ("1", "2", "100", "101", "0", "-1", "1e400", "NaN", "9" * 4400, "\u0663", "")
_MALFORMED: Final = (
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST /_emulator/seed HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST /_emulator/seed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /_emulator/seed HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
    b"PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"POST /_emulator/seed HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n{}",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET http://evil.example/_emulator/state HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http://localhost/_emulator/clock HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /_emulator/clock HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
)


@dataclass(frozen=True)
class Request:
    """A request, its route for the table, the collection whose entities it shows, and its clock's duty."""

    route: str
    message: Message
    collection: str = ""


def build(choice: random.Random, world: World, host: bytes) -> Request:
    """The next request."""
    kinds: list[tuple[int, Callable[[random.Random, World, bytes], Request]]] = [
        (24, _create),
        (16, _list),
        (10, _read),
        (12, _patch),
        (6, _delete),
        (5, _act),
        (6, _search),
        (4, _other_service),
        (4, _token),
        (6, _page),
        (26, _control),
        (4, _any_route),
        (2, _malformed),
    ]
    kind = choice.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]
    return kind(choice, world, host)


def _headers(choice: random.Random, world: World, host: bytes, *, json: bool = False) -> Headers:
    """The headers of a client, one of them sometimes wrong, missing or twice."""
    headers: Headers = [
        (b"host", host),
        (b"authorization", b"Bearer " + world.token.encode()),
        (b"x-api-key", CLIENT_ID.encode()),
        (b"x-gw-ims-org-id", ORGANIZATION_ID.encode()),
        (b"x-sandbox-name", choice.choices((b"prod", b"dev"), (12, 1))[0]),
    ]
    if json:
        headers.append((b"content-type", b"application/json"))
    return _spoiled(choice, headers)


def _spoiled(choice: random.Random, headers: Headers) -> Headers:
    if choice.random() > 0.06:
        return headers
    odd = (b"", b"x", b"\xff\xfe", b"'\"", b"a" * 5000, b"0", b"null", b"prod, dev", b"Bearer", b"text/plain")
    kind, number = choice.randrange(4), choice.randrange(1, len(headers))
    name, content = headers[number] if number < len(headers) else headers[0]
    if kind == 0:
        return headers[:number] + headers[number + 1 :]
    if kind == 1:
        return [*headers, (name, choice.choice(odd))]
    if kind == 2:
        extra = (
            b"x-sandbox-id",
            b"origin",
            b"sec-fetch-site",
            b"x-request-id",
            b"content-encoding",
            b"expect",
        )
        return [*headers, (choice.choice(extra), choice.choice((*odd, content)))]
    return [*headers[:number], (name, choice.choice(odd)), *headers[number + 1 :]]


def _maybe(choice: random.Random, body: Any, share: float = 0.6) -> bytes:
    """A body as JSON, changed with this probability; seldom cut off or something else."""
    content = bodies.encode(mutated(choice, body) if choice.random() < share else body)
    odd = choice.random()
    if odd < 0.01:
        return content[: len(content) // 2]
    if odd < 0.02:
        return choice.choice(
            (b"", b"null", b"[]", b"{}", b"\xff", b'""', b"[" * 50_000, b'{"a":' * 200 + b"1" + b"}" * 200)
        )
    return content


def _service(path: str) -> str:
    return f"/data/foundation/flowservice{path}"


def _target(path: str, query: list[tuple[str, str]] | None = None) -> bytes:
    text = quote(path, safe="/%:@!$&'()*+,;=~{}")
    if query:
        text += "?" + urlencode(query, errors="surrogatepass")
    return text.encode("ascii")


def _create(choice: random.Random, world: World, host: bytes) -> Request:
    collection = choice.choice(_WRITABLE)
    content = _maybe(choice, bodies.entity(choice, world, collection), 0.4)
    headers = _headers(choice, world, host, json=True)
    message = Message(b"POST", _target(_service(f"/{collection}")), headers, content, choice.random() < 0.05)
    return Request(f"POST {collection}", message, collection)


def _query(choice: random.Random, world: World) -> list[tuple[str, str]]:
    options: dict[str, Callable[[], str]] = {
        "property": lambda: choice.choice(_FILTERS),
        "limit": lambda: choice.choice(_NUMBERS),
        "orderby": lambda: choice.choice(_ORDERS),
        "continuationToken": lambda: choice.choice((world.page_token, "x", "W10", "bnVsbA", "\xff")),
        "count": lambda: choice.choice(("true", "false", "TRUE", "1")),
        "other": lambda: choice.choice(TEXTS),
    }
    names = choice.choices(list(options), [5, 3, 4, 3, 1, 1], k=choice.choice((0, 0, 0, 1, 1, 2, 3)))
    return [(name, options[name]()) for name in names]


def _list(choice: random.Random, world: World, host: bytes) -> Request:
    collection = choice.choice((*COLLECTIONS, "connectionSpecs", "flowSpecs"))
    message = Message(
        b"GET", _target(_service(f"/{collection}"), _query(choice, world)), _headers(choice, world, host)
    )
    return Request(f"GET {collection}", message, collection if collection in COLLECTIONS else "")


def _read(choice: random.Random, world: World, host: bytes) -> Request:
    collection = choice.choice(COLLECTIONS)
    ending = (
        choice.choice(("", "", "", "/", "/test", "/explore", "/configs"))
        if collection == "connections"
        else ""
    )
    path = _service(f"/{collection}/{world.id(choice, collection)}{ending}")
    return Request(
        f"GET {collection}/id", Message(b"GET", _target(path), _headers(choice, world, host)), collection
    )


def _etag(choice: random.Random, world: World, entity_id: str) -> bytes:
    known = world.etags.get(entity_id, '"x"')
    return choice.choices((known, '"00000000-0000-0200-0000-000000000000"', "*", ""), (12, 1, 1, 1))[
        0
    ].encode()


def _patch(choice: random.Random, world: World, host: bytes) -> Request:
    collection = choice.choice(_WRITABLE)
    entity_id = world.id(choice, collection)
    headers = [*_headers(choice, world, host, json=True), (b"if-match", _etag(choice, world, entity_id))]
    content = _maybe(choice, bodies.patch(choice, collection), 0.3)
    message = Message(b"PATCH", _target(_service(f"/{collection}/{entity_id}")), headers, content)
    return Request(f"PATCH {collection}/id", message, collection)


def _delete(choice: random.Random, world: World, host: bytes) -> Request:
    collection = choice.choice(_WRITABLE)
    path = _service(f"/{collection}/{world.id(choice, collection)}")
    return Request(
        f"DELETE {collection}/id", Message(b"DELETE", _target(path), _headers(choice, world, host))
    )


def _act(choice: random.Random, world: World, host: bytes) -> Request:
    collection = choice.choice(("flows", "flows", "flows", *COLLECTIONS))
    entity_id = world.id(choice, collection)
    query = [("op", choice.choice(("enable", "disable", "DISABLE", "publish", "finalizeX", "", "x")))]
    if choice.random() < 0.1:
        query.append(("subOp", "x"))
    headers = _headers(choice, world, host)
    if choice.random() < 0.5:
        headers.append((b"if-match", _etag(choice, world, entity_id)))
    path = _service(f"/{collection}/{entity_id}/action")
    return Request(
        f"POST {collection}/id/action", Message(b"POST", _target(path, query), headers), collection
    )


def _search(choice: random.Random, world: World, host: bytes) -> Request:
    collection = choice.choice(("connections", "flows", "flowSpecs"))
    queries = [f"property={choice.choice(_FILTERS)}", "", "x=y", "property=" + quote(choice.choice(TEXTS))]
    body = {
        "queryString": choice.choice(queries),
        "limit": choice.choice((1, 5, 1000)),
        "orderby": choice.choice(_ORDERS),
    }
    query = [("continuationToken", world.page_token)] if choice.random() < 0.1 else []
    path = _target(_service(f"/{collection}/search"), query)
    message = Message(b"POST", path, _headers(choice, world, host, json=True), _maybe(choice, body, 0.5))
    return Request(f"POST {collection}/search", message, collection if collection in COLLECTIONS else "")


def _other_service(choice: random.Random, world: World, host: bytes) -> Request:
    kind = choice.randrange(4)
    if kind == 0:
        headers = [*_headers(choice, world, host, json=True), (b"accept", ADHOC_TYPE)]
        content = _maybe(choice, bodies.adhoc(choice, world), 0.4)
        path = "/data/core/activation/disflowprovider/adhocrun"
        return Request("POST adhocrun", Message(b"POST", _target(path), headers, content))
    if kind == 1:
        zone = "/data/foundation/connectors/landingzone"
        path = choice.choice((zone, f"{zone}/credentials"))
        query = [("type", choice.choice(("dlz_destination", "user_drop_zone", "x")))]
        method = choice.choice((b"GET", b"POST"))
        if method == b"POST":
            query.append(("action", "refresh"))
        return Request("landingzone", Message(method, _target(path, query), _headers(choice, world, host)))
    if kind == 2:
        path = "/data/foundation/sandbox-management/sandboxes" + choice.choice(("", "/prod", "/x"))
        query = [("limit", choice.choice(_NUMBERS)), ("offset", choice.choice(_NUMBERS))]
        return Request("sandboxes", Message(b"GET", _target(path, query), _headers(choice, world, host)))
    path = _service("/connectionSpecs/23598e46-f560-407b-88d5-ea6207e49db0/configs")
    query = [("outputType", "activationDatasets"), ("outputField", "datasets")]
    query += [(choice.choice(("start", "limit", "name")), choice.choice(_NUMBERS))]
    return Request("GET datasets", Message(b"GET", _target(path, query), _headers(choice, world, host)))


def _token(choice: random.Random, _world: World, host: bytes) -> Request:
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": SCOPES,
    }
    if choice.random() < 0.6:
        form[choice.choice(sorted(form))] = choice.choice(TEXTS)
    content = urlencode(form, errors="surrogatepass").encode()
    kind = choice.choice((b"application/x-www-form-urlencoded", b"text/plain", b"application/json"))
    message = Message(
        b"POST", b"/ims/token/v3", _spoiled(choice, [(b"host", host), (b"content-type", kind)]), content
    )
    return Request("POST token", message)


def _page(choice: random.Random, world: World, host: bytes) -> Request:
    query = [
        ("filter", choice.choice((*TEXTS, world.id(choice, "flows")))),
        (choice.choice(("reload", "log", "made", "reset")), choice.choice(("on", "all", "done", "7", "x"))),
    ]
    if choice.random() < 0.7:
        return Request(
            "GET /", Message(b"GET", _target("/", query), _spoiled(choice, [(b"host", host), (b"a", b"b")]))
        )
    name = choice.choice(("clock", "clock", "at", "at", "reset", "x"))
    right = {
        "clock": ("+1h", "+3h", "+1d", "next", "stop", "go-on", "real"),
        "at": ("2030-03-18T00:00", "2030-03-19T12:30:15", "9999-12-31T00:00"),
        "reset": ("everything",) if choice.random() < 0.2 else ("",),
    }
    form = {name: choice.choice((*right.get(name, ()), *right.get(name, ()), *TEXTS[:6]))}
    origin = choice.choices((b"http://" + host, b"null", b"http://evil.example"), (8, 1, 1))[0]
    headers = [(b"host", host), (b"origin", origin), (b"content-type", b"application/x-www-form-urlencoded")]
    return Request(
        "POST /", Message(b"POST", b"/", headers, urlencode(form, errors="surrogatepass").encode())
    )


def _control(choice: random.Random, world: World, host: bytes) -> Request:
    rows = f"/datasets/{choice.choice((DATASET, 'Orders', 'x', '..'))}/rows"
    fault = f"/faults/{choice.choice(('1', '2', '0', 'x', '9' * 30))}"
    dated: dict[str, Any] = {"now": bodies.clock_time(choice)}
    moves = (
        dated,
        {"advance": choice.choice((3600, 10_800, 86_400, -3600))},
        {"stands": True},
        {**dated, "stands": False},
    )
    made: dict[str, tuple[int, Callable[[], Any]]] = {
        "PUT /clock": (20, lambda: choice.choice((*moves, {"now": None}))),
        "PUT /snapshot": (14, lambda: bodies.snapshot(choice, world)),
        "PUT /behaviour": (8, lambda: bodies.behaviour(choice)),
        "POST /seed": (8, lambda: bodies.seed(choice, world)),
        "POST /faults": (8, lambda: choice.choice((bodies.fault(choice), {"items": [bodies.fault(choice)]}))),
        f"POST {rows}": (6, lambda: bodies.rows(choice)),
        "GET /snapshot": (8, lambda: None),
        "GET /state": (5, lambda: None),
        "GET /requests": (3, lambda: None),
        "GET /clock": (1, lambda: None),
        "GET /behaviour": (1, lambda: None),
        "GET /faults": (1, lambda: None),
        f"GET {rows}": (2, lambda: None),
        f"DELETE {rows}": (1, lambda: None),
        "DELETE /faults": (6, lambda: None),
        f"DELETE {fault}": (2, lambda: None),
        "DELETE /requests": (1, lambda: None),
        "POST /reset": (1, lambda: None),
        "GET ": (1, lambda: None),
    }
    chosen = choice.choices(list(made), [weight for weight, _ in made.values()])[0]
    method, _, path = chosen.partition(" ")
    body = made[chosen][1]()
    share = 0.1 if path == "/snapshot" else 0.45
    content = b"" if body is None else _maybe(choice, body, share)
    kind = choice.choice((b"application/json", b"application/json", b"application/x-ndjson", b"x"))
    headers = _spoiled(choice, [(b"host", host), (b"content-type", kind)])
    query = [("after", choice.choice(_NUMBERS))] if path == "/requests" and choice.random() < 0.5 else []
    route = f"{method} /_emulator{path.replace(DATASET, 'id') if len(path) < 60 else fault[:7]}"
    label = "/".join(route.split("/")[:3])
    target = _target(f"/_emulator{path}", query)
    return Request(label, Message(method.encode(), target, headers, content, choice.random() < 0.03))


def _any_route(choice: random.Random, world: World, host: bytes) -> Request:
    """Any method on any route, with a body of any form."""
    path = choice.choice(ROUTES).path.replace("{id}", world.id(choice, "flows")).replace("{name}", "prod")
    if path == "/_emulator/reset":
        path = "/_emulator"
    if choice.random() < 0.3:
        path += choice.choice(("/", "//", "/..", "/%2e%2e/", "/x", "%00", "?", "#", ";a=b"))
    content = bodies.encode(value(choice)) if choice.random() < 0.6 else b""
    method = choice.choice(_METHODS)
    message = Message(
        method.encode(),
        _target(path, _query(choice, world)),
        _headers(choice, world, host, json=True),
        content,
    )
    return Request(f"{method} any", message)


def _malformed(choice: random.Random, _world: World, _host: bytes) -> Request:
    return Request("malformed", Message(b"GET", b"/", [], raw=choice.choice(_MALFORMED)))
