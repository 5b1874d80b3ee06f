"""``/_emulator/``: looking into the emulator and steering it. No token is needed."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from flow_emulator import clock
from flow_emulator.errors import BadRequestError
from flow_emulator.http.messages import Answer, Call
from flow_emulator.models.flows import runs
from flow_emulator.service.responses import integer_parameter
from flow_emulator.specs.secret_params import mask
from flow_emulator.store import Entity


def read_requests(call: Call) -> Answer:
    """The request log, the oldest first; ``?after=<seq>`` leaves out what was seen before."""
    return Answer(body={"items": call.data.requests.all(integer_parameter(call, "after", 0, 0, 10**9 - 1))})


def clear_requests(call: Call) -> Answer:
    """Empty the request log."""
    call.data.requests.clear()
    return Answer(204)


def read_state(call: Call) -> Answer:
    """Everything that is stored, by collection, secrets starred, with fingerprints of the secrets."""
    runs.advance(call.engine, call.data, call.now)
    collections: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("connections", "sourceConnections", "targetConnections", "flows", "runs")
    }
    for entity in call.data.entities.everything():
        collections[entity.collection].append(_stored(entity))
    return Answer(
        body={
            "clock": _clock(call),
            "behaviour": dataclasses.asdict(call.engine.behaviour),
            **collections,
        }
    )


def read_clock(call: Call) -> Answer:
    """The emulator's time, and whether it was set."""
    return Answer(body=_clock(call))


def set_clock(call: Call) -> Answer:
    """Move the clock and make the runs that are due then.

    ``{"now": "2031-01-02T00:00:00Z"}`` lets it stand there, with ``"stands": false`` go on from there;
    ``{"now": null}`` returns to real time; ``{"advance": 3600}`` moves it by seconds; ``{"stands": true}``
    stops it and ``{"stands": false}`` lets it go on.
    """
    try:
        _move_clock(call, call.json())
    except (ValueError, OverflowError) as error:
        raise BadRequestError(str(error)) from None
    now = clock.now_millis(call.data, call.engine.real_millis)
    made = runs.advance(call.engine, call.data, now)
    return Answer(body={**_clock(call), "runs": made})


def reset(call: Call) -> Answer:
    """Forget everything: entities, tokens, request log, clock."""
    call.data.reset()
    return Answer(204)


def _clock(call: Call) -> dict[str, Any]:
    reading = clock.read(call.data, call.engine.real_millis)
    return {"now": reading.text, "set": reading.is_set, "stands": reading.stands}


def _move_clock(call: Call, body: Any) -> None:
    real = call.engine.real_millis
    match body:
        case {"now": str() | None as moment, **more} if not more:
            clock.write(call.data, moment, real=real)
        case {"now": str() as moment, "stands": bool() as stands, **more} if not more:
            clock.write(call.data, moment, runs=not stands, real=real)
        case {"advance": int() | float() as seconds, **more} if not more and not isinstance(seconds, bool):
            clock.advance(call.data, timedelta(seconds=seconds), real)
        case {"stands": True, **more} if not more:
            clock.stop(call.data, real)
        case {"stands": False, **more} if not more:
            clock.go_on(call.data, real)
        case _:
            raise ValueError(
                'The body must be {"now": "<RFC 3339 time>"} with "stands": false or nothing beside it,'
                ' {"now": null}, {"advance": <seconds>} or {"stands": <true or false>}.'
            )


def _stored(entity: Entity) -> dict[str, Any]:
    doc = dict(entity.doc)
    if isinstance(doc.get("auth"), dict):
        # Also when the switch stores them in clear: this page is for looking, not for keeping.
        doc["auth"] = {**doc["auth"], "params": mask(doc["auth"].get("params") or {})}
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
