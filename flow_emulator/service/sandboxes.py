"""``/data/foundation/sandbox-management/sandboxes``: the list of sandboxes.

Shape: "Sandboxes endpoint" of the Sandbox API guide. All are active; ``prod`` is the default one.
"""

from __future__ import annotations

from typing import Any, Final

from flow_emulator import identity
from flow_emulator.errors import UnknownNameError
from flow_emulator.http.messages import Request, Response
from flow_emulator.http.paths import SANDBOXES
from flow_emulator.models.context import Context
from flow_emulator.service.responses import base_url, integer_parameter, require_known_parameters

_MADE: Final = "2019-09-07 10:16:02"


def list_sandboxes(request: Request, context: Context) -> Response:
    """Return a page by ``limit`` and ``offset``."""
    require_known_parameters(request, ("limit", "offset"))
    limit = integer_parameter(request, "limit", 100, 1, 100)
    offset = integer_parameter(request, "offset", 0, 0, 10**9 - 1)
    names = request.engine.sandboxes[offset : offset + limit]
    links = {"page": _link(request, "limit={limit}&offset={offset}", templated=True)}
    if offset + limit < len(request.engine.sandboxes):
        links["next"] = _link(request, f"limit={limit}&offset={offset + limit}", templated=False)
    if offset:
        links["prev"] = _link(request, f"limit={limit}&offset={max(0, offset - limit)}", templated=False)
    return Response(
        body={
            "sandboxes": [_shown(context, name) for name in names],
            "_page": {"limit": limit, "count": len(names)},
            "_links": links,
        }
    )


def read_sandbox(request: Request, context: Context) -> Response:
    """Return one sandbox by its name."""
    require_known_parameters(request, ())
    name = request.params["name"]
    if name not in request.engine.sandboxes:
        raise UnknownNameError(f"Sandbox {name} does not exist.")
    return Response(body=_shown(context, name))


def _link(request: Request, query: str, *, templated: bool) -> dict[str, Any]:
    return {"href": f"{base_url(request)}{SANDBOXES}?{query}", "templated": templated}


def _shown(context: Context, name: str) -> dict[str, Any]:
    production = name == identity.DEFAULT_SANDBOX
    return {
        "id": identity.sandbox_id(context.org, name),
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
