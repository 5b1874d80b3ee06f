"""``/_emulator/``: request log, state, clock and reset. No token is needed."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from flow_emulator import clock
from flow_emulator.errors import BadRequestError
from flow_emulator.http.messages import Request, Response
from flow_emulator.models.flows import runs
from flow_emulator.service.responses import integer_parameter
from flow_emulator.specs.catalogue import Catalogue
from flow_emulator.specs.secret_params import mask_auth
from flow_emulator.store import Entity


def read_requests(request: Request) -> Response:
    """Return the request log, the oldest first; with ``?after=<seq>`` only later entries."""
    return Response(
        body={"items": request.tx.requests.all(integer_parameter(request, "after", 0, 0, 10**9 - 1))}
    )


def clear_requests(request: Request) -> Response:
    """Clear the request log."""
    request.tx.requests.clear()
    return Response(204)


def read_state(request: Request) -> Response:
    """Return all stored entities by collection, secrets masked and with their fingerprints."""
    runs.advance(request.engine, request.tx, request.now)
    collections: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("connections", "sourceConnections", "targetConnections", "flows", "runs")
    }
    for entity in request.tx.entities.everything():
        collections[entity.collection].append(_stored(entity, request.engine.catalogue))
    return Response(
        body={
            "clock": _clock(request),
            "behaviour": dataclasses.asdict(request.engine.behaviour),
            **collections,
        }
    )


def read_clock(request: Request) -> Response:
    """Return the emulator's time, and whether it was set."""
    return Response(body=_clock(request))


def set_clock(request: Request) -> Response:
    """Set or move the clock, and create the runs that are due then.

    ``{"now": "2031-01-02T00:00:00Z"}`` sets it to a fixed time, which with ``"stands": false`` runs on from
    there. ``{"now": null}`` returns to real time, ``{"advance": 3600}`` moves it by seconds, ``{"stands":
    true}`` stops it, and ``{"stands": false}`` lets it run.
    """
    try:
        _move_clock(request, request.json())
    except (ValueError, OverflowError) as error:
        raise BadRequestError(str(error)) from None
    now = clock.now_millis(request.tx, request.engine.real_millis)
    made = runs.advance(request.engine, request.tx, now)
    return Response(body={**_clock(request), "runs": made})


def reset(request: Request) -> Response:
    """Delete everything: entities, tokens, request log, clock."""
    request.tx.reset()
    return Response(204)


def _clock(request: Request) -> dict[str, Any]:
    reading = clock.read(request.tx, request.engine.real_millis)
    return {"now": reading.text, "set": reading.is_set, "stands": reading.stands}


def _move_clock(request: Request, body: Any) -> None:
    real = request.engine.real_millis
    match body:
        case {"now": str() | None as moment, **more} if not more:
            clock.write(request.tx, moment, real=real)
        case {"now": str() as moment, "stands": bool() as stands, **more} if not more:
            clock.write(request.tx, moment, runs=not stands, real=real)
        case {"advance": int() | float() as seconds, **more} if not more and not isinstance(seconds, bool):
            clock.advance(request.tx, timedelta(seconds=seconds), real)
        case {"stands": True, **more} if not more:
            clock.stop(request.tx, real)
        case {"stands": False, **more} if not more:
            clock.resume(request.tx, real)
        case _:
            raise ValueError(
                'The body must be {"now": "<RFC 3339 time>"} with "stands": false or nothing beside it,'
                ' {"now": null}, {"advance": <seconds>} or {"stands": <true or false>}.'
            )


def _stored(entity: Entity, catalogue: Catalogue) -> dict[str, Any]:
    doc = dict(entity.doc)
    if isinstance(doc.get("auth"), dict):
        # Also when the switch stores them in clear: nothing needs them here.
        doc["auth"] = mask_auth(doc["auth"], catalogue.public_params(doc["connectionSpec"]["id"]))
    return {
        "id": entity.id,
        "org": entity.org,
        "sandbox": entity.sandbox,
        "state": entity.state,
        "etag": entity.etag,
        "document": doc,
        "fingerprints": entity.meta.get("fingerprints", {}),
        "dueAt": None if entity.due_at is None else clock.to_text(entity.due_at),
    }
