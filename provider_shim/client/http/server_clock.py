"""The server's clock, as the `Date` headers of its responses show it.

Flow Service writes `createdAt` by its own clock. This machine's clock can differ by minutes, so the two are
compared only after the difference is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from provider_shim.client.http import http_date

_GRANULARITY = 1.0
"""Seconds between two values of a `Date` header."""


class ServerClock:
    """Estimates the server's time from this machine's clock and the responses so far.

    A `Date` header has whole seconds, rounded down, and is older than the moment at which it arrives. So each
    response gives a lower bound of the difference between the clocks, and the largest of them is used: the
    estimate is never later than the server's time, and at most one second and the time of the quickest
    response earlier. A response that contradicts the estimate replaces it, because one of the clocks was set
    in the meantime. If the server's clock is stopped, as the emulator's can be, the estimate is right when a
    response arrives and runs on until the next one.

    `now` returns this machine's time in seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._difference: float | None = None

    @property
    def known(self) -> bool:
        """Whether a response has shown the server's time."""
        return self._difference is not None

    def now(self) -> float:
        """Get the server's time in seconds since 1970, or this machine's time while nothing is known."""
        return self._now() + (self._difference or 0.0)

    def learn(self, headers: Mapping[str, str], *, sent: float) -> None:
        """Learn from the headers of a response that has just arrived.

        `sent` is this machine's time at which its request was sent. Nothing is learned from a response
        without a `Date`, or with an `Age`: a cache sends the date of the first such response.
        """
        date = http_date.parse(headers.get("date"))
        if date is None or "age" in headers:
            return
        least, most = date - self._now(), date + _GRANULARITY - sent
        if self._difference is None or not least <= self._difference < most:
            self._difference = least
