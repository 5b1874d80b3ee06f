"""``POST /data/core/activation/disflowprovider/adhocrun``: exports of datasets outside their schedule."""

from __future__ import annotations

from typing import Any, Final

from flow_emulator.errors import UnsupportedError
from flow_emulator.http.messages import Request, Response
from flow_emulator.http.paths import FLOW_SERVICE
from flow_emulator.models.context import Context
from flow_emulator.models.flows import adhoc_runs
from flow_emulator.service.responses import base_url, require_known_parameters

_MEDIA_TYPE: Final = "application/vnd.adobe.adhoc.dataset.activation+json"


def run_datasets(request: Request, context: Context) -> Response:
    """Start the runs; the response has the address of the run of each dataset.

    It is an address of the emulator: Adobe's would lead a client and its token to Adobe.
    """
    require_known_parameters(request, ())
    if not _asks_for_datasets(request.headers.get("accept", "")):
        raise UnsupportedError(
            "The emulator does not support ad-hoc runs of audiences. For datasets send the header"
            f" Accept: {_MEDIA_TYPE}; version=1."
        )
    started = adhoc_runs.run(context, request.json())
    base = base_url(request) + FLOW_SERVICE
    return Response(body={"destinations": [_shown(each, base) for each in started]})


def _asks_for_datasets(accept: str) -> bool:
    kind, *parameters = (part.strip().lower() for part in accept.split(";"))
    return kind == _MEDIA_TYPE and [part.replace(" ", "") for part in parameters] == ["version=1"]


def _shown(started: dict[str, Any], base: str) -> dict[str, Any]:
    return {
        "flowId": started["flowId"],
        "datasets": [
            {"id": each["id"], "statusURL": f"{base}/runs/{each['run']}"} for each in started["datasets"]
        ],
    }
