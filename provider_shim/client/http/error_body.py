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

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from provider_shim import shapes
from provider_shim.client.http import json_body
from provider_shim.client.models import ErrorResponse
from provider_shim.one_line import one_line

_MAX_MESSAGE = 600
"""Length at which a message is cut, in characters."""

_PHRASES = [status.phrase for status in HTTPStatus if status >= 400]

_WHOLE_TEXTS = re.compile(
    rf"({'|'.join(re.escape(each) for each in _PHRASES if ' ' not in each)})\.?", re.IGNORECASE
)
"""HTTP's phrases of one word, such as "Gone". In a sentence they mean something else."""

_KNOWN_TEXTS = re.compile(
    "|".join(
        [
            "404 page not found",
            "default backend",
            "no healthy upstream",
            "upstream connect error or disconnect/reset before headers",
            "upstream request timeout",
            "stream timeout",
            "RBAC: access denied",
            *(re.escape(each) for each in _PHRASES if " " in each),
            r"not ready for dataset export(?:, please wait for \d{1,3} minutes)?",
            r"run (?:is )?already (?:going on|in progress|running)",
            r"can ?not be executed for flow ?spec",
        ]
    ),
    re.IGNORECASE,
)
"""Texts that are shown: those of gateways (Envoy, Kubernetes, Go's `net/http`), HTTP's phrases of several
words, and those of runs on request (`client/ad_hoc.py`)."""


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
        return one_line(scrub(self.message), _MAX_MESSAGE)


def parse(content: bytes) -> ErrorBody:
    """Parse an error body. Never raises."""
    try:
        value = json_body.parse(content)
    except json_body.UnusableJson as reason:
        return ErrorBody(message=_without_json(content, str(reason)))
    if not isinstance(value, dict):
        return ErrorBody(message=f"The response is {shapes.of_value(value)}.")
    response = ErrorResponse.model_validate(value)
    report = response.report
    return ErrorBody(
        message=_message(response) or f"The response is {shapes.of_value(value)}.",
        code=_code(response),
        request_id=report.request_id if report else None,
        structured=True,
        from_flow_service=_is_from_flow_service(response),
    )


def _without_json(content: bytes, reason: str) -> str:
    """Describe a body that isn't JSON. Of other texts than those that are known, nothing is shown."""
    text = " ".join(content[:_MAX_MESSAGE].decode("utf-8", errors="replace").split())
    if text.startswith("<"):
        return "The response is an HTML page."  # its markup doesn't help a user
    if whole := _WHOLE_TEXTS.fullmatch(text):
        return f'The response is text that contains "{whole[1]}".'
    if known := _KNOWN_TEXTS.search(text):
        return f'The response is text that contains "{known[0]}".'
    return reason if text else ""


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
