"""Seeds: objects with which an emulator starts, written as the request bodies that would create them.

``"$connections.lake"`` anywhere in a body is replaced by the id of the base connection that the seed calls
``lake``; the same for the other collections. A seed is validated like requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flow_emulator import clock
from flow_emulator.errors import BadRequestError
from flow_emulator.identity import DEFAULT_SANDBOX
from flow_emulator.models.context import Context, Engine
from flow_emulator.service.collections import BASE_CONNECTIONS, FLOWS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS
from flow_emulator.store import Transaction

_COLLECTIONS: Final = (BASE_CONNECTIONS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS, FLOWS)
_NAMES: Final = tuple(collection.name for collection in _COLLECTIONS)

MAX_OBJECTS: Final = 2000
Ids = dict[str, dict[str, str]]


def apply_seed(engine: Engine, tx: Transaction, seed: object) -> Ids:
    """Create the objects of a seed, all of them or none.

    A seed has ``connections``, ``sourceConnections``, ``targetConnections`` and ``flows``, each a mapping
    from names to bodies, and optionally ``sandbox`` and ``clock``.

    Returns:
        The ids by collection and name.

    Raises:
        EmulatedError: A body is invalid, with the error that its request would get, or the seed is malformed.
    """
    document = _checked(engine, seed)
    with tx.savepoint():
        if "clock" in document:
            _set_clock(tx, document["clock"])
        who = engine.identities[0]
        sandbox = document.get("sandbox", DEFAULT_SANDBOX)
        now = clock.now_millis(tx, engine.real_millis)
        context = Context(engine, tx, now, who.client_id, who.organization_id, sandbox)
        made: Ids = {name: {} for name in _NAMES}
        for collection in _COLLECTIONS:
            for name, body in document.get(collection.name, {}).items():
                made[collection.name][name] = collection.make(context, _resolved(body, made)).id
    return made


def _checked(engine: Engine, seed: object) -> Mapping[str, Any]:
    if not isinstance(seed, dict) or not seed.keys() <= {*_NAMES, "sandbox", "clock"}:
        raise BadRequestError(f"A seed has {', '.join(_NAMES)}, sandbox and clock, and nothing else.")
    for name in _NAMES:
        if not isinstance(seed.get(name, {}), dict):
            raise BadRequestError(f"{name} of a seed is an object from names to bodies.")
    if sum(len(seed.get(name, {})) for name in _NAMES) > MAX_OBJECTS:
        raise BadRequestError(f"A seed has at most {MAX_OBJECTS} objects; send several seeds.")
    if seed.get("sandbox", DEFAULT_SANDBOX) not in engine.sandboxes:
        raise BadRequestError(f"The sandboxes are {', '.join(engine.sandboxes)}.")
    return seed


def _set_clock(tx: Transaction, moment: object) -> None:
    if not isinstance(moment, str):
        raise BadRequestError("The clock of a seed is an RFC 3339 time such as 2031-01-02T00:00:00Z.")
    try:
        clock.write(tx, moment)
    except (ValueError, OverflowError) as error:
        raise BadRequestError(str(error)) from None


def _resolved(value: Any, made: Ids) -> Any:
    if isinstance(value, dict):
        return {name: _resolved(part, made) for name, part in value.items()}
    if isinstance(value, list):
        return [_resolved(part, made) for part in value]
    if not isinstance(value, str) or not value.startswith(tuple(f"${name}." for name in _NAMES)):
        return value
    collection, _, name = value[1:].partition(".")
    if name not in made[collection]:
        raise BadRequestError(f"The seed refers to {value}, which it does not make before.")
    return made[collection][name]
