"""What an error body says, whichever of Adobe's shapes it has.

| Origin | Shape |
|---|---|
| API gateway | `{"error_code", "message"}` |
| Flow Service, current | `{"type", "title", "status", "report": {"detailed-message", "request-id", ...}, "errorMessage", "errorDetails"}` |
| Flow Service, older | `{"errorMessage", "errorDetails"}` |
| platform | `{"type", "status", "title", "detail"}` |
| plain | `{"message"}` |
| token endpoint (OAuth) | `{"error", "error_description"}` |
| none | empty, or a page of HTML |

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
"""Characters of raw text that a message keeps."""


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """`message` may hold secrets: it has to be scrubbed. `structured` tells a JSON object from other text."""

    message: str = ""
    code: str | None = None
    request_id: str | None = None
    structured: bool = False

    def shortened(self, scrub: Callable[[str], str]) -> str:
        """The message without secrets, in one line, cut when long.

        The order matters: half a secret, or one whose line ends were changed, isn't recognised any more.
        """
        line = " ".join(scrub(self.message).split())
        return line if len(line) <= _MAX_MESSAGE else f"{line[: _MAX_MESSAGE - 3]}..."


def parse(content: bytes) -> ErrorBody:
    """Read an error body; never raises."""
    text = content.decode("utf-8", errors="replace")
    try:
        response = ErrorResponse.model_validate(json.loads(text))
    except (ValueError, RecursionError, ValidationError):
        # The tags of an HTML page tell a user nothing but that something else answered.
        return ErrorBody(message="A page of HTML came." if text.lstrip().startswith("<") else text.strip())
    report = response.report
    return ErrorBody(
        message=_message(response) or text,
        code=_code(response),
        request_id=report.request_id if report else None,
        structured=True,
    )


def _message(response: ErrorResponse) -> str:
    detailed = response.report.detailed_message if response.report else None
    if response.error:
        return ": ".join(filter(None, (response.error, response.error_description or response.message)))
    first = detailed or response.detail or response.error_message or response.message or response.title or ""
    more = response.error_details
    return f"{first} ({more})" if first and more and more not in first else first or more or ""


def _code(response: ErrorResponse) -> str | None:
    """The code that errors are told apart by.

    The last part of a Flow Service code is an HTTP status that documents and answers disagree about (1439 is
    documented with 400 and recorded with 404), so only the middle number counts.
    """
    kind = (response.type or "").rstrip("/").rpartition("/")[2]
    for text in (kind, response.error_code or ""):
        if match := re.fullmatch(r"FLOW-(\d+)-\d+", text, re.ASCII):
            return match[1]
    # Other services' codes stay whole: their numbers mean something else.
    return kind if re.fullmatch(r"[A-Z_]+-\d+-\d+", kind, re.ASCII) else response.error_code
