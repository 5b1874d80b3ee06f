"""A request and its response, as handlers see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from flow_emulator import strict_json
from flow_emulator.errors import BadRequestError
from flow_emulator.models.context import Engine
from flow_emulator.store import Transaction


@dataclass(frozen=True)
class Request:
    """A parsed request; ``headers`` have lower-case names, ``now`` is in epoch milliseconds."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    content: bytes
    params: Mapping[str, str]
    request_id: str
    engine: Engine
    tx: Transaction
    now: int

    @property
    def entity_id(self) -> str:
        """The id in the path."""
        return self.params["id"]

    @property
    def if_match(self) -> str | None:
        """The If-Match header."""
        return self.headers.get("if-match")

    def values(self, name: str) -> list[str]:
        """Return all values of a query parameter."""
        return [value for key, value in self.query if key == name]

    def value(self, name: str) -> str | None:
        """Return the last value of a query parameter, or None."""
        return next(iter(reversed(self.values(name))), None)

    def json(self) -> Any:
        """Return the body as JSON, or None when it is empty. Raises BadRequestError for invalid JSON."""
        return parse_json(self.content)


@dataclass(frozen=True)
class Response:
    """A response: status, JSON body (None for an empty one), further headers."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def parse_query(raw: bytes) -> tuple[tuple[str, str], ...]:
    """Decode a query string; a value may contain equals signs, as in ``property=a==b``."""
    text = raw.decode("latin-1")
    return tuple(parse_qsl(text, keep_blank_values=True, errors="replace"))


def parse_json(content: bytes) -> Any:
    """Parse a JSON body in UTF-8; None when it is empty. Raises BadRequestError with the reason."""
    if not content.strip():
        return None
    try:
        return strict_json.parse(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRequestError("The body is not valid JSON.") from None
    except strict_json.InvalidJsonError as error:
        raise BadRequestError(f"The body {error}.") from None
