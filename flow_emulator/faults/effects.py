"""Applying to a request the faults that hit it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Final

from starlette.responses import Response as HttpResponse

from flow_emulator.etags import etag
from flow_emulator.faults.broken_connections import ResetResponse, TruncatedResponse
from flow_emulator.faults.fault_store import StoredFault
from flow_emulator.faults.response_shapes import RESHAPINGS, error_response
from flow_emulator.faults.rules import Fault
from flow_emulator.http.messages import Request, Response
from flow_emulator.http.paths import FLOW_SERVICE
from flow_emulator.identity import DEFAULT_SANDBOX
from flow_emulator.models.context import Engine

_NO_RESPONSE: Final = Response(0)
_WRITTEN: Final = ("connections", "sourceConnections", "targetConnections", "flows")


@dataclass(frozen=True, slots=True)
class ActiveFaults:
    """The faults that hit one request, the oldest first. Latencies add up; the first response wins."""

    entries: tuple[StoredFault, ...] = ()

    @property
    def log_fields(self) -> dict[str, Any]:
        """The fields that they add to the entry of the request log."""
        return {"faults": [entry.fault.as_text() for entry in self.entries]} if self.entries else {}

    def seconds(self, when: str) -> float:
        """Return the seconds to wait before or after the request is handled."""
        return sum(float(fault.options["seconds"]) for fault in self._of("latency") if _when(fault) == when)

    def engine(self, engine: Engine) -> Engine:
        """Return the engine for this request, with slower transitions when a fault requires them."""
        for fault in self._of("slow-state"):
            seconds = fault.options.get("seconds", 0)
            observations = fault.options.get("looks", 0 if seconds else 3)
            slow = dataclasses.replace(
                engine.behaviour,
                create_reads=observations,
                update_reads=observations,
                delete_reads=observations,
                create_seconds=seconds,
                update_seconds=seconds,
                delete_seconds=seconds,
            )
            return dataclasses.replace(engine, behaviour=slow)
        return engine

    def before(self, request: Request) -> Response | None:
        """Return the response in place of the operation, or None when the operation is to be executed."""
        if self._breaks("before"):
            return _NO_RESPONSE
        for fault in self._of("status", "throttle"):
            if _when(fault) == "before":
                return _error(fault, request)
        if request.method == "PATCH" or request.path.endswith("/action"):
            for _ in self._of("stale-etag"):
                _write_as_other_client(request, [request.params.get("id", "")])
        return None

    def after(self, response: Response, request: Request) -> Response:
        """Return the response to send after the operation was executed."""
        if response is _NO_RESPONSE:
            return response
        if (
            request.method in ("GET", "POST")
            and not request.path.endswith("/action")
            and response.status < 300
        ):
            for _ in self._of("stale-etag"):
                _write_as_other_client(request, _shown(response.body))
        for fault in self._of("status", "throttle"):
            if _when(fault) == "after":
                return _error(fault, request)
        for fault in self._of("shape"):
            response = RESHAPINGS[fault.options["shape"]][1](response)
        return response

    def http_response(self, content: bytes, response: Response, headers: dict[str, str]) -> HttpResponse:
        """Return the response for Starlette, complete or broken."""
        if self._breaks("before") or self._breaks("after"):
            return ResetResponse()
        for fault in self._of("truncate"):
            sent = fault.options.get("bytes", len(content) // 2)
            return TruncatedResponse(content, response.status, headers, sent)
        return HttpResponse(content, response.status, headers)

    def _breaks(self, when: str) -> bool:
        return any(_when(fault) == when for fault in self._of("reset"))

    def _of(self, *kinds: str) -> Iterator[Fault]:
        return (entry.fault for entry in self.entries if entry.fault.kind in kinds)


NO_FAULTS: Final = ActiveFaults()


def _when(fault: Fault) -> str:
    return str(fault.options.get("when", "before"))


def _error(fault: Fault, request: Request) -> Response:
    options = fault.options
    status = 429 if fault.kind == "throttle" else options.get("status", 503)
    response = error_response(options, status, request.request_id)
    seconds = options.get("retry_after")
    if seconds is None:
        return response
    if options.get("retry_after_as") == "date":
        # By the emulator's clock, as the response's Date header.
        value = formatdate(request.now // 1000 + math.ceil(seconds), usegmt=True)
    else:
        value = str(math.ceil(seconds))
    return dataclasses.replace(response, headers={**response.headers, "Retry-After": value})


def _shown(body: Any) -> list[str]:
    """Return the ids of the entities in the body of a response."""
    items = body.get("items", [body]) if isinstance(body, dict) else []
    return [item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]


def _write_as_other_client(request: Request, ids: Sequence[str]) -> None:
    """Give entities a new version, as a write of another client does."""
    collection = request.path.removeprefix(f"{FLOW_SERVICE}/").partition("/")[0]
    if collection not in _WRITTEN:
        return
    org = request.headers.get("x-gw-ims-org-id", "")
    sandbox = request.headers.get("x-sandbox-name", DEFAULT_SANDBOX)
    for entity_id in ids:
        entity = request.tx.entities.get(collection, org, sandbox, entity_id)
        if entity is not None:
            entity.meta |= {"updatedAt": request.now, "updatedBy": "another-client"}
            entity.etag = etag(request.tx.next_number(), request.now)
            request.tx.entities.update(entity)
