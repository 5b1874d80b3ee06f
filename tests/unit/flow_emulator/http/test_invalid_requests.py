"""Whatever is sent, to whichever path, the emulator answers with something of its own and stays well.

Requests go to the application itself, not through a client that would tidy them up first: the path is text
as a server would have decoded it, and query and headers are bytes. An error in the application would reach
the test as an exception. hypothesis always chooses the same requests where the variable CI is set.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow_emulator.http.body import MAX_BODY
from flow_emulator.routes import ROUTES
from tests.unit.flow_emulator.session import MISSING, Session, base_body, flow_body, source_body, target_body

pytestmark = pytest.mark.thorough

Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, dict[bytes, bytes], bytes]
# No request of this size or less may take longer, in seconds; most take a thousandth of it.
A_HANG: Final = 5.0
ALL: Final = sorted((route.method, route.path) for route in ROUTES)
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "")
TEXTS: Final = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "..",
        ".",
        "%",
        "%00",
        "\x00",
        "a/b",
        "'",
        '"',
        "{id}",
        "9" * 400,
        "é",
        "\ud7ff",
        "x" * 5000,
        MISSING,
    ]
)
SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, -(2**63), 10**400, 1e308, float("nan"), float("inf"), -0.0])
    | TEXTS
)
NAMES: Final = st.text(max_size=9) | st.sampled_from(
    [
        "op",
        "path",
        "value",
        "name",
        "id",
        "auth",
        "params",
        "connectionSpec",
        "scheduleParams",
        "items",
        "datasets",
    ]
)
JSON: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=15,
)
GOOD: Final = [
    base_body(),
    source_body(),
    target_body(MISSING),
    flow_body(MISSING, MISSING),
    [{"op": "replace", "path": "/name", "value": "new"}],
    {"activationInfo": {"destinations": [{"flowId": MISSING, "datasets": [{"id": MISSING}]}]}},
]
DEEP: Final = [b"[" * 100_000, b'{"a":' * 50_000, b"[" * 500 + b"]" * 500]
PARAMETERS: Final = [
    "property",
    "limit",
    "orderby",
    "continuationToken",
    "count",
    "op",
    "subOp",
    "mode",
    "type",
    "action",
    "start",
    "outputType",
    "outputField",
    "properties",
    "after",
    "clock",
    "at",
    "flow",
    "name",
]
HEADER_NAMES: Final = [
    "authorization",
    "x-api-key",
    "x-gw-ims-org-id",
    "x-sandbox-name",
    "x-sandbox-id",
    "if-match",
    "accept",
    "content-type",
    "content-length",
    "host",
    "origin",
    "x-request-id",
    "cookie",
    "x-other",
]


@st.composite
def broken(draw: st.DrawFn, template: Any) -> Any:
    """A body that is nearly right: one or two of its values, anywhere in it, replaced by something else."""
    body = json.loads(json.dumps(template))
    for _ in range(draw(st.integers(1, 2))):
        spots = list(_spots(body))
        if spots:
            holder, key = draw(st.sampled_from(spots))
            holder[key] = draw(JSON)
    return body


def _spots(node: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in a document that holds a value: its dictionary or list, and the key."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(pairs):
        yield node, key
        yield from _spots(value)


BODIES: Final = (
    st.binary(max_size=40)
    | st.sampled_from([b"", b"null", b"\xff\xfe{}", b"{", b'"\\ud800"', b"NaN", *DEEP])
    | JSON.map(lambda body: json.dumps(body).encode())
    | st.sampled_from(GOOD).flatmap(broken).map(lambda body: json.dumps(body).encode())
)
QUERIES: Final = st.binary(max_size=30) | st.lists(
    st.tuples(
        st.sampled_from(PARAMETERS) | st.text(max_size=5),
        TEXTS
        | st.integers().map(str)
        | st.sampled_from(["name==a", "createdAt>1", "id==" + "a," * 2000, "-name"]),
    ),
    max_size=4,
).map(lambda pairs: "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs).encode())
HEADERS: Final = st.lists(
    st.tuples(
        st.sampled_from(HEADER_NAMES).map(str.encode),
        st.binary(max_size=20) | st.sampled_from([b"", b"Bearer ", b"*", b"application/json", b"x" * 9000]),
    ),
    max_size=4,
)


class Raw:
    """The application with an export in it, asked as a server asks it."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._begin()

    def renew(self) -> None:
        """Begin anew: what steers the emulator may have stopped its clock, set faults or ended the token."""
        self.session.store.close()
        self._begin()

    def _begin(self) -> None:
        self.session = Session(runner=self._runner)
        self.ids = list(self.session.make_export().values())
        login = {**self.session.headers, "host": "127.0.0.1", "content-type": "application/json"}
        self.headers = [(name.encode(), value.encode()) for name, value in login.items()]

    def ask(
        self, method: str, path: str, query: bytes = b"", body: bytes = b"", extra: Headers | None = None
    ) -> Answer:
        """Send one request, with ``extra`` headers in place of those of the same name."""
        replaced = {name for name, _ in extra or []}
        headers = [pair for pair in self.headers if pair[0] not in replaced] + (extra or [])
        return self._runner.run(self._ask(method, path, query, headers, body))

    async def _ask(self, method: str, path: str, query: bytes, headers: Headers, body: bytes) -> Answer:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "root_path": "",
            "query_string": query,
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        async with asyncio.timeout(A_HANG):
            await self.session.app(scope, receive, send)
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], dict(sent[0]["headers"]), content


