"""``/data/foundation/connectors/landingzone``: the Data Landing Zone's container and credentials."""

from __future__ import annotations

from typing import Final

from flow_emulator.errors import BadRequestError, UnsupportedError
from flow_emulator.http.messages import Request, Response
from flow_emulator.models import landing_zone
from flow_emulator.models.context import Context

_TYPE: Final = "dlz_destination"


def read_container(request: Request, context: Context) -> Response:
    """``GET ?type=dlz_destination``."""
    _require_query(request, {})
    return Response(body=landing_zone.container(context))


def read_credentials(request: Request, context: Context) -> Response:
    """``GET /credentials?type=dlz_destination``: temporary credentials."""
    _require_query(request, {})
    return Response(body=landing_zone.credentials(context))


def refresh_credentials(request: Request, context: Context) -> Response:
    """``POST /credentials?type=dlz_destination&action=refresh``: new credentials."""
    _require_query(request, {"action": "refresh"})
    return Response(body=landing_zone.credentials(context, refresh=True))


def _require_query(request: Request, wanted: dict[str, str]) -> None:
    if request.value("type") == "user_drop_zone":
        raise UnsupportedError(
            "The emulator does not support the landing zone of sources; ask for dlz_destination."
        )
    wanted = {"type": _TYPE, **wanted}
    if sorted(request.query) != sorted(wanted.items()):
        raise BadRequestError(
            "The query must be " + "&".join(f"{name}={value}" for name, value in wanted.items()) + "."
        )
