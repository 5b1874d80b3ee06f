"""Parsing of error bodies, in each of the forms that Adobe uses.

| Origin | Form |
|---|---|
| API gateway | `{"error_code", "message"}` |
| Flow Service, current | `{"type", "title", "status", "report": {"detailed-message", "request-id", ...}, "errorMessage", "errorDetails"}` |
| Flow Service, older | `{"errorMessage", "errorDetails"}` |
| platform | `{"type", "status", "title", "detail"}` |
| plain | `{"message"}` |
| token endpoint (OAuth) | `{"error", "error_description"}` |
| none | empty, or an HTML page |

Sources: Adobe's troubleshooting guide, the tutorial "Apply labels to dataflows", both OpenAPI documents.
"""  # noqa: E501 (a table's row is one line)

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from provider_shim.client.models import ErrorResponse

_MAX_MESSAGE = 600
"""Length at which a message is cut, in characters."""


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """A parsed error body.

    `message` can contain secrets. `structured` is True if the body is a JSON object, and `from_flow_service`
    if it has a form of Flow Service's or of the platform's, which proxies and gateways don't use.
    """

    message: str = ""
    code: str | None = None
    request_id: str | None = None
    structured: bool = False
    from_flow_service: bool = False

    def shortened(self, scrub: Callable[[str], str]) -> str:
        """Get the message without secrets, in one line, cut to a maximum length.

        Secrets are removed first: a secret that is cut, or whose line ends were changed, isn't recognised.
        """
        line = " ".join(scrub(self.message).split())
        return line if len(line) <= _MAX_MESSAGE else f"{line[: _MAX_MESSAGE - 3]}..."


def parse(content: bytes) -> ErrorBody:
    """Parse an error body. Never raises."""
    text = content.decode("utf-8", errors="replace")
    try:
        response = ErrorResponse.model_validate(json.loads(text))
    except (ValueError, RecursionError, ValidationError):
        # The markup of an HTML page doesn't help a user.
        return ErrorBody(
            message="The response is an HTML page." if text.lstrip().startswith("<") else text.strip()
        )
    report = response.report
    return ErrorBody(
        message=_message(response) or text,
        code=_code(response),
        request_id=report.request_id if report else None,
        structured=True,
        from_flow_service=_is_from_flow_service(response),
    )


def _is_from_flow_service(response: ErrorResponse) -> bool:
    return bool(
        response.report
        or response.error_message
        or response.error_details
        or re.match(r"https?://ns\.adobe\.com/", response.type or "")
    )


def _message(response: ErrorResponse) -> str:
    detailed = response.report.detailed_message if response.report else None
    if response.error:
        return ": ".join(filter(None, (response.error, response.error_description or response.message)))
    first = detailed or response.detail or response.error_message or response.message or response.title or ""
    more = response.error_details
    return f"{first} ({more})" if first and more and more not in first else first or more or ""


def _code(response: ErrorResponse) -> str | None:
    """Get the code that identifies an error.

    Of a Flow Service code only the middle number is kept, because the last part is an HTTP status in which
    documents and responses differ (1439 is documented with 400 and recorded with 404).
    """
    kind = (response.type or "").rstrip("/").rpartition("/")[2]
    for text in (kind, response.error_code or ""):
        if match := re.fullmatch(r"FLOW-(\d+)-\d+", text, re.ASCII):
            return match[1]
    # Codes of other services are kept whole: their numbers have other meanings.
    return kind if re.fullmatch(r"[A-Z_]+-\d+-\d+", kind, re.ASCII) else response.error_code
