"""Retries: whether a failed request is sent again, and after how long.

Neither of Adobe's OpenAPI documents mentions 429 or `Retry-After`. The gateway in front of the service sends
429, with or without the header, and according to Adobe's troubleshooting guide a 500 can also be caused by
too many concurrent requests.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from provider_shim.client.errors import (
    FlowServiceError,
    ResponseLost,
    ServiceFailed,
    Throttled,
    Unreachable,
    VersionConflict,
)
from provider_shim.client.http import http_date

FIRST_DELAY = 0.5
"""Seconds before the first retry, without jitter. The delay doubles with each retry."""
MAX_DELAY = 30.0
"""Longest delay in seconds, unless the server asks for a longer one."""
MAX_RETRY_AFTER = 120.0
"""Longest `Retry-After` in seconds that is obeyed. A longer one ends the retries with an error, because a
retry before that time would fail."""

TRANSIENT_STATUSES = frozenset({500, 502, 503, 504})

T = TypeVar("T")


def should_retry(error: FlowServiceError, *, idempotent: bool, attempt: int, max_retries: int) -> bool:
    """Decide whether to retry after this error of attempt number `attempt` (the first is 0).

    Idempotent requests may be sent twice: reads, deletes, and patches, of which If-Match lets only one
    succeed. A create is not idempotent; it is retried only if the first request certainly had no effect.
    """
    if error.final or attempt >= max_retries or (error.retry_after or 0) > MAX_RETRY_AFTER:
        return False
    match error:
        case Throttled():
            return True
        case Unreachable():
            return error.transient
        case ResponseLost():
            return idempotent
        case ServiceFailed():
            return idempotent and error.status in TRANSIENT_STATUSES
    return False


def delay(attempt: int, *, retry_after: float | None, jitter: float) -> float:
    """Get the seconds to wait after attempt number `attempt`: `retry_after`, or exponential backoff with
    jitter.

    `jitter` is a number from 0 to 1; the delay is between half of the backoff and the whole of it.
    """
    if retry_after is not None:
        return retry_after
    full = min(MAX_DELAY, FIRST_DELAY * 2.0 ** min(attempt, 32))
    return full * (0.5 + jitter / 2)


def parse_retry_after(text: str | None, *, now: float) -> float | None:
    """Parse a `Retry-After` header, in seconds or as an HTTP date. Returns seconds, or None if it is neither.

    `now` is the server's time in seconds since 1970. A date in the past gives 0.
    """
    if text is None:
        return None
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text, re.ASCII):
        return float(text)
    moment = http_date.parse(text)
    return None if moment is None else max(0.0, moment - now)


@dataclass(frozen=True)
class Retry:
    """Runs attempts until one succeeds or `should_retry` returns False."""

    max_retries: int
    sleep: Callable[[float], Awaitable[object]]
    jitter: Callable[[], float]

    async def run(self, attempt: Callable[[], Awaitable[T]], *, idempotent: bool) -> T:
        """Return the result of the first successful attempt, or raise the error of the last one."""
        number = 0
        lost = False
        while True:
            try:
                return await attempt()
            except FlowServiceError as error:
                if isinstance(error, VersionConflict):
                    error.after_lost_response = lost
                if not should_retry(
                    error, idempotent=idempotent, attempt=number, max_retries=self.max_retries
                ):
                    error.final = True
                    raise
                lost = lost or isinstance(error, ResponseLost | ServiceFailed)
                wait = delay(number, retry_after=error.retry_after, jitter=self.jitter())
            await self.sleep(wait)
            number += 1
