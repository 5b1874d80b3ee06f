"""Errors as responses, in the form that the switches choose where Adobe's pages disagree."""

from __future__ import annotations

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.errors import EmulatedError, GatewayError, NotFoundError
from flow_emulator.http.messages import Response


def error_response(error: EmulatedError, behaviour: Behaviour, request_id: str) -> Response:
    """Return the response of an error; its status and the type of ``error_code`` depend on switches."""
    if isinstance(error, NotFoundError):
        error.status = behaviour.not_found_status
    body = error.body(request_id)
    if isinstance(error, GatewayError) and behaviour.error_code_type == "number":
        body["error_code"] = int(body["error_code"])
    return Response(error.status, body)
