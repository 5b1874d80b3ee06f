"""The faults of a campaign: what happens to a request, and to which one."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Moment(Enum):
    """When a fault happens to a request."""

    BEFORE = "before"
    """The request never reaches Flow Service."""
    AFTER = "after"
    """Flow Service has handled the request, and its response does not arrive."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is closed in the middle of the response's body."""


@dataclass(frozen=True, slots=True)
class Hang:
    """No response is sent until the client gives up."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The response is sent only after further requests of the workspace, or when the client has given up."""

    requests: int


@dataclass(frozen=True, slots=True)
class Respond:
    """Another response is sent instead, such as that of a gateway in front of Flow Service."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """A process is killed, or Terraform is interrupted as with Ctrl-C. `target` is one of `TARGETS`."""

    target: str


TARGETS = ("provider", "terraform", "interrupt")


@dataclass(frozen=True, slots=True)
class ResetLater:
    """The connection is reset as soon as another workspace has created an object."""


Effect = Reset | ResetLater | Cut | Hang | Hold | Respond | Signal


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


_HTML = b"<html><head><title>%s</title></head><body><center><h1>%s</h1></center></body></html>"
_SPRING = _json(
    {"timestamp": "2031-06-01T00:00:00.000+00:00", "status": 404, "error": "Not Found", "path": "/data"}
)
_ERROR = _json({"errorMessage": "Something failed", "errorDetails": "Something failed inside"})
_BROKEN: dict[str, Effect] = {
    "reset": Reset(),
    "hang": Hang(),
    "500": Respond(500, _ERROR),
    "502": Respond(502, _HTML % (b"502 Bad Gateway", b"502 Bad Gateway"), "text/html"),
    "503": Respond(503, b"no healthy upstream", "text/plain"),
    "504": Respond(504, _json({"message": "The upstream server is timing out"})),
    "kill provider": Signal("provider"),
    "kill terraform": Signal("terraform"),
    "interrupt": Signal("interrupt"),
}

EFFECTS: dict[str, tuple[Moment, Effect]] = {
    **{f"{name} before": (Moment.BEFORE, effect) for name, effect in _BROKEN.items()},
    **{f"{name} after": (Moment.AFTER, effect) for name, effect in _BROKEN.items()},
    "cut after": (Moment.AFTER, Cut()),
    "reset after another create": (Moment.BEFORE, ResetLater()),
    "held after": (Moment.AFTER, Hold(4)),
    "404 empty": (Moment.BEFORE, Respond(404)),
    "404 kong": (Moment.BEFORE, Respond(404, _json({"message": "no Route matched with those values"}))),
    "404 spring": (Moment.BEFORE, Respond(404, _SPRING)),
    "404 html": (Moment.BEFORE, Respond(404, _HTML % (b"404 Not Found", b"404 Not Found"), "text/html")),
    "429": (Moment.BEFORE, Respond(429, _json({"error_code": "429050", "message": "Too many requests"}))),
    "429 retry-after": (
        Moment.BEFORE,
        Respond(
            429,
            _json({"error_code": "429050", "message": "Too many requests"}),
            headers=(("retry-after", "1"),),
        ),
    ),
    "401": (
        Moment.BEFORE,
        Respond(401, _json({"error_code": "401013", "message": "Oauth token is not valid"})),
    ),
    "state update lost": (Moment.BEFORE, Respond(200)),
}
"""Every fault by its name. "state update lost" is for requests to the state backend only."""

STATE = "state"
"""The collection of the requests to the state backend."""
LOCK = "lock"
"""The collection of the requests that lock and unlock a state."""
TOKEN = "token"
"""The collection of the requests for an access token."""
WRITE = "write"
"""The method of a fault that hits creates, changes, actions and deletes."""


@dataclass(slots=True)
class Fault:
    """A fault that happens to requests of one workspace.

    Attributes:
        kind: A name of `EFFECTS`.
        method: The requests' method, "ACTION", `WRITE` for all but GET, or "*" for any.
        collection: Flow Service's collection, `TOKEN`, `STATE`, or "*" for any of Flow Service's.
        name: Only for creates: the name of the object that is created.
        one: None for any request; True for those of one object, False for those of a collection.
        skip: Number of such requests that pass before.
        times: Number of such requests that are hit.
        happened: Is set when the first one is hit.
    """

    kind: str
    method: str
    collection: str
    name: str | None = None
    one: bool | None = None
    skip: int = 0
    times: int = 1
    happened: threading.Event = field(default_factory=threading.Event, compare=False)

    @property
    def moment(self) -> Moment:
        """When it happens."""
        return EFFECTS[self.kind][0]

    @property
    def effect(self) -> Effect:
        """What happens."""
        return EFFECTS[self.kind][1]

    def hits(self, method: str, collection: str, name: str | None, *, one: bool) -> bool:
        """Return whether this request is hit, and count it."""
        flow_service = collection not in (STATE, LOCK, TOKEN)
        matches = (
            self.times > 0
            and (self.method in ("*", method) or (self.method == WRITE and method != "GET"))
            and (self.collection == collection or (self.collection == "*" and flow_service))
            and self.name in (None, name)
            and self.one in (None, one)
        )
        if not matches:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        self.happened.set()
        return True

    def __str__(self) -> str:
        parts = [self.kind, self.method, self.collection]
        parts += [f"name={self.name!r}"] if self.name else []
        parts += [] if self.one is None else ["one" if self.one else "list"]
        parts += [f"skip={self.skip}"] if self.skip else []
        parts += [f"times={self.times}"] if self.times != 1 else []
        return " ".join(parts)
