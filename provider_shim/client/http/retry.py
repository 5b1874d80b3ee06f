"""Whether a failed request is tried again, and after how long: policy as small pure functions.

Neither of Adobe's OpenAPI documents mentions 429 or `Retry-After`. The gateway in front of the service sends
429, with or without the header, and Adobe's troubleshooting guide says that a 500, too, can be a sign of too
many calls at once.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TypeVar

from provider_shim.client.errors import (
    FlowServiceError,
    ResponseLost,
    ServiceFailed,
    Throttled,
    Unreachable,
    VersionConflict,
)

FIRST_DELAY = 0.5
"""Seconds of the first pause, before jitter; each further one is twice as long."""
MAX_DELAY = 30.0
"""Seconds that no pause of our own exceeds."""
MAX_RETRY_AFTER = 120.0
"""Seconds of `Retry-After` that are obeyed. When more is asked for we stop and say so, instead of asking
again too early."""

TRANSIENT_STATUSES = frozenset({500, 502, 503, 504})

T = TypeVar("T")


def should_retry(error: FlowServiceError, *, idempotent: bool, attempt: int, max_retries: int) -> bool:
    """Whether to try again after this error of attempt number `attempt` (the first is 0).

    `idempotent` requests may arrive twice without harm: reads, deletes, and patches, whose If-Match lets only
    one of them through. A create may not: it is sent again only when it surely wasn't acted upon.
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
    """Seconds to wait after attempt number `attempt`: the server's word, else a growing, scattered time.

    `jitter` is a number from 0 to 1; the pause lies between half of the full time and the full time.
    """
    if retry_after is not None:
        return retry_after
    full = min(MAX_DELAY, FIRST_DELAY * 2.0 ** min(attempt, 32))
    return full * (0.5 + jitter / 2)


def parse_retry_after(text: str | None, *, now: float) -> float | None:
    """Seconds from a `Retry-After` header, which holds seconds or an HTTP date; None where it is neither.

    `now` is seconds since 1970. A date that has passed means 0.
    """
    if text is None:
        return None
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text, re.ASCII):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
        # "-0000" says "UTC, zone unknown", which Python reads as a time without a zone.
        moment = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return max(0.0, moment - now)


@dataclass(frozen=True)
class Retry:
    """Runs attempts by the policy above; the sleep and the source of jitter are given."""

    max_retries: int
    sleep: Callable[[float], Awaitable[object]]
    jitter: Callable[[], float]

    async def run(self, attempt: Callable[[], Awaitable[T]], *, idempotent: bool) -> T:
        """The result of the first attempt that succeeds; else the last attempt's error."""
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