def require_own_response(method: str, response: Answer) -> None:
    """The response is an intended one: no 500, no traceback, and JSON if that is its type."""
    status, headers, content = response
    assert status != 500, content[:500]
    assert b"Traceback" not in content
    assert status < 500 or status == 501, content[:500]
    if content and method != "HEAD" and headers.get(b"content-type", b"").startswith(b"application/json"):
        json.loads(content)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_no_route_fails_unexpectedly(method: str) -> None:
    """Each route of each method takes any body, query and headers, and the emulator is well afterwards."""
    routes = [path for known, path in ALL if known == method]
    with asyncio.Runner() as runner:
        raw = Raw(runner)

        @settings(
            max_examples=150,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(st.sampled_from(routes), st.integers(0, 3) | TEXTS, QUERIES, HEADERS, BODIES)
        def send(template: str, name: int | str, query: bytes, extra: Headers, body: bytes) -> None:
            text = raw.ids[name] if isinstance(name, int) else name
            path = re.sub(r"\{\w+\}", lambda _match: text, template)
            begun = time.perf_counter()
            require_own_response(method, raw.ask(method, path, query, body, extra))
            assert time.perf_counter() - begun < A_HANG
            if method != "GET" and not path.startswith(("/data", "/ims")):
                assert raw.ask("GET", "/_emulator/state")[0] == 200
                raw.renew()

        send()
        assert raw.ask("GET", "/_emulator/state")[0] == 200
        raw.session.store.close()


def test_no_path_fails_unexpectedly() -> None:
    """Any method and any path gives an answer, mostly that there is no such thing."""
    with asyncio.Runner() as runner:
        raw = Raw(runner)
        parts = TEXTS | st.sampled_from(sorted({part for _, path in ALL for part in path.split("/")}))

        @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.sampled_from(METHODS), st.lists(parts, max_size=8), QUERIES)
        def send(method: str, pieces: list[str], query: bytes) -> None:
            require_own_response(method, raw.ask(method, "/" + "/".join(pieces), query))

        send()
        raw.session.store.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [each for each in ALL if each[0] in ("POST", "PUT", "PATCH") and "snapshot" not in each[1]],
)
def test_large_bodies_are_rejected_or_read(method: str, path: str) -> None:
    """A body as large as is allowed is answered in time, and one byte more is refused with 413."""
    with asyncio.Runner() as runner:
        raw = Raw(runner)
        filled = path.replace("{id}", raw.ids[0]).replace("{name}", "prod")
        text = b'[{"op":"add","path":"/name","value":"' + b"%SEGMENT_NAME%" * 20_000 + b'"}'
        largest = text + b" " * (MAX_BODY - len(text) - 1) + b"]"
        page = [(b"origin", b"http://127.0.0.1")]  # which the forms of the page send
        for body in (text + b"]", largest):
            require_own_response(method, raw.ask(method, filled, body=body, extra=page))
        assert raw.ask(method, filled, body=largest + b" ", extra=page)[0] == 413
        raw.session.store.close()


def test_large_queries_and_headers_get_a_response() -> None:
    """A query of many filters and a header of a megabyte are answered in time."""
    with asyncio.Runner() as runner:
        raw = Raw(runner)
        listed = "/data/foundation/flowservice/flows"
        for query in (
            b"&".join(b"property=name==%d" % number for number in range(5_000)),
            b"property=name==" + b"a," * 200_000,
            b"orderby=" + b"name," * 20_000 + b"name",
            b"continuationToken=" + b"A" * 500_000,
            b"a=b&" * 100_000,
        ):
            require_own_response("GET", raw.ask("GET", listed, query))
        for name in (b"authorization", b"if-match", b"x-sandbox-name", b"x-request-id", b"x-other"):
            require_own_response("GET", raw.ask("GET", listed, extra=[(name, b"x" * 1_000_000)]))
        raw.session.store.close()
