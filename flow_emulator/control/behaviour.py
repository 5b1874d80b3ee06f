"""``/_emulator/behaviour``: the profile and the switches. No token is needed."""

from __future__ import annotations

import dataclasses
from typing import Any

from flow_emulator.behaviour import configuration
from flow_emulator.behaviour.profiles import PROFILES
from flow_emulator.errors import BadRequestError
from flow_emulator.http.messages import Request, Response

_FORM = '{"profile": "lenient", "set": {"secrets": "echo"}, "seed": 7}, each of the three optional'


def read_behaviour(request: Request) -> Response:
    """Return the configuration, the resulting value of every switch, and the known profiles."""
    chosen = configuration.read(request.tx)
    return Response(
        body={
            "profile": chosen.profile if request.engine.from_store else None,
            "set": dict(chosen.switches) if request.engine.from_store else {},
            "seed": chosen.seed,
            "switches": dataclasses.asdict(request.engine.behaviour),
            "profiles": {name: profile.reason for name, profile in PROFILES.items()},
        }
    )


def change_behaviour(request: Request) -> Response:
    """Change the configuration for the next requests. A profile resets all switches."""
    if not request.engine.from_store:
        raise BadRequestError("The program that made this emulator has fixed its behaviour.", 409)
    body = request.json()
    if (
        not isinstance(body, dict)
        or not set(body) <= {"profile", "set", "seed"}
        or not _has_valid_types(body)
    ):
        raise BadRequestError(f"The body must be {_FORM}.")
    switches = configuration.as_texts(body.get("set", {}))
    changed = configuration.read(request.tx).changed(body.get("profile"), switches, body.get("seed"))
    try:
        configuration.write(request.tx, changed)
    except ValueError as problem:
        raise BadRequestError(str(problem)) from None
    return read_behaviour(
        dataclasses.replace(request, engine=configuration.applied(request.engine, request.tx))
    )


def _has_valid_types(body: dict[str, Any]) -> bool:
    seed = body.get("seed", 0)
    return (
        isinstance(body.get("profile", ""), str)
        and isinstance(body.get("set", {}), dict)
        and isinstance(seed, int)
        and not isinstance(seed, bool)
    )
