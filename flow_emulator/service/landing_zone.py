"""``/data/foundation/connectors/landingzone``: the Data Landing Zone's container and credentials."""

from __future__ import annotations

from typing import Final

from flow_emulator.errors import BadRequestError, NotPlayedError
from flow_emulator.http.messages import Answer, Call
from flow_emulator.models import landing_zone
from flow_emulator.models.context import Scope

_TYPE: Final = "dlz_destination"


def read_container(request: Call, scope: Scope) -> Answer:
    """``GET ?type=dlz_destination``."""
    _demand(request, {})
    return Answer(body=landing_zone.container(scope))


def read_credentials(request: Call, scope: Scope) -> Answer:
    """``GET /credentials?type=dlz_destination``: temporary ones, new when the old have ended."""
    _demand(request, {})
    return Answer(body=landing_zone.credentials(scope))


def refresh_credentials(request: Call, scope: Scope) -> Answer:
    """``POST /credentials?type=dlz_destination&action=refresh``: new ones; the old are good no more."""
    _demand(request, {"action": "refresh"})
    return Answer(body=landing_zone.credentials(scope, refresh=True))


def _demand(request: Call, wanted: dict[str, str]) -> None:
    if request.value("type") == "user_drop_zone":
        raise NotPlayedError(
            "The emulator does not play the landing zone of sources; ask for dlz_destination."
        )
    wanted = {"type": _TYPE, **wanted}
    if sorted(request.query) != sorted(wanted.items()):
        raise BadRequestError(
            "The query must be " + "&".join(f"{name}={value}" for name, value in wanted.items()) + "."
        )
