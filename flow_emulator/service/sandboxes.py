"""``/data/foundation/sandbox-management/sandboxes``: which sandboxes there are.

Shape: "Sandboxes endpoint" of the Sandbox API guide. All of them are active; the first is the default one.
"""

from __future__ import annotations

from typing import Any, Final

from flow_emulator import identity
from flow_emulator.errors import UnknownNameError
from flow_emulator.http.messages import Answer, FlowCall
from flow_emulator.http.paths import SANDBOXES
from flow_emulator.service.responses import demand_parameters, own_address, whole_number

_MADE: Final = "2019-09-07 10:16:02"


def list_sandboxes(request: FlowCall) -> Answer:
    """A page by ``limit`` and ``offset``."""
    call = request.call
    demand_parameters(call, ("limit", "offset"))
    limit = whole_number(call, "limit", 100, 1, 100)
    offset = whole_number(call, "offset", 0, 0, 10**9 - 1)
    names = call.engine.sandboxes[offset : offset + limit]
    links = {"page": _link(request, "limit={limit}&offset={offset}", templated=True)}
    if offset + limit < len(call.engine.sandboxes):
        links["next"] = _link(request, f"limit={limit}&offset={offset + limit}", templated=False)
    if offset:
        links["prev"] = _link(request, f"limit={limit}&offset={max(0, offset - limit)}", templated=False)
    return Answer(
        body={
            "sandboxes": [_shown(request, name) for name in names],
            "_page": {"limit": limit, "count": len(names)},
            "_links": links,
        }
    )


def read_sandbox(request: FlowCall) -> Answer:
    """One sandbox by its name."""
    demand_parameters(request.call, ())
    name = request.call.params["name"]
    if name not in request.call.engine.sandboxes:
        raise UnknownNameError(f"Sandbox {name} does not exist.")
    return Answer(body=_shown(request, name))


def _link(request: FlowCall, query: str, *, templated: bool) -> dict[str, Any]:
    return {"href": f"{own_address(request.call)}{SANDBOXES}?{query}", "templated": templated}


def _shown(request: FlowCall, name: str) -> dict[str, Any]:
    production = name == identity.DEFAULT_SANDBOX
    return {
        "id": identity.sandbox_id(request.scope.org, name),
        "name": name,
        "title": name,
        "state": "active",
        "type": "production" if production else "development",
        "region": "VA7",
        "isDefault": production,
        "eTag": 1,
        "createdDate": _MADE,
        "lastModifiedDate": _MADE,
        "createdBy": "emulator",
        "modifiedBy": "emulator",
    }
