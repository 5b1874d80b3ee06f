"""The errors with which the emulator responds: each class has the HTTP status and the body that Adobe sends.

Three origins have three shapes: the gateway (``error_code`` and ``message``, "Experience Platform
troubleshooting guide"), Flow Service (a problem with a ``FLOW-<code>-<status>`` type and a report, as the
pages on labels and "Flow Service errors" show it), and plain Flow Service messages without a code
(``errorMessage``, OpenAPI 'Flow Service - Destinations', 2024-11-13), used where no code is published.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

Body = dict[str, Any]


class EmulatedError(Exception):
    """An error that becomes a response; ``code`` is its key in the request log."""

    status: int = 400
    code: str = ""

    def body(self, request_id: str) -> Body:
        """Return the JSON body of the response."""
        raise NotImplementedError


class GatewayError(EmulatedError):
    """An error of Adobe's API gateway, before Flow Service gets the request."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self, request_id: str) -> Body:  # noqa: ARG002 - only in the header
        """Return the gateway's body; ``error_code`` is text, as in the troubleshooting guide."""
        return {"error_code": self.code, "message": self.message}


class TokenRequestError(EmulatedError):
    """An error of the token endpoint; the shape is OAuth's, Adobe's exact codes are not published."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.code, self.description = error, description

    def body(self, request_id: str) -> Body:  # noqa: ARG002 - not part of OAuth's body
        """Return ``error`` and ``error_description``, as in RFC 6749."""
        return {"error": self.code, "error_description": self.description}


class BadRequestError(EmulatedError):
    """A malformed request: invalid JSON, no content type, a method that the path does not have."""

    title: ClassVar[str] = "BadRequestError"

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.detail, self.status, self.code = detail, status, self.title

    def body(self, request_id: str) -> Body:  # noqa: ARG002 - not part of this shape
        """Return the platform's general problem shape, with its placeholder type."""
        return {
            "type": "/placeholder/type/uri",
            "status": self.status,
            "title": self.title,
            "detail": self.detail,
        }


class UnknownPathError(BadRequestError):
    """The path belongs to no operation."""

    title: ClassVar[str] = "NotFoundError"

    def __init__(self, path: str) -> None:
        super().__init__(f"No operation is known under the path {path}.", 404)


class UnknownNameError(BadRequestError):
    """A service other than Flow Service does not know the name."""

    title: ClassVar[str] = "NotFoundError"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, 404)


class UnsupportedError(BadRequestError):
    """Adobe has this operation, and the emulator does not support it."""

    title: ClassVar[str] = "NotImplementedError"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, 501)


class InvalidBodyError(EmulatedError):
    """A body that violates a rule without a published code; 422 for a schema, 400 for another rule."""

    def __init__(self, message: str, details: str, status: int = 422) -> None:
        super().__init__(f"{message}: {details}")
        self.message, self.details, self.status = message, details, status
        self.code = str(status)

    def body(self, request_id: str) -> Body:  # noqa: ARG002 - only in the header
        """Return Flow Service's older shape: ``errorMessage`` and ``errorDetails``."""
        return {"errorMessage": self.message, "errorDetails": self.details}


