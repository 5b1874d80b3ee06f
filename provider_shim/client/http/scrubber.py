"""Removal of secrets from texts of a server, before they reach a message or a log.

What isn't found: parts of fewer than eight characters of a known secret (of a long one, fewer than
sixteen), a word of fewer than eight letters inside another word, and spellings
such as reversed, in base32 or one character at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from provider_shim.client.http.scrubbing import secret_values
from provider_shim.client.http.scrubbing.known_secrets import KnownSecrets
from provider_shim.client.http.scrubbing.reading import decoded, unescaped

MASK = "***"

MAX_LENGTH = 4096
"""Characters of a text that are looked at. No message is as long, and the time is limited by it."""

_MARGIN = 1024
"""Characters at the end of a longer text that are removed, because a secret may have been cut there."""


class Scrubber:
    """Replaces secrets in texts, in all spellings in which a server may return them.

    These are the secrets that it knows, long parts of them, and values that look like secrets by their form
    or by the name in front of them. The time for a text is limited, whatever the text and the secrets are.
    """

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        self._known = KnownSecrets()
        self.add(secrets)

    def add(self, secrets: Iterable[str | None]) -> None:
        """Add secrets, for the rest of the process: a later response can contain them too."""
        for secret in secrets:
            if secret:
                self._known.add(secret)

    def scrub(self, text: str) -> str:
        """Replace every secret in a text by `***`. A text of more than `MAX_LENGTH` characters is cut."""
        if len(text) <= MAX_LENGTH:
            return _masked(text, self._spans(text))
        end = MAX_LENGTH - _MARGIN
        spans = [(start, min(last, end)) for start, last in self._spans(text[:MAX_LENGTH]) if start < end]
        return f"{_masked(text[:end], spans)}..."

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return where the secrets are in a text, in any order."""
        spans: list[tuple[int, int]] = []
        for reading in unescaped(text):
            spans += secret_values.spans(reading)
            if self._known:
                spans += self._known.spans(reading)
                spans += self._known.spans(decoded(reading))
        return spans


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace parts of a text, and what is between two that touch or overlap, by one mask."""
    pieces: list[str] = []
    last = 0
    for start, end in sorted(spans):
        if start > last or not pieces:
            pieces += [text[last:start], MASK]
        last = max(last, end)
    return "".join([*pieces, text[last:]])


def secrets_in(body: Any) -> Iterator[str]:
    """Iterate over the strings below `auth.params` of a request body, and below `/auth` of a JSON Patch.

    Not all of them are secrets (an SFTP user name isn't one), but that depends on the destination.
    """
    match body:
        case {"path": str(pointer), "value": value} if pointer == "/auth" or pointer.startswith("/auth/"):
            yield from strings_in(value)
        case dict():
            for key, value in body.items():
                if key == "auth" and isinstance(value, dict):
                    yield from strings_in(value.get("params"))
                else:
                    yield from secrets_in(value)
        case list():
            for item in body:
                yield from secrets_in(item)


def strings_in(value: Any) -> Iterator[str]:
    """Iterate over all strings in a JSON value."""
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from strings_in(item)
        case list():
            for item in value:
                yield from strings_in(item)