class PlainError(EmulatedError):
    """An error with a message only, as the ad-hoc activation API sends it."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status, self.code = message, status, str(status)

    def body(self, request_id: str) -> Body:  # noqa: ARG002 - not part of this shape
        """Return ``message`` only."""
        return {"message": self.message}


class FlowServiceError(EmulatedError):
    """An error of Flow Service with a published code; ``FLOW-1439-404`` is ``number`` and ``status``."""

    number: ClassVar[int] = 1400
    default_status: ClassVar[int] = 400
    title: ClassVar[str] = "Bad request"

    def __init__(self, detail: str, *, entity: str = "", kind: str = "") -> None:
        super().__init__(detail)
        self.detail, self.entity, self.kind = detail, entity, kind
        self.status = self.default_status
        self.code = str(self.number)

    def body(self, request_id: str) -> Body:
        """Return a problem with its report, and the two fields of the older shape."""
        report = {"detailed-message": self.detail, "request-id": request_id}
        if self.entity:
            report["id"] = self.entity
        if self.kind:
            report["type"] = self.kind
        return {
            "type": f"https://ns.adobe.com/aep/errors/FLOW-{self.number}-{self.status}",
            "title": self.title,
            "status": self.status,
            "report": report,
            "errorMessage": self.detail,
            "errorDetails": self.title,
        }


def _code(name: str, number: int, title: str, status: int = 400) -> type[FlowServiceError]:
    doc = f"FLOW-{number}-{status}: {title} ({HTTPStatus(status).phrase})."
    members = {"number": number, "default_status": status, "title": title, "__doc__": doc}
    return type(name, (FlowServiceError,), {**members, "__module__": __name__})


# Codes and meanings: "Flow Service errors" (Experience Platform documentation); the titles are not Adobe's.
LimitWithCountError = _code("LimitWithCountError", 1401, "limit and count do not go together")
FinalizeError = _code("FinalizeError", 1402, "Only providers may finalize")
IfMatchMissingError = _code("IfMatchMissingError", 1403, "The If-Match header is missing")
StaleVersionError = _code("StaleVersionError", 1404, "The supplied version is not the current one", 412)
EmptyBodyError = _code("EmptyBodyError", 1405, "The body is empty")
StateInCreateError = _code("StateInCreateError", 1410, "A new flow cannot be given a state")
UnknownSpecError = _code("UnknownSpecError", 1413, "The spec is not valid here")
SpecChangeError = _code("SpecChangeError", 1414, "The connection spec of a connection cannot be changed")
UnknownAuthSpecError = _code("UnknownAuthSpecError", 1415, "The connection spec has no such auth spec")
WrongStateError = _code("WrongStateError", 1416, "Not possible in the current state")
InitializingError = _code("InitializingError", 1417, "Not possible for a user while initializing")
BaseInUseError = _code("BaseInUseError", 1418, "The base connection is in use")
StateNotUpdatableError = _code("StateNotUpdatableError", 1420, "The state cannot be updated")
StateTransitionError = _code("StateTransitionError", 1421, "The state cannot be left now")
ActionNotApplicableError = _code("ActionNotApplicableError", 1422, "The action does not fit the state")
SpecWriteError = _code("SpecWriteError", 1426, "Specs cannot be written with a user token")
RunWriteError = _code("RunWriteError", 1427, "Runs cannot be written with a user token")
SortOrderError = _code("SortOrderError", 1432, "The sort order is not valid")
SortFieldError = _code("SortFieldError", 1433, "The sort field is not valid")
PatchOperationError = _code("PatchOperationError", 1434, "The patch operation is not supported")
ActionError = _code("ActionError", 1435, "The action is not supported")
SubOperationError = _code("SubOperationError", 1436, "The sub-operation is not supported")
NotFoundError = _code("NotFoundError", 1439, "Resource not found", 404)
SeveralValuesError = _code("SeveralValuesError", 1443, "The operator takes one value only")
PatchDisabledError = _code("PatchDisabledError", 1445, "PATCH is not enabled for these connections")
InUseError = _code("InUseError", 1447, "Flows use this entity")
FilterOperatorOnFieldError = _code("FilterOperatorOnFieldError", 1448, "The operator does not fit the field")
FilterFieldError = _code("FilterFieldError", 1449, "The filter field is not known")
FilterOperatorError = _code("FilterOperatorError", 1450, "The filter operator is not known")
QueryParameterError = _code("QueryParameterError", 1451, "The query parameter is not known")
FilterValueError = _code("FilterValueError", 1452, "The filter value is not valid")
QueryValueError = _code("QueryValueError", 1453, "The query parameter's value is not valid")
PatchError = _code("PatchError", 1455, "The patch is not valid")
UpdateInStateError = _code("UpdateInStateError", 1457, "No update in the current state")
DeleteInStateError = _code("DeleteInStateError", 1458, "No delete in the current state")
SandboxNotFoundError = _code("SandboxNotFoundError", 2101, "Sandbox not found", 404)
SandboxMissingError = _code("SandboxMissingError", 2105, "The x-sandbox-name header is missing")
SandboxIdError = _code("SandboxIdError", 2110, "x-sandbox-id is not for user tokens")
ParameterMissingError = _code("ParameterMissingError", 2119, "A required query parameter is missing")


class ReferenceNotFoundError(FlowServiceError):
    """FLOW-1439-400: a body refers to an entity that does not exist."""

    number = 1439
    title = "Resource not found"
